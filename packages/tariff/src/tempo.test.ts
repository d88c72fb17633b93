import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { publishedCalendar } from "./calendar.ts";
import { season2022 } from "./fixtures/season-2022-2023.ts";
import { pricesAt, tempoPrices } from "./prices.ts";
import { colourProbabilities } from "./probabilities.ts";
import { tempoTariff } from "./tempo.ts";
import { tempoDay, tempoDayAt } from "./tempo-day.ts";

const prices = [
  { ...tempoPrices[0], from: "1970-01-01" },
  ...tempoPrices.filter(({ from }) => from >= "2023-08-01"),
];
const tariff = tempoTariff({ calendar: season2022, prices });
const { blue, white, red } = pricesAt("2023-01-01", prices).prices_eur_kwh;

const anyInstant = fc.integer({ min: Date.UTC(2022, 6), max: Date.UTC(2023, 10) });
/** Instants within four days of a change of the clocks. */
const nearClockChange = fc
  .tuple(
    fc.constantFrom(Date.UTC(2022, 9, 30, 1), Date.UTC(2023, 2, 26, 1), Date.UTC(2023, 9, 29, 1)),
    fc.integer({ min: -4 * 86_400_000, max: 4 * 86_400_000 }),
  )
  .map(([changeMs, offsetMs]) => changeMs + offsetMs);

test("the night after a red day is red until 06:00", () => {
  // 10 February was red, 11 February (a Saturday) white.
  const rates = tariff.rates(tempoDay("2023-02-10").startMs, tempoDay("2023-02-11").offPeakMs);
  expect(rates).toEqual([
    {
      startMs: Date.parse("2023-02-10T05:00Z"),
      endMs: Date.parse("2023-02-10T21:00Z"),
      period: "peak",
      price_eur_kwh: red.peak,
      colour: "red",
    },
    {
      startMs: Date.parse("2023-02-10T21:00Z"),
      endMs: Date.parse("2023-02-11T05:00Z"),
      period: "offPeak",
      price_eur_kwh: red.offPeak,
      colour: "red",
    },
    {
      startMs: Date.parse("2023-02-11T05:00Z"),
      endMs: Date.parse("2023-02-11T21:00Z"),
      period: "peak",
      price_eur_kwh: white.peak,
      colour: "white",
    },
  ]);
});

test("rates cover any interval in order, without gap or overlap, with the price of their colour and period", () => {
  fc.assert(
    fc.property(
      fc.oneof(anyInstant, nearClockChange),
      fc.integer({ min: 1, max: 4 * 86_400_000 }),
      (startMs, lengthMs) => {
        const endMs = startMs + lengthMs;
        const rates = tariff.rates(startMs, endMs);
        expect(rates[0].startMs).toBe(startMs);
        expect(rates.at(-1)!.endMs).toBe(endMs);
        rates.forEach((rate, i) => {
          expect(rate.startMs).toBeLessThan(rate.endMs);
          if (i > 0) expect(rate.startMs).toBe(rates[i - 1].endMs);
          const day = tempoDayAt(rate.startMs);
          expect(rate.endMs).toBeLessThanOrEqual(rate.period === "peak" ? day.offPeakMs : day.endMs);
          expect(rate.period).toBe(rate.startMs < day.offPeakMs ? "peak" : "offPeak");
          const colour = season2022.colours.get(day.day);
          expect(rate.colour).toBe(colour ?? "unknown");
          if (colour !== undefined) {
            expect(rate.price_eur_kwh).toBe(pricesAt(day.day, prices).prices_eur_kwh[colour][rate.period!]);
          }
        });
      },
    ),
  );
});

