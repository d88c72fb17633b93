import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { admissible, publishedCalendar, type TempoCalendar } from "./calendar.ts";
import { dayNumber } from "./day.ts";
import { season2022 } from "./fixtures/season-2022-2023.ts";
import { tempoPrices } from "./prices.ts";
import type { TempoColour } from "./rate.ts";
import { seasonDays } from "./season.ts";
import { temperatureExpectation } from "./temperature-odds.ts";
import { tempoTariff } from "./tempo.ts";
import { tempoDay } from "./tempo-day.ts";

const days = seasonDays("2022-2023");
/** Coldest, 3 degrees, in mid-January; 21 in mid-July. */
const normal_c = (day: string) =>
  12 - 9 * Math.cos((2 * Math.PI * (dayNumber(day) - dayNumber("2023-01-15"))) / 365.25);
const asked = tempoDay("2023-01-16").startMs;

const partlyKnown = fc
  .array(fc.boolean(), { minLength: days.length, maxLength: days.length })
  .chain((known) => fc.integer({ min: 0, max: 365 }).map((until) => ({ known, until })))
  .map(
    ({ known, until }): TempoCalendar => ({
      source: "partly known",
      colours: new Map([...season2022.colours].filter(([day], i) => day < days[until] && known[i])),
    }),
  );
const forecasts = fc.dictionary(fc.constantFrom(...days), fc.double({ min: -40, max: 45, noNaN: true }), {
  maxKeys: 20,
});

function expectationOf(forecast: Readonly<Record<string, number>>, forecastError_k = 2) {
  return temperatureExpectation({ normal_c, forecastError_k, forecast_c: (day) => forecast[day] });
}

test("probabilities sum to 1 and give no colour to a day that may not have it", () => {
  fc.assert(
    fc.property(partlyKnown, forecasts, fc.constantFrom(...days), (known, forecast, day) => {
      const p = expectationOf(forecast)(day, known, asked);
      expect(p.blue + p.white + p.red).toBeCloseTo(1, 12);
      for (const colour of ["blue", "white", "red"] as const) {
        expect(p[colour]).toBeGreaterThanOrEqual(0);
        if (!admissible(day, colour)) expect(p[colour]).toBe(0);
      }
    }),
  );
});

test("over the undecided days they add up to the days left of each quota", () => {
  fc.assert(
    fc.property(partlyKnown, forecasts, (known, forecast) => {
      const drawn = [...known.colours.values()];
      const expectation = expectationOf(forecast);
      let red = 0;
      let white = 0;
      for (const day of days) {
        if (known.colours.has(day)) continue;
        const p = expectation(day, known, asked);
        red += p.red;
        white += p.white;
      }
      expect(red).toBeCloseTo(22 - drawn.filter((colour) => colour === "red").length, 4);
      expect(white).toBeCloseTo(43 - drawn.filter((colour) => colour === "white").length, 4);
    }),
    { numRuns: 20 },
  );
});

test("a warmer day is no likelier to be red, and no likelier to be dear", () => {
  const warming_k = fc.double({ min: 0, max: 30, noNaN: true });
  fc.assert(
    fc.property(partlyKnown, forecasts, fc.constantFrom(...days), warming_k, (known, forecast, day, k) => {
      const mean_c = forecast[day] ?? normal_c(day);
      const cold = expectationOf({ ...forecast, [day]: mean_c })(day, known, asked);
      const warm = expectationOf({ ...forecast, [day]: mean_c + k })(day, known, asked);
      expect(warm.red).toBeLessThan(cold.red + 1e-6);
      expect(warm.blue).toBeGreaterThan(cold.blue - 1e-6);
    }),
  );
});

test("of a Tuesday in January a cold one is likely red, a warm one blue", () => {
  const known = publishedCalendar(season2022, asked);
  const odds = (mean_c: number) => expectationOf({ "2023-01-17": mean_c })("2023-01-17", known, asked);
  expect(odds(-4).red).toBeGreaterThan(0.9);
  expect(odds(12).blue).toBeGreaterThan(0.9);
});

