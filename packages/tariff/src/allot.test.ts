import fc from "fast-check";
import { expect, test } from "vitest";
import { allotCalendar } from "./allot.ts";
import { admissible, validateCalendar } from "./calendar.ts";
import { addDays } from "./day.ts";
import { seasonDays } from "./season.ts";

/** Few distinct temperatures, so that ties are common. */
const temperature_c = fc.integer({ min: -10, max: 20 });
const seasonTemperatures = fc.integer({ min: 2000, max: 2040 }).chain((year) => {
  const days = seasonDays(`${year}-${year + 1}`);
  return fc
    .array(temperature_c, { minLength: days.length, maxLength: days.length })
    .map((values) => new Map(days.map((day, i) => [day, values[i]])));
});

function longestRedRun(colours: ReadonlyMap<string, string>): number {
  let longest = 0;
  let run = 0;
  for (const day of [...colours.keys()].sort()) {
    if (colours.get(day) !== "red") run = 0;
    else run = colours.get(addDays(day, -1)) === "red" ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

test("a whole season keeps all rules and quotas, whatever the weather", () => {
  fc.assert(
    fc.property(seasonTemperatures, (temperatures) => {
      const { colours } = allotCalendar(temperatures);
      expect(colours.size).toBe(temperatures.size);
      expect(validateCalendar({ source: "test", colours })).toEqual([]);
      expect(longestRedRun(colours)).toBeLessThanOrEqual(5);
    }),
    { numRuns: 40 },
  );
});

test("no day that could be dearer is colder than a day that is", () => {
  fc.assert(
    fc.property(seasonTemperatures, (temperatures) => {
      const { colours } = allotCalendar(temperatures);
      const warmest = (colour: string) =>
        Math.max(...[...temperatures].filter(([day]) => colours.get(day) === colour).map(([, t]) => t));
      for (const [day, temperature] of temperatures) {
        const colour = colours.get(day);
        if (colour !== "red" && admissible(day, "red")) {
          expect(temperature).toBeGreaterThanOrEqual(warmest("red"));
        }
        if (colour === "blue" && admissible(day, "white")) {
          expect(temperature).toBeGreaterThanOrEqual(warmest("white"));
        }
      }
    }),
    { numRuns: 20 },
  );
});

test("30 days of January get their share of the season's quotas", () => {
  const january = Array.from({ length: 30 }, (_, i) => addDays("2026-01-11", i));
  const { colours, source } = allotCalendar(new Map(january.map((day, i) => [day, i % 7])));
  const count = (colour: string) => [...colours.values()].filter((c) => c === colour).length;
  // 21 of the season's 104 days that may be red, 25 of the 313 that may be white.
  expect([count("red"), count("white"), colours.size]).toEqual([4, 3, 30]);
  expect(source).toContain("no real calendar");
});

test("equally cold days are taken from the earliest on", () => {
  const days = seasonDays("2025-2026");
  const { colours } = allotCalendar(new Map(days.map((day) => [day, 5])));
  const red = days.filter((day) => colours.get(day) === "red");
  expect(red).toEqual(days.filter((day) => admissible(day, "red")).slice(0, 22));
});

test("two seasons are allotted each for itself", () => {
  const days = [...seasonDays("2024-2025"), ...seasonDays("2025-2026")];
  const { colours } = allotCalendar(new Map(days.map((day, i) => [day, i < 365 ? 0 : 10])));
  expect(validateCalendar({ source: "test", colours })).toEqual([]);
});

test("a temperature that is none and a key that is no date are refused", () => {
  expect(() => allotCalendar(new Map([["2026-01-11", Number.NaN]]))).toThrow(
    "dailyMeanTemperature_c of 2026-01-11 must be finite, got NaN",
  );
  expect(() => allotCalendar(new Map([["11/01/2026", 3]]))).toThrow('got "11/01/2026"');
});
