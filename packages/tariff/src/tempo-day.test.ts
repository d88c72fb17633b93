import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lastPublishedDay, tempoDay, tempoDayAt, tempoDayMeans, tempoDayOf } from "./tempo-day.ts";

const hourMs = 3_600_000;
const utc = (text: string) => Date.parse(`${text}Z`);
const parisClock = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Europe/Paris",
  dateStyle: "short",
  timeStyle: "short",
});
const anyInstant = fc.integer({ min: Date.UTC(1975, 0), max: Date.UTC(2099, 0) });

test("an ordinary day runs from 06:00 to 06:00 in Paris, 24 h", () => {
  expect(tempoDay("2025-01-15")).toEqual({
    day: "2025-01-15",
    startMs: utc("2025-01-15T05:00"),
    offPeakMs: utc("2025-01-15T21:00"),
    endMs: utc("2025-01-16T05:00"),
    publishedMs: utc("2025-01-14T10:00"),
  });
});

test("the day before the clocks go forward has 23 h, all of the loss off-peak", () => {
  const day = tempoDay("2025-03-29");
  expect(day.startMs).toBe(utc("2025-03-29T05:00"));
  expect(day.offPeakMs).toBe(utc("2025-03-29T21:00"));
  expect(day.endMs).toBe(utc("2025-03-30T04:00"));
  expect(day.endMs - day.startMs).toBe(23 * hourMs);
  expect(tempoDay("2025-03-30").publishedMs).toBe(utc("2025-03-29T10:00"));
  expect(tempoDay("2025-03-31").publishedMs).toBe(utc("2025-03-30T09:00"));
});

test("the day before the clocks go back has 25 h, all of the gain off-peak", () => {
  const day = tempoDay("2025-10-25");
  expect(day.startMs).toBe(utc("2025-10-25T04:00"));
  expect(day.offPeakMs).toBe(utc("2025-10-25T20:00"));
  expect(day.endMs).toBe(utc("2025-10-26T05:00"));
  expect(day.endMs - day.startMs).toBe(25 * hourMs);
});

test.each([
  ["2025-03-30T00:59:59", "2025-03-29"], // 01:59:59, a second before the clocks go forward
  ["2025-03-30T01:00", "2025-03-29"], // 03:00
  ["2025-03-30T03:59:59", "2025-03-29"],
  ["2025-03-30T04:00", "2025-03-30"],
  ["2025-10-26T00:30", "2025-10-25"], // 02:30, the first time
  ["2025-10-26T01:30", "2025-10-25"], // 02:30, the second time
  ["2025-10-26T04:59:59", "2025-10-25"],
  ["2025-10-26T05:00", "2025-10-26"],
  ["2025-12-31T23:00", "2025-12-31"], // midnight of the new year in Paris
])("%s UTC lies in %s", (instant, day) => {
  expect(tempoDayOf(utc(instant))).toBe(day);
});

test("every instant lies in one day; days follow each other and begin at 06:00 by the clock of Paris", () => {
  fc.assert(
    fc.property(anyInstant, (timeMs) => {
      const day = tempoDayAt(timeMs);
      expect(day.startMs <= timeMs && timeMs < day.endMs).toBe(true);
      expect(parisClock.format(day.startMs)).toBe(`${day.day} 06:00`);
      expect(parisClock.format(day.offPeakMs)).toBe(`${day.day} 22:00`);
      expect(tempoDayAt(day.endMs).startMs).toBe(day.endMs);
      expect(tempoDay(day.day)).toBe(day);
    }),
  );
});

test("a colour is known from 11:00 of the day before", () => {
  expect(lastPublishedDay(utc("2025-01-14T09:59:59"))).toBe("2025-01-14");
  expect(lastPublishedDay(utc("2025-01-14T10:00"))).toBe("2025-01-15");
  expect(lastPublishedDay(utc("2025-01-15T04:59"))).toBe("2025-01-15"); // 05:59, still the day of the 14th
  expect(lastPublishedDay(utc("2025-01-15T05:00"))).toBe("2025-01-15");
});

test("an instant that is no number is refused", () => {
  expect(() => tempoDayOf(Number.NaN)).toThrow("timeMs must be finite, got NaN");
  expect(() => tempoDay("2025-02-30")).toThrow('got "2025-02-30"');
});

describe("daily means", () => {
  test("cover whole Tempo days only, 23 and 25 h days included", () => {
    const startMs = utc("2025-03-28T00:00");
    const hours = Float64Array.from({ length: 72 }, (_, i) => i);
    const means = tempoDayMeans(startMs, 3600, hours);
    expect([...means.keys()]).toEqual(["2025-03-28", "2025-03-29"]);
    expect(means.get("2025-03-28")).toBeCloseTo((5 + 28) / 2, 12);
    expect(means.get("2025-03-29")).toBeCloseTo((29 + 51) / 2, 12);
  });

  test("share out an interval that a boundary cuts", () => {
    // Intervals of 10 h from 01:00 UTC: the day from 05:00 to 05:00 takes 6, 10 and 8 h of the first three.
    const means = tempoDayMeans(utc("2025-01-10T01:00"), 36_000, [1, 2, 4, 8]);
    expect([...means]).toEqual([["2025-01-10", (6 * 1 + 10 * 2 + 8 * 4) / 24]]);
  });

  test("of a constant are that constant, whatever the step and start", () => {
    fc.assert(
      fc.property(anyInstant, fc.integer({ min: 60, max: 90_000 }), (startMs, dtSeconds) => {
        const values = new Float64Array(Math.ceil((4 * 86_400) / dtSeconds)).fill(7);
        const means = tempoDayMeans(startMs, dtSeconds, values);
        expect(means.size).toBeGreaterThanOrEqual(2);
        for (const mean of means.values()) expect(mean).toBeCloseTo(7, 9);
      }),
    );
  });

  test("refuse a hole and a step of no length", () => {
    const startMs = utc("2025-01-10T05:00");
    expect(() => tempoDayMeans(startMs, 43_200, [1, Number.NaN])).toThrow(
      "values[1] must be finite, got NaN",
    );
    expect(() => tempoDayMeans(startMs, 0, [1])).toThrow("dtSeconds must be > 0, got 0");
  });
});