test("without a forecast the time of the year decides: of undecided days, January's are dearer than November's", () => {
  const nothing: TempoCalendar = { source: "nothing", colours: new Map() };
  const expectation = temperatureExpectation({ normal_c });
  const january = expectation("2023-01-17", nothing);
  const november = expectation("2022-11-08", nothing);
  expect(january.red).toBeGreaterThan(2 * november.red);
  expect(january.blue).toBeLessThan(november.blue);
});

describe("quotas are kept to the last day", () => {
  const mayBeRed = days.filter((day) => admissible(day, "red"));
  const cold = expectationOf({ [mayBeRed.at(-3)!]: -20, [mayBeRed.at(-1)!]: 25 });
  const calendar = (red: readonly string[], undecided: readonly string[]): TempoCalendar => {
    const colours = new Map<string, TempoColour>(days.map((day) => [day, "blue"]));
    for (const day of red) colours.set(day, "red");
    for (const day of undecided) colours.delete(day);
    return { source: "test", colours };
  };

  test("none left: however cold, no day is red", () => {
    const known = calendar(mayBeRed.slice(0, 22), mayBeRed.slice(-3));
    expect(cold(mayBeRed.at(-3)!, known, asked).red).toBe(0);
  });

  test("as many left as days that may be red: however warm, all are", () => {
    const known = calendar(mayBeRed.slice(0, 19), mayBeRed.slice(-3));
    for (const day of mayBeRed.slice(-3)) {
      expect(cold(day, known, asked)).toEqual({ blue: 0, white: 0, red: 1 });
    }
  });

  test("more left than days that may be red or white: all are one or the other", () => {
    const known = calendar(mayBeRed.slice(0, 20), mayBeRed.slice(-3));
    for (const day of mayBeRed.slice(-3)) expect(cold(day, known, asked).blue).toBe(0);
  });

  test("a decided day has its colour", () => {
    expect(cold("2023-01-17", season2022, asked)).toEqual({ blue: 0, white: 0, red: 1 });
  });
});

test("a tariff follows the forecast of the moment, also between two publications", () => {
  const { startMs, offPeakMs } = tempoDay("2023-01-17");
  const nextForecastMs = asked + 2 * 3_600_000;
  const tariff = tempoTariff({
    calendar: season2022,
    prices: [{ ...tempoPrices[0], from: "1970-01-01" }],
    expectation: temperatureExpectation({
      normal_c,
      forecast_c: (day, knownAtMs) =>
        day !== "2023-01-17" ? undefined : knownAtMs < nextForecastMs ? 12 : -4,
    }),
  });
  const priceAt = (knownAtMs: number) => tariff.rates(startMs, offPeakMs, knownAtMs)[0].price_eur_kwh;
  const oddsAt = (knownAtMs: number) =>
    tariff.priceTree!(knownAtMs, 900, 120, knownAtMs)!.branches.map(({ probability }) => probability);
  const warm = { price: priceAt(asked), odds: oddsAt(asked) };
  const cold = { price: priceAt(nextForecastMs), odds: oddsAt(nextForecastMs) };
  expect(cold.price).toBeGreaterThan(3 * warm.price);
  expect(cold.odds[2]).toBeGreaterThan(0.9);
  expect(warm.odds[0]).toBeGreaterThan(0.9);
  expect({ price: priceAt(asked), odds: oddsAt(asked) }).toEqual(warm);
});

test("numbers that make no sense are refused", () => {
  expect(() => temperatureExpectation({ normal_c, spread_k: 0 })).toThrow("spread_k must be > 0, got 0");
  expect(() => temperatureExpectation({ normal_c, forecastError_k: Number.NaN })).toThrow(
    "forecastError_k must be > 0, got NaN",
  );
  const broken = expectationOf({ "2023-01-17": Number.NaN });
  expect(() => broken("2023-01-17", publishedCalendar(season2022, asked), asked)).toThrow(
    "temperature of 2023-01-17 must be finite, got NaN",
  );
});
