import {
  type ComfortRequests,
  comfortRequestsSchema,
  isoTimeOf,
  type Schedule,
  weekdays,
} from "@azru/contracts";
import { homeDay, homeMinute } from "@azru/runtime";
import { weekday } from "@azru/tariff";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { comfortCourse, stepSetpoints_c } from "./course.ts";
import { defaultRequests, settled } from "./requests.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** Both nights on which clocks change, and a winter week. */
const weeks = ["2026-03-26T12:00Z", "2026-10-22T12:00Z", "2026-01-15T05:00Z"].map(Date.parse);

const preset = fc.constantFrom("eco" as const, "comfort" as const, "boost" as const);
const timeOfDay = fc
  .integer({ min: 0, max: 1439 })
  .map((m) => `${String(Math.floor(m / 60)).padStart(2, "0")}:${String(m % 60).padStart(2, "0")}`);
const entries = fc
  .uniqueArray(fc.record({ time: timeOfDay, preset }), { maxLength: 4, selector: ({ time }) => time })
  .map((list) => list.toSorted((a, b) => a.time.localeCompare(b.time)));
const schedule: fc.Arbitrary<Schedule> = fc
  .record(
    Object.fromEntries(weekdays.map((name) => [name, entries])) as Record<keyof Schedule, typeof entries>,
  )
  .filter((days) => Object.values(days).some((list) => list.length > 0));

const { settings } = defaultRequests({ comfort: { min_c: 19, max_c: 28 } }, 0);
const requestsAround = (startMs: number): fc.Arbitrary<ComfortRequests> => {
  const instant = fc.integer({ min: -72 * 60, max: 144 * 60 }).map((m) => startMs + m * minute);
  const span = fc
    .tuple(instant, fc.integer({ min: 1, max: 96 * 60 }))
    .map(([fromMs, minutes]) => [isoTimeOf(fromMs), isoTimeOf(fromMs + minutes * minute)] as const);
  const setpoint = fc.integer({ min: 10, max: 24 });
  return fc.record({
    settings: fc
      .record({ schedule, away_c: fc.option(setpoint) })
      .map((changes) => ({ ...settings, ...changes })),
    away_since: fc.option(instant.map(isoTimeOf)),
    temporary: fc.option(
      fc
        .record({ span, preset: fc.option(preset), setpoint_c: setpoint })
        .map(({ span: [since, until], ...request }) => ({
          ...request,
          since,
          until,
        })),
    ),
    vacation: fc.option(
      fc
        .record({ span, setpoint_c: setpoint })
        .map(({ span: [from, until], setpoint_c }) => ({ from, until, setpoint_c })),
    ),
    changed_at: fc.constant(isoTimeOf(startMs)),
  });
};
const cases = fc
  .constantFrom(...weeks)
  .chain((startMs) =>
    fc.tuple(fc.constant(startMs), requestsAround(startMs), fc.integer({ min: 1, max: 5 * 24 * 60 })),
  );

/**
 * Which request is in force at an instant, by the documentation: the preset of the schedule is the last whose
 * time clocks have shown, found by going back minute by minute.
 */
function requestAt(requests: ComfortRequests, timeMs: number) {
  const { temporary, vacation, away_since } = requests;
  const within = (from: string, until: string) => timeMs >= Date.parse(from) && timeMs < Date.parse(until);
  if (temporary && within(temporary.since, temporary.until)) {
    return { rule: "temporary", setpoint_c: temporary.setpoint_c };
  }
  if (vacation && within(vacation.from, vacation.until)) {
    return { rule: "vacation", setpoint_c: vacation.setpoint_c };
  }
  const returned =
    vacation &&
    timeMs >= Date.parse(vacation.until) &&
    Date.parse(away_since ?? "") < Date.parse(vacation.until);
  if (away_since && timeMs >= Date.parse(away_since) && !returned) {
    return { rule: "away", setpoint_c: requests.settings.away_c ?? requests.settings.presets_c.eco };
  }
  return {
    rule: "schedule",
    setpoint_c: requests.settings.presets_c[scheduled(requests.settings.schedule, timeMs)],
  };
}

function scheduled(plan: Schedule, timeMs: number) {
  let back = timeMs;
  let shown = "";
  for (;;) {
    const today = homeDay(back);
    const clock = homeMinute(back).slice(-5);
    if (today !== shown.slice(0, 10)) shown = `${today} ${clock}`;
    else if (clock > shown.slice(-5)) shown = `${today} ${clock}`;
    const before = homeMinute(back - minute);
    const since = before.slice(0, 10) === today ? before.slice(-5) : "";
    const list = plan[weekdays[(weekday(today) + 6) % 7]];
    const due = list.findLast(({ time }) => time <= clock && (since === "" || time > since));
    if (due && !cameBefore(today, due.time, back)) return due.preset;
    back -= minute;
  }
}

/** In autumn an hour comes twice; an entry begins when its time comes first. */
function cameBefore(today: string, time: string, atMs: number): boolean {
  return homeMinute(atMs - hour) === `${today} ${time}` && homeMinute(atMs) === `${today} ${time}`;
}

