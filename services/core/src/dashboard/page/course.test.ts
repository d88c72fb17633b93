import type { HistoryResponse, TariffState } from "@azru/contracts";
import { expect, test } from "vitest";
import { flatPlan } from "../../testing/plans.ts";
import { courseOf, ofDecidingRooms, pastCourseOf, spanAt } from "./course.ts";

const hour = 3_600_000;
const nowMs = Date.parse("2026-01-18T10:05:00Z");
const iso = (timeMs: number) => new Date(timeMs).toISOString();

function stored(
  every_s: number | null,
  ...columns: [field: string, points: [number, number | string][], tags?: Record<string, string>][]
): HistoryResponse {
  return {
    measurement: "sensors",
    start: iso(nowMs - 24 * hour),
    stop: iso(nowMs),
    every_s,
    columns: columns.map(([field, points, tags = {}]) => ({
      field,
      unit: "",
      tags,
      time: points.map(([timeMs]) => iso(timeMs)),
      value: points.map(([, value]) => value),
    })),
  };
}

const tariff: TariffState = {
  issued_at: iso(nowMs),
  tariff: "tempo",
  source: "test",
  today: { date: "2026-01-18", colour: "blue", peak_price: 0.16, off_peak_price: 0.13 },
  tomorrow: { date: "2026-01-19", colour: "red", peak_price: 0.7, off_peak_price: 0.16 },
  rates: [
    {
      start: "2026-01-18T05:00:00Z",
      end: "2026-01-18T21:00:00Z",
      price: 0.16,
      period: "peak",
      colour: "blue",
    },
    {
      start: "2026-01-18T21:00:00Z",
      end: "2026-01-19T21:00:00Z",
      price: 0.13,
      period: "off_peak",
      colour: "red",
    },
  ],
};

const nothing = stored(null);

test("lays the plan after the past, and neither over the other", () => {
  const past = {
    sensors: stored(600, [
      "temperature",
      [
        [nowMs - hour, 19],
        [nowMs - hour / 2, 20],
      ],
    ]),
    actuators: stored(
      null,
      ["valve_position", [[nowMs - 2 * hour, 10]], { source: "mpc" }],
      ["valve_position", [[nowMs - hour, 80]], { source: "manual" }],
    ),
    tariff: nothing,
    comfort: nothing,
  };
  const plan = flatPlan({ startMs: nowMs - 5 * 60_000, valve_position: 40, temperature_c: 21 });
  const course = courseOf(nowMs, past, { requested_at: iso(nowMs), plan }, tariff, 20.5, []);
  const at = (column: readonly unknown[], timeMs: number) => column[course.time_s.indexOf(timeMs / 1000)];

  expect(course.time_s).toEqual([...course.time_s].sort((a, b) => a - b));
  expect(course.time_s[0]).toBe(course.min_s);
  expect(course.time_s.at(-1)).toBe(course.max_s);
  // In the middle of the windows that were averaged, and now as it is.
  expect(at(course.measured_c, nowMs - hour + 300_000)).toBe(19);
  expect(at(course.measured_c, nowMs)).toBe(20.5);
  expect(course.time_s.filter((_, i) => typeof course.measured_c[i] === "number")).toHaveLength(3);
  // Commands of every source are one line, which ends now; there the planned one begins.
  expect(at(course.valve_percent, nowMs - 2 * hour)).toBe(10);
  expect(at(course.valve_percent, nowMs)).toBe(80);
  expect(at(course.plannedValve_percent, nowMs - hour)).toBeNull();
  expect(at(course.plannedValve_percent, nowMs)).toBe(40);
  const planned = course.time_s.filter((_, i) => typeof course.planned_c[i] === "number");
  expect(planned[0]).toBeGreaterThanOrEqual(nowMs / 1000);
  expect(planned).toHaveLength(96);
  // Every planned temperature is drawn, though other columns have nothing there.
  expect(course.planned_c.filter((value) => value === null)).toEqual([]);
});

test("breaks the measured line where nothing came for more than an hour", () => {
  const sensors = stored(600, [
    "temperature",
    [
      [nowMs - 5 * hour, 19],
      [nowMs - hour / 2, 20],
    ],
  ]);
  const past = { sensors, actuators: nothing, tariff: nothing, comfort: nothing };
  const { measured_c } = courseOf(nowMs, past, null, null, 20, []);
  expect(measured_c.filter((value) => value !== undefined)).toEqual([19, null, 20, 20]);
});

test("breaks a month's line, which is of means over three hours, where such a mean is missing only", () => {
  const startMs = nowMs - 24 * hour;
  const window = (i: number): [number, number] => [startMs + 3 * i * hour, 19 + i];
  const sensors = stored(10_800, ["temperature", [window(0), window(1), window(2), window(4)]]);
  const past = { sensors, actuators: nothing, tariff: nothing, comfort: nothing };
  const { measured_c } = pastCourseOf(past, { startMs, endMs: nowMs, nowMs });
  expect(measured_c.filter((value) => value !== undefined)).toEqual([19, 20, 21, null, 23]);
});

