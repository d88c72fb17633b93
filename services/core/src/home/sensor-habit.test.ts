/** Thermometers as they are sold, in a room that is heated on and off. */
import { randomLcg, randomNormal } from "d3-random";
import { describe, expect, test } from "vitest";
import type { Reading } from "./reading.ts";
import { createRooms } from "./rooms.ts";
import { knownHabit, noHabit, type SensorHabit } from "./sensor-habit.ts";
import type { ExpectedAir } from "./trust.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const startMs = Date.UTC(2026, 0, 15);

/** The air of a room that cools by night and is heated by day, with the ripple of a thermostat. */
function air_c(timeMs: number): number {
  const hours = (timeMs - startMs) / hour;
  const daily = 1.3 * Math.sin(((hours - 10) / 12) * Math.PI);
  return 19.8 + daily + 0.25 * Math.sin((hours / 2.6) * 2 * Math.PI);
}

const rounded = (value: number, step: number) => Number((Math.round(value / step) * step).toFixed(2));

interface Sensor {
  readonly name: string;
  /** What it would say, having said `before`, so long ago; undefined: nothing. */
  says(now_c: number, before: number | undefined, silent_ms: number): number | undefined;
}

const random = randomLcg(0.7);
const noise_k = randomNormal.source(random)(0, 0.05);
const periodic = (every_ms: number, step: number): Sensor["says"] => {
  let due_ms = every_ms;
  return (now_c, before, silent_ms) => {
    if (before !== undefined && silent_ms < due_ms) return undefined;
    if (every_ms >= minute) due_ms = every_ms * (0.98 + 0.04 * random()); // no clock is exact
    return rounded(now_c + noise_k(), step);
  };
};
const onChange =
  (threshold_k: number, step: number, checkIn_ms = Number.POSITIVE_INFINITY): Sensor["says"] =>
  (now_c, before, silent_ms) => {
    const isChanged = before === undefined || Math.abs(now_c - before) >= threshold_k;
    return isChanged || silent_ms >= checkIn_ms ? rounded(now_c, step) : undefined;
  };

const halfKelvin: Sensor = { name: "0.5 K on change", says: onChange(0.5, 0.01) };
const withCheckIn: Sensor = { name: "0.5 K on change, hourly at least", says: onChange(0.5, 0.5, hour) };
const hourly: Sensor = { name: "hourly", says: periodic(hour, 0.1) };
const oneKelvin: Sensor = { name: "1 K on change", says: onChange(1, 1) };
const coarse: Sensor = { name: "1 K every 10 minutes", says: periodic(10 * minute, 1) };
const fahrenheit: Sensor = {
  name: "1 °F every 5 minutes",
  says(now_c, before, silent_ms) {
    if (before !== undefined && silent_ms < 5 * minute) return undefined;
    return Number((((Math.round(now_c * 1.8 + 32) - 32) * 5) / 9).toFixed(2));
  },
};
const chatty: Sensor = { name: "0.1 K every 10 s", says: periodic(10 * second, 0.1) };

/** What a sensor reports in so many hours. */
function reportsOf({ says }: Sensor, hours: number, air = air_c): Reading[] {
  const readings: Reading[] = [];
  for (let timeMs = startMs; timeMs < startMs + hours * hour; timeMs += 10 * second) {
    const last = readings.at(-1);
    const temperature = says(air(timeMs), last?.metrics.temperature, timeMs - (last?.timeMs ?? timeMs));
    if (temperature !== undefined) readings.push({ room: "a", timeMs, metrics: { temperature } });
  }
  return readings;
}

function roomsOf(
  habits?: Record<string, SensorHabit>,
  expectedIn?: (room: string) => ExpectedAir | undefined,
) {
  return createRooms({
    staleAfter_ms: 30 * minute,
    frozenAfter_ms: 12 * hour,
    heatingLift_k: 4,
    deciding: ["a"],
    mostRooms: 4,
    forgetAfter_ms: 72 * hour,
    log: { warn: () => undefined },
    habits,
    ...(expectedIn && { expectedIn }),
  });
}

/** Share of the quarters of an hour that the room counts in, from an hour on, where the model expects what is. */
function countedShare(sensor: Sensor, hours: number, fromHour: number, air = air_c) {
  let nowMs = startMs;
  const rooms = roomsOf(undefined, () => ({ air_c: air(nowMs), spread_k: 0.2 }));
  const readings = reportsOf(sensor, hours, air);
  let [counted, all] = [0, 0];
  for (; nowMs < startMs + hours * hour; nowMs += 15 * minute) {
    while (readings.length > 0 && readings[0].timeMs <= nowMs) rooms.accept(readings.shift()!, nowMs);
    if (nowMs < startMs + fromHour * hour) continue;
    all++;
    if (rooms.zone(nowMs)) counted++;
  }
  return { share: counted / all, rooms, nowMs };
}

