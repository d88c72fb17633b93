import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { publishedSeasons } from "../published-seasons.ts";
import { tempoDay } from "../tempo-day.ts";
import { tariffFrom } from "./tariff-spec.ts";

const cacheFolder = mkdtempSync(join(tmpdir(), "azru-tariff-"));
afterAll(() => rmSync(cacheFolder, { recursive: true }));
const nowMs = Date.parse("2026-11-27T12:00Z");
const winter = { startMs: tempoDay("2023-12-01").startMs, endMs: tempoDay("2023-12-11").startMs };
const load = (spec: string, more = {}) =>
  tariffFrom(spec, { cacheFolder, ...more }).load(winter.startMs, winter.endMs, nowMs);
const made = {
  allot: async () => ({
    calendar: { source: "made up", colours: new Map([["2023-12-01", "red" as const]]) },
  }),
};

describe("tariffs by name", () => {
  test("base and hphc", async () => {
    const { tariff } = await load("base:0.20");
    expect(tariff.rates(winter.startMs, winter.endMs).map((rate) => rate.price_eur_kwh)).toEqual([0.2]);
    const hours = await load("hphc:0.27/0,21:22:00-06:00,12:30-14:30");
    const day = hours.tariff.rates(Date.parse("2023-12-05T23:00Z"), Date.parse("2023-12-06T23:00Z"));
    expect(day.map(({ price_eur_kwh, period }) => [price_eur_kwh, period])).toEqual([
      [0.21, "offPeak"],
      [0.27, "peak"],
      [0.21, "offPeak"],
      [0.27, "peak"],
      [0.21, "offPeak"],
    ]);
    expect(new Date(day[2].startMs).toISOString()).toBe("2023-12-06T11:30:00.000Z");
  });

  test("tempo of a past winter has the colours that were, at any weather and without a network", async () => {
    for (const more of [{}, made]) {
      const { kind, tariff, calendar, notes } = await load("tempo", more);
      expect(kind).toBe("published");
      for (const day of ["2023-12-01", "2023-12-10"])
        expect(calendar!.colours.get(day)).toBe(publishedSeasons.colours.get(day));
      expect(tariff.name).toBe("Tempo (RTE, 2014-2015 to 2024-2025)");
      expect(notes.filter((note) => note.startsWith("Real colours with weather of other days"))).toHaveLength(
        more === made ? 1 : 0,
      );
    }
  });

  test("a season that is not shipped is allotted where the weather is not real, and any on demand", async () => {
    const later = tariffFrom("tempo", { cacheFolder, ...made });
    expect(
      (await later.load(tempoDay("2026-01-11").startMs, tempoDay("2026-01-12").startMs, nowMs)).source,
    ).toBe("made up");
    expect((await load("tempo:allotted", made)).kind).toBe("allotted");
    expect(() => tariffFrom("tempo:allotted", { cacheFolder })).toThrow(
      "needs a weather that is not of real days",
    );
  });

  test("prices can be given, and old ones are said to be old", async () => {
    const prices = [{ from: "2020-02-01", prices_eur_kwh: flat(0.5) }];
    const { tariff, warnings } = await load("tempo", { prices });
    expect(new Set(tariff.rates(winter.startMs, winter.endMs).map((rate) => rate.price_eur_kwh))).toEqual(
      new Set([0.5]),
    );
    expect(warnings).toEqual([expect.stringMatching(/^The youngest Tempo prices known are of 2020-02-01/)]);
  });

  test.each([
    ["gas", /^gas is unknown; possible: tempo, tempo:FILE/],
    ["peak:1", /is unknown/],
    ["base:", /^base:: "" is no price in EUR\/kWh/],
    ["base:20", /"20" is no price in EUR\/kWh, as in base:0.20/],
    ["hphc:0.2", /needs two prices, as in hphc:0.27\/0.21/],
    ["hphc:0.2/0.1:22-6", /off-peak hours must be HH:MM-HH:MM, got "22-6"/],
  ])("%s is refused with what is possible", (spec, says) => {
    expect(() => tariffFrom(spec, { cacheFolder })).toThrow(says);
  });
});

function flat(price: number) {
  const both = { peak: price, offPeak: price };
  return { blue: both, white: both, red: both };
}
