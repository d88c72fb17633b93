import fc from "fast-check";
import { expect, test } from "vitest";
import { admissible, publishedCalendar, type TempoCalendar } from "./calendar.ts";
import { season2022 } from "./fixtures/season-2022-2023.ts";
import { colourProbabilities } from "./probabilities.ts";
import type { TempoColour } from "./rate.ts";
import { seasonDays } from "./season.ts";

const empty: TempoCalendar = { source: "empty", colours: new Map() };
const days = seasonDays("2022-2023");

test("before the season, the quotas are spread over the days that may have them", () => {
  const openToRed = days.filter((day) => admissible(day, "red")).length;
  const openToWhite = days.filter((day) => admissible(day, "white")).length;
  expect([openToRed, openToWhite]).toEqual([107, 313]);
  const weekday = colourProbabilities("2022-12-07", empty);
  expect(weekday.red).toBeCloseTo(22 / 107, 12);
  expect(weekday.white).toBeCloseTo((1 - 22 / 107) * (43 / (313 - 22)), 12);
  const saturday = colourProbabilities("2022-12-10", empty);
  expect(saturday.red).toBe(0);
  expect(saturday.white).toBeCloseTo(43 / (313 - 22), 12);
  expect(colourProbabilities("2022-12-11", empty)).toEqual({ blue: 1, white: 0, red: 0 }); // a Sunday
});

test("a decided day has its colour for certain", () => {
  expect(colourProbabilities("2023-01-17", season2022)).toEqual({ blue: 0, white: 0, red: 1 });
});

test("once the red days are used up, none is expected", () => {
  const known = publishedCalendar(season2022, Date.parse("2023-03-02T12:00:00Z"));
  const friday = colourProbabilities("2023-03-10", known);
  expect(friday.red).toBe(0);
  expect(friday.white).toBeGreaterThan(0);
});

test("when as many red days are left as days that may be red, they are certain", () => {
  const colours = new Map<string, TempoColour>(days.map((day) => [day, "blue"]));
  const lastRed = days.filter((day) => admissible(day, "red")).slice(-22);
  for (const day of lastRed) colours.delete(day);
  expect(colourProbabilities(lastRed[3], { source: "test", colours })).toEqual({
    blue: 0,
    white: 0,
    red: 1,
  });
});

test("red days beyond the quota leave none, instead of fewer than none", () => {
  const colours = new Map<string, TempoColour>(days.slice(0, 200).map((day) => [day, "red"]));
  const { blue, white, red } = colourProbabilities("2023-03-24", { source: "test", colours });
  expect(red).toBe(0);
  expect(blue + white).toBeCloseTo(1, 12);
});

const partlyKnown = fc
  .array(fc.boolean(), { minLength: days.length, maxLength: days.length })
  .chain((known) => fc.integer({ min: 0, max: 365 }).map((until) => ({ known, until })))
  .map(({ known, until }) => ({
    source: "partly known",
    colours: new Map([...season2022.colours].filter(([day], i) => day < days[until] && known[i])),
  }));

test("probabilities sum to 1 and give no colour to a day that may not have it", () => {
  fc.assert(
    fc.property(partlyKnown, fc.constantFrom(...days), (known, day) => {
      const p = colourProbabilities(day, known);
      expect(p.blue + p.white + p.red).toBeCloseTo(1, 12);
      for (const colour of ["blue", "white", "red"] as const) {
        expect(p[colour]).toBeGreaterThanOrEqual(-1e-15);
        if (!admissible(day, colour)) expect(p[colour]).toBe(0);
      }
    }),
  );
});

test("over the undecided days they add up to the days left of each quota", () => {
  fc.assert(
    fc.property(partlyKnown, (known) => {
      const drawn = [...known.colours.values()];
      let red = 0;
      let white = 0;
      for (const day of days) {
        if (known.colours.has(day)) continue;
        const p = colourProbabilities(day, known);
        red += p.red;
        white += p.white;
      }
      expect(red).toBeCloseTo(22 - drawn.filter((colour) => colour === "red").length, 9);
      expect(white).toBeCloseTo(43 - drawn.filter((colour) => colour === "white").length, 9);
    }),
    { numRuns: 20 },
  );
});