describe("what reports show of a sensor", () => {
  test.each([
    [halfKelvin, { kind: "on_change", threshold_k: 0.5 }],
    [withCheckIn, { kind: "on_change", resolution_k: 0.5, threshold_k: 0.5, checkIn_ms: hour }],
    [hourly, { kind: "periodic", resolution_k: 0.1, interval_ms: hour }],
    [oneKelvin, { kind: "on_change", resolution_k: 1, threshold_k: 1 }],
    [coarse, { kind: "periodic", resolution_k: 1, interval_ms: 10 * minute }],
    [fahrenheit, { kind: "periodic", resolution_k: 5 / 9, interval_ms: 5 * minute }],
    [chatty, { kind: "periodic", resolution_k: 0.1, interval_ms: 10 * second }],
  ])("of $name", (sensor, shown) => {
    const { rooms } = countedShare(sensor, sensor === chatty ? 12 : 72, 11);
    const known = knownHabit(rooms.habits.a)!;
    for (const [name, value] of Object.entries(shown)) {
      const found = known[name as keyof typeof known];
      if (typeof value === "string") expect(found).toBe(value);
      else expect(Math.abs((found as number) / value - 1), name).toBeLessThan(0.15);
    }
  });

  test("is nothing before there are five reports, and bounded after thousands", () => {
    expect(knownHabit(noHabit)).toBeUndefined();
    const { rooms } = countedShare(chatty, 12, 11);
    expect(rooms.habits.a.reports.length).toBe(48);
    expect(rooms.habits.a.values.length).toBeLessThanOrEqual(48);
  });

  test("the three messages of one report are one report", () => {
    const rooms = roomsOf();
    for (const { timeMs, ...rest } of reportsOf(oneKelvin, 120))
      for (const later_ms of [0, 50, 100])
        rooms.accept({ ...rest, timeMs: timeMs + later_ms }, timeMs + later_ms);
    expect(knownHabit(rooms.habits.a)).toMatchObject({ kind: "on_change", threshold_k: 1 });
  });
});

describe("a working sensor counts", () => {
  test.each([halfKelvin, withCheckIn, hourly, oneKelvin, coarse, fahrenheit, chatty])(
    "in every quarter of an hour after three days: $name",
    (sensor) => {
      const days = sensor === chatty ? 1 : 5;
      expect(countedShare(sensor, 24 * days, 0.6 * 24 * days).share).toBe(1);
    },
  );

  test("though it says the same for a day and a half, where its steps are coarse and the room is steady", () => {
    const steady = (timeMs: number) => (timeMs < startMs + 48 * hour ? air_c(timeMs) : 20.1);
    expect(countedShare(coarse, 84, 48, steady).share).toBe(1);
  });

  test("from the first reading after a restart on", () => {
    const { rooms } = countedShare(hourly, 72, 71);
    const again = roomsOf(JSON.parse(JSON.stringify(rooms.habits)));
    again.accept({ room: "a", timeMs: startMs, metrics: { temperature: 20 } }, startMs);
    expect(again.zone(startMs + 100 * minute)?.theta_air_c).toBe(20);
    expect(roomsOf().zone(startMs + 100 * minute)).toBeUndefined();
  });
});

test("a stop of the core is no interval between readings, and no time that a value lasted", () => {
  const { rooms, nowMs } = countedShare(coarse, 72, 71);
  const { reports, values } = rooms.habits.a;
  const again = roomsOf(rooms.habits);
  const said = (timeMs: number, temperature: number) => ({ room: "a", timeMs, metrics: { temperature } });
  again.restore(said(nowMs, 20));
  const startedMs = nowMs + 5 * hour;
  again.accept(said(startedMs, 20), startedMs);
  expect(again.habits.a).toEqual({ reports, values });
  again.accept(said(startedMs + 10 * minute, 21), startedMs + 10 * minute);
  expect(again.habits.a.reports.at(-1)).toEqual({ after_ms: 10 * minute, isSame: false });
  expect(again.habits.a.values).toEqual(values);
  again.accept(said(startedMs + 30 * minute, 20), startedMs + 30 * minute);
  expect(again.habits.a.values.at(-1)).toEqual({ temperature_c: 20, after_ms: 20 * minute });
});

describe("a sensor that is dead", () => {
  /** Hours after its last report until it no longer counts; the air then goes away from there. */
  function hoursUntilStale(sensor: Sensor, drift_k_h: number) {
    const dies = startMs + 72 * hour;
    const readings = reportsOf(sensor, 72);
    let nowMs = startMs;
    const drift_k = () => (drift_k_h * Math.max(0, nowMs - dies)) / hour;
    const rooms = roomsOf(undefined, () => ({
      air_c: air_c(Math.min(nowMs, dies)) + drift_k(),
      spread_k: 0.2,
    }));
    for (const reading of readings) {
      nowMs = reading.timeMs;
      rooms.accept(reading, nowMs);
    }
    const lastMs = nowMs;
    while (rooms.zone(nowMs) && nowMs < lastMs + 48 * hour) nowMs += 15 * minute;
    return { hours: (nowMs - lastMs) / hour, reason: rooms.states(nowMs)[0].reason };
  }

  test.each([
    [chatty, 0.5, 0.75],
    [hourly, 2, 3],
    [withCheckIn, 2, 3],
    [oneKelvin, 24, 25.5],
  ])("%o is stale after %f to %f hours, though the model agrees", (sensor, least_h, most_h) => {
    const { hours } = hoursUntilStale(sensor, 0);
    expect(hours).toBeGreaterThan(least_h);
    expect(hours).toBeLessThanOrEqual(most_h);
  });

  test("is stale as soon as the house cannot be where it was, by the model", () => {
    const { hours, reason } = hoursUntilStale(oneKelvin, -0.5);
    expect(hours).toBeLessThan(6);
    expect(reason).toMatch(
      /^It has said nothing for .*, and reports changes of 1\.0 K; by the model of the house/,
    );
  });
});

test("a coarse sensor that says the same while the house moves by more than its steps is frozen", () => {
  const { rooms, nowMs } = countedShare(coarse, 72, 71);
  let expected_c = 20;
  const again = roomsOf(rooms.habits, () => ({ air_c: expected_c, spread_k: 0.2 }));
  for (let timeMs = nowMs; timeMs <= nowMs + 30 * hour; timeMs += 10 * minute)
    again.accept({ room: "a", timeMs, metrics: { temperature: 20 } }, timeMs);
  expect(again.states(nowMs + 30 * hour)[0].status).toBe("fresh");
  expected_c = 18.4;
  expect(again.states(nowMs + 30 * hour)[0].status).toBe("frozen");
});
