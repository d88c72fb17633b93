import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { timeTicks } from "./time-axis.ts";

const home = "Europe/Paris";

function midnights(from: string, days: number): number[] {
  const first = Temporal.PlainDate.from(from);
  return Array.from(
    { length: days + 2 },
    (_, i) => first.add({ days: i }).toZonedDateTime(home).epochMilliseconds / 1000,
  );
}

function local(time_s: number): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(time_s * 1000)
    .toZonedDateTimeISO(home)
    .toPlainDateTime();
}

function texts(from: string, days: number, room: number): string[] {
  const days_s = midnights(from, days);
  const { times_s, text } = timeTicks(days_s, days_s[0], days_s[days], room);
  return times_s.map(text);
}

describe("ticks of the time axis", () => {
  test("are local hours on a day, with the date at midnight", () => {
    expect(texts("2026-02-01", 1, 10)).toEqual([
      ...["1 Feb", "03:00", "06:00", "09:00", "12:00"],
      ...["15:00", "18:00", "21:00", "2 Feb"],
    ]);
  });

  test("keep to the clock on the days that have 23 and 25 hours", () => {
    const spring = texts("2026-03-29", 1, 10);
    expect(spring).toEqual([
      "29 Mar",
      "03:00",
      "06:00",
      "09:00",
      "12:00",
      "15:00",
      "18:00",
      "21:00",
      "30 Mar",
    ]);
    const autumn = texts("2026-10-25", 1, 10);
    expect(autumn).toEqual([
      "25 Oct",
      "03:00",
      "06:00",
      "09:00",
      "12:00",
      "15:00",
      "18:00",
      "21:00",
      "26 Oct",
    ]);
    expect(texts("2026-03-29", 1, 30).filter((text) => text === "03:00")).toHaveLength(1);
  });

  test("become days, Mondays and months as more time is in sight", () => {
    expect(texts("2026-01-11", 4, 14).slice(0, 3)).toEqual(["11 Jan", "12:00", "12 Jan"]);
    expect(texts("2026-01-11", 10, 14).slice(0, 3)).toEqual(["11 Jan", "12 Jan", "13 Jan"]);
    expect(texts("2026-01-11", 30, 5)).toEqual(["12 Jan", "19 Jan", "26 Jan", "2 Feb", "9 Feb"]);
    expect(texts("2025-09-01", 365, 13).slice(0, 2)).toEqual(["Sept 2025", "Oct 2025"]);
    expect(texts("2025-09-01", 365, 6)).toHaveLength(5);
  });

  test("fit the room, ascend, lie in sight and at whole local hours, whatever is in sight", () => {
    const days_s = midnights("2026-01-01", 400);
    const start = fc.integer({ min: 0, max: 300 * 24 });
    const hours = fc.integer({ min: 1, max: 99 * 24 });
    fc.assert(
      fc.property(start, hours, fc.integer({ min: 4, max: 30 }), (start, hours, room) => {
        const min_s = days_s[0] + start * 3600;
        const max_s = min_s + hours * 3600;
        const { times_s } = timeTicks(days_s, min_s, max_s, room);
        expect(times_s.length).toBeLessThanOrEqual(room + 2);
        for (const [i, time_s] of times_s.entries()) {
          expect(time_s).toBeGreaterThanOrEqual(min_s);
          expect(time_s).toBeLessThanOrEqual(max_s);
          if (i > 0) expect(time_s).toBeGreaterThan(times_s[i - 1]);
          expect(local(time_s).minute + local(time_s).second).toBe(0);
        }
      }),
    );
  });
});