describe("undecided colours", () => {
  test("tomorrow is unknown until 11:00 and then has its colour", () => {
    const tomorrow = tempoDay("2023-01-17"); // a Tuesday, red
    const ask = (knownAt: string) => tariff.rates(tomorrow.startMs, tomorrow.endMs, Date.parse(knownAt));
    expect(ask("2023-01-16T09:59:59Z").map((rate) => rate.colour)).toEqual(["unknown", "unknown"]);
    expect(ask("2023-01-16T10:00:00Z").map((rate) => rate.colour)).toEqual(["red", "red"]);
    expect(ask("2023-01-16T09:59:59Z").map((rate) => rate.colour)).toEqual(["unknown", "unknown"]);
  });

  test("the price is the mean of the colours' prices by their probabilities", () => {
    const knownAtMs = Date.parse("2023-01-16T08:00:00Z");
    const p = colourProbabilities("2023-01-17", publishedCalendar(season2022, knownAtMs));
    const { startMs, endMs } = tempoDay("2023-01-17");
    const [peak, offPeak] = tariff.rates(startMs, endMs, knownAtMs);
    expect(p.red).toBeGreaterThan(0.2);
    expect(peak.price_eur_kwh).toBeCloseTo(p.blue * blue.peak + p.white * white.peak + p.red * red.peak, 12);
    expect(offPeak.price_eur_kwh).toBeCloseTo(
      p.blue * blue.offPeak + p.white * white.offPeak + p.red * red.offPeak,
      12,
    );
  });

  test("what is published later makes no difference", () => {
    fc.assert(
      fc.property(anyInstant, fc.integer({ min: -86_400_000, max: 3 * 86_400_000 }), (knownAtMs, aheadMs) => {
        const startMs = knownAtMs + aheadMs;
        const endMs = startMs + 86_400_000;
        const ignorant = tempoTariff({ calendar: publishedCalendar(season2022, knownAtMs), prices });
        expect(tariff.rates(startMs, endMs, knownAtMs)).toEqual(ignorant.rates(startMs, endMs));
      }),
    );
  });

  test("even an empty calendar has a price, from quotas and rules alone", () => {
    const guess = tempoTariff({ calendar: { source: "nothing known", colours: new Map() }, prices });
    const sunday = tempoDay("2023-01-15");
    const [peak] = guess.rates(sunday.startMs, sunday.endMs);
    expect(peak).toMatchObject({ colour: "unknown", price_eur_kwh: blue.peak });
  });

  test("another expectation may be used, if its probabilities sum to 1", () => {
    const { startMs, offPeakMs } = tempoDay("2024-01-17");
    const pessimist = tempoTariff({
      calendar: season2022,
      prices,
      expectation: () => ({ blue: 0, white: 0.5, red: 0.5 }),
    });
    const { white, red } = pricesAt("2024-01-17", prices).prices_eur_kwh;
    expect(pessimist.rates(startMs, offPeakMs)[0].price_eur_kwh).toBeCloseTo((white.peak + red.peak) / 2, 12);
    const wrong = tempoTariff({
      calendar: season2022,
      prices,
      expectation: () => ({ blue: 0.5, white: 0.5, red: 0.5 }),
    });
    expect(() => wrong.rates(startMs, offPeakMs)).toThrow(
      'expectation for 2024-01-17 must be probabilities that sum to 1, got {"blue":0.5,"white":0.5,"red":0.5}',
    );
  });
});

test("malformed prices are refused, naming field and value", () => {
  const table = tempoPrices[0];
  const broken = {
    ...table,
    prices_eur_kwh: { ...table.prices_eur_kwh, red: { peak: Number.NaN, offPeak: 0.1 } },
  };
  expect(() => tempoTariff({ calendar: season2022, prices: [table, broken] })).toThrow(
    /^prices\.1\.prices_eur_kwh\.red\.peak: .*NaN/,
  );
  expect(() => tempoTariff({ calendar: season2022, prices: [{ ...table, from: "August" }] })).toThrow(
    /^prices\.0\.from: .*"August"/,
  );
  expect(() => tempoTariff({ calendar: season2022, prices: [] })).toThrow(/^prices: .*got \[\]/);
});