describe("the course of what is requested", () => {
  test("covers every instant once, in order, and neighbours differ", () => {
    fc.assert(
      fc.property(cases, ([startMs, requests, minutes]) => {
        const endMs = startMs + minutes * minute;
        const course = comfortCourse(requests, startMs, endMs);
        expect(course[0].startMs).toBe(startMs);
        expect(course.at(-1)?.endMs).toBe(endMs);
        course.forEach((stretch, i) => {
          expect(stretch.endMs).toBeGreaterThan(stretch.startMs);
          if (i === 0) return;
          const before = course[i - 1];
          expect(stretch.startMs).toBe(before.endMs);
          const { startMs: _s, endMs: _e, ...request } = stretch;
          expect(before).not.toMatchObject(request);
        });
      }),
    );
  });

  test("at each instant is the request of the rule that has the word there", () => {
    fc.assert(
      fc.property(
        cases,
        fc.double({ min: 0, max: 1, noNaN: true }),
        ([startMs, requests, minutes], share) => {
          expect(comfortRequestsSchema.safeParse(requests).success).toBe(true);
          const course = comfortCourse(requests, startMs, startMs + minutes * minute);
          const timeMs = startMs + Math.floor(share * minutes) * minute;
          const stretch = course.find(({ endMs }) => endMs > timeMs);
          expect(stretch ?? course.at(-1)).toMatchObject(
            requestAt(requests, Math.min(timeMs, startMs + (minutes - 1) * minute)),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  test("does not depend on where one begins to look, nor on what is over", () => {
    fc.assert(
      fc.property(cases, ([startMs, requests, minutes]) => {
        const laterMs = startMs + minutes * minute;
        const endMs = laterMs + day;
        const expected = comfortCourse(requests, startMs, endMs)
          .filter((stretch) => stretch.endMs > laterMs)
          .map((stretch) => ({ ...stretch, startMs: Math.max(laterMs, stretch.startMs) }));
        expect(comfortCourse(requests, laterMs, endMs)).toEqual(expected);
        expect(comfortCourse(settled(requests, laterMs), laterMs, endMs)).toEqual(expected);
      }),
    );
  });

  test("gives each step the highest setpoint within it", () => {
    fc.assert(
      fc.property(cases, ([startMs, requests]) => {
        const step_ms = 15 * minute;
        const setpoints = stepSetpoints_c(requests, startMs, step_ms, 96);
        const course = comfortCourse(requests, startMs, startMs + day);
        setpoints.forEach((setpoint_c, k) => {
          const fromMs = startMs + k * step_ms;
          const within = course.filter(
            (stretch) => stretch.startMs < fromMs + step_ms && stretch.endMs > fromMs,
          );
          expect(setpoint_c).toBe(Math.max(...within.map((stretch) => stretch.setpoint_c)));
        });
      }),
    );
  });
});

const nights = (time: string): Schedule =>
  Object.fromEntries(
    weekdays.map((name) => [
      name,
      [
        { time, preset: "eco" },
        { time: "06:30", preset: "comfort" },
      ],
    ]),
  ) as unknown as Schedule;

test.each([
  [
    "2026-03-29",
    "spring, at a time that exists",
    "01:30",
    "2026-03-29T00:30:00.000Z",
    "2026-03-29T04:30:00.000Z",
  ],
  [
    "2026-03-29",
    "spring, at a time that is skipped",
    "02:30",
    "2026-03-29T01:00:00.000Z",
    "2026-03-29T04:30:00.000Z",
  ],
  [
    "2026-10-25",
    "autumn, at a time that comes twice",
    "02:30",
    "2026-10-25T00:30:00.000Z",
    "2026-10-25T05:30:00.000Z",
  ],
])("on the night of %s the night begins once: %s", (date, _name, time, begin, end) => {
  const requests = {
    ...defaultRequests({ comfort: { min_c: 19, max_c: 28 } }, 0),
    settings: { ...settings, schedule: nights(time) },
  };
  const startMs = Date.parse(`${date}T00:00:00Z`);
  const course = comfortCourse(requests, startMs, startMs + 12 * hour);
  expect(course.map(({ startMs: fromMs, preset: name }) => [isoTimeOf(fromMs), name])).toEqual([
    [isoTimeOf(startMs), "comfort"],
    [begin, "eco"],
    [end, "comfort"],
  ]);
});

test("a home in which nobody requested anything keeps the building's comfort, without an end", () => {
  const requests = defaultRequests({ comfort: { min_c: 18.5, max_c: 28 } }, 0);
  const [startMs] = weeks;
  expect(comfortCourse(requests, startMs, startMs + 7 * day)).toEqual([
    { startMs, endMs: startMs + 7 * day, setpoint_c: 18.5, rule: "schedule", preset: "comfort" },
  ]);
});

test("who was away comes home with the end of the vacation", () => {
  const [startMs] = weeks;
  const requests = {
    ...defaultRequests({ comfort: { min_c: 19, max_c: 28 } }, 0),
    away_since: isoTimeOf(startMs),
    vacation: { from: isoTimeOf(startMs + hour), until: isoTimeOf(startMs + day), setpoint_c: 14 },
  };
  const rules = comfortCourse(requests, startMs, startMs + 2 * day).map(({ rule }) => rule);
  expect(rules).toEqual(["away", "vacation", "schedule"]);
  expect(settled(requests, startMs + day)).toMatchObject({ away_since: null, vacation: null });
});