test("averages the rooms that measured at the same time", () => {
  const sensors = stored(
    600,
    ["temperature", [[nowMs - hour, 18]], { location: "bedroom" }],
    ["temperature", [[nowMs - hour, 20]], { location: "living-room" }],
  );
  const { measured_c } = courseOf(
    nowMs,
    { sensors, actuators: nothing, tariff: nothing, comfort: nothing },
    null,
    null,
    undefined,
    [],
  );
  expect(measured_c.filter((value) => value !== undefined)).toEqual([19]);
});

test("leaves out rooms that are shown only", () => {
  const sensors = stored(
    600,
    ["temperature", [[nowMs - hour, 3]], { location: "attic" }],
    ["temperature", [[nowMs - hour, 20]], { location: "living-room" }],
  );
  const room = (name: string, decides: boolean) => ({
    room: name,
    decides,
    time: "2026-01-18T12:00:00Z",
    age_s: 0,
    status: "fresh" as const,
    metrics: { temperature: 20 },
  });
  const { columns } = ofDecidingRooms(sensors, { rooms: [room("attic", false), room("living-room", true)] });
  expect(columns.map(({ tags }) => tags.location)).toEqual(["living-room"]);
});

test("colours yesterday as it was stored, today and tomorrow as the tariff has them", () => {
  const yesterday = Date.parse("2026-01-17T21:00:00Z");
  const past = {
    sensors: nothing,
    actuators: nothing,
    comfort: nothing,
    tariff: stored(
      null,
      [
        "price",
        [
          [yesterday, 0.15],
          [nowMs - hour, 0.16],
        ],
      ],
      [
        "period",
        [
          [yesterday, "off_peak"],
          [nowMs - hour, "peak"],
        ],
      ],
      [
        "colour",
        [
          [yesterday, "white"],
          [nowMs - hour, "blue"],
        ],
      ],
    ),
  };
  const { spans, time_s, price_eur_kwh } = courseOf(nowMs, past, null, tariff, 20, []);
  expect(spans.map(({ colour, isPeak }) => [colour, isPeak])).toEqual([
    ["white", false],
    ["blue", true],
    ["red", false],
  ]);
  for (const [i, span] of spans.slice(1).entries()) expect(span.start_s).toBe(spans[i].end_s);
  expect(spanAt(spans, nowMs / 1000)).toMatchObject({ colour: "blue" });
  expect(spanAt(spans, yesterday / 1000 - 1)).toBeUndefined();
  expect(price_eur_kwh[time_s.indexOf(yesterday / 1000)]).toBe(0.15);
  expect(price_eur_kwh[time_s.indexOf(nowMs / 1000)]).toBe(0.16);
  expect(price_eur_kwh[0]).toBeNull();
});

test("the setpoints of the past and of what is requested follow each other", () => {
  const minute = 60_000;
  const comfort = stored(null, [
    "min",
    [
      [nowMs - 30 * minute, 17],
      [nowMs - 15 * minute, 19],
    ],
  ]);
  const request = (start: number, end: number, setpoint_c: number) => ({
    start: iso(start),
    end: iso(end),
    setpoint_c,
    rule: "schedule" as const,
    preset: null,
  });
  const requests = [request(nowMs, nowMs + hour, 19), request(nowMs + hour, nowMs + 99 * hour, 21)];
  const past = { sensors: nothing, actuators: nothing, tariff: nothing, comfort };
  const { setpoints } = courseOf(nowMs, past, null, null, 20, requests);
  expect(setpoints.map(({ start_s, min_c }) => [start_s - nowMs / 1000, min_c])).toEqual([
    [-1800, 17],
    [-900, 19],
    [0, 19],
    [3600, 21],
  ]);
});

test("what events brought goes on where the past ends, and what it has already does not come twice", () => {
  const past = {
    sensors: stored(600, ["temperature", [[nowMs - hour, 19]]]),
    actuators: stored(null, ["valve_position", [[nowMs - hour, 80]]]),
    tariff: nothing,
    comfort: nothing,
  };
  const events = [
    { time_s: nowMs / 1000 - 3600, measured_c: 25, valve_percent: 10 },
    { time_s: nowMs / 1000 - 1800, measured_c: 20, valve_percent: 30 },
    { time_s: nowMs / 1000 - 900, measured_c: undefined, valve_percent: 0 },
  ];
  const { time_s, measured_c, valve_percent } = courseOf(nowMs, past, null, null, 20.5, [], events);
  const points = (column: readonly unknown[]) =>
    column.flatMap((value, i) => (typeof value === "number" ? [[time_s[i] - nowMs / 1000, value]] : []));
  expect(points(measured_c)).toEqual([
    [-3300, 19],
    [-1800, 20],
    [0, 20.5],
  ]);
  expect(points(valve_percent).filter(([at_s]) => at_s >= -1800)).toEqual([
    [-1800, 30],
    [-900, 0],
    [0, 0],
  ]);
});
