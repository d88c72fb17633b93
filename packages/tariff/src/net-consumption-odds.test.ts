import { describe, expect, test } from "vitest";
import { admissible } from "./calendar.ts";
import { addDays } from "./day.ts";
import { netConsumptionExpectation } from "./net-consumption-odds.ts";
import { type ColourProbabilities, colourProbabilities } from "./probabilities.ts";
import { publishedSeasons } from "./published-seasons.ts";
import type { TempoColour } from "./rate.ts";
import { seasonDays } from "./season.ts";

const odds = netConsumptionExpectation();

function knownBefore(day: string) {
  return {
    source: "",
    colours: new Map([...publishedSeasons.colours].filter(([each]) => each < day && each >= "2014-09-01")),
  };
}

/** Mean Brier score over the three colours, November to March, each day asked for on its eve. */
function brier(season: string, method: typeof colourProbabilities): number {
  const days = seasonDays(season).filter((day) => day.slice(5) >= "11-01" || day.slice(5) <= "03-31");
  let sum = 0;
  for (const day of days) {
    const p = method(day, knownBefore(day));
    const colour = publishedSeasons.colours.get(day)!;
    for (const each of ["blue", "white", "red"] as const) sum += (p[each] - Number(each === colour)) ** 2;
  }
  return sum / days.length;
}

describe("odds by RTE's method", () => {
  test.each(["2017-2018", "2023-2024"])("err less than rules and quotas in %s", (season) => {
    expect(brier(season, odds)).toBeLessThan(0.7 * brier(season, colourProbabilities));
  });

  test("are probabilities, and keep the rules", () => {
    for (const season of ["2019-2020", "2024-2025"]) {
      const known = knownBefore(seasonDays(season)[0]);
      for (const day of seasonDays(season).filter((_, i) => i % 3 === 0)) {
        const p = odds(day, known);
        for (const colour of ["blue", "white", "red"] as const) {
          expect(p[colour]).toBeGreaterThanOrEqual(0);
          if (!admissible(day, colour)) expect(p[colour]).toBe(0);
        }
        expect(p.blue + p.white + p.red).toBeCloseTo(1, 12);
      }
    }
  });

  test("expect about as many red days of a season of which nothing is known as there are", () => {
    const nothing = { source: "", colours: new Map<string, TempoColour>() };
    const season = netConsumptionExpectation();
    const sum = (colour: TempoColour) =>
      seasonDays("2025-2026").reduce((total, day) => total + season(day, nothing)[colour], 0);
    expect(sum("red")).toBeGreaterThan(17);
    expect(sum("red")).toBeLessThanOrEqual(22.5);
    expect(sum("white")).toBeGreaterThan(36);
    expect(sum("white")).toBeLessThanOrEqual(45);
  });

  test("make a cold day dear and a mild one cheap", () => {
    const at = (temperature_c: number): ColourProbabilities =>
      netConsumptionExpectation({ temperature_c: () => temperature_c })(
        "2024-01-16",
        knownBefore("2024-01-16"),
        0,
      );
    expect(at(-4).red).toBeGreaterThan(0.9);
    expect(at(12).red).toBeLessThan(0.02);
    expect(at(12).blue).toBeGreaterThan(0.5);
  });

  test("rise where many red days are left late in the season", () => {
    const day = "2024-03-12";
    const known = knownBefore(day);
    const spared = { source: "", colours: new Map(known.colours) };
    for (let each = "2024-01-01"; each < "2024-02-15"; each = addDays(each, 1))
      spared.colours.set(each, "blue");
    expect(odds(day, spared).red).toBeGreaterThan(odds(day, known).red + 0.1);
  });

  test("hold red days for likely where all days left must be red", () => {
    const known = knownBefore("2017-03-29");
    expect(odds("2017-03-29", known).red).toBeGreaterThan(0.6);
  });

  test("refuse a temperature that is none", () => {
    expect(() => netConsumptionExpectation({ temperatureError_k: -1 })).toThrow(
      "temperatureError_k must be >= 0",
    );
    const broken = netConsumptionExpectation({ temperature_c: () => Number.NaN });
    expect(() => broken("2024-01-16", knownBefore("2024-01-16"), 0)).toThrow("temperature of 2024-01-16");
  });
});
