import { expect, test } from "vitest";
import { peakOffPeakTariff } from "./peak-off-peak.ts";

test("peak from 06:00 to 22:00 in Paris, off-peak at night", () => {
  const rates = peakOffPeakTariff().rates(Date.parse("2025-01-15T00:00Z"), Date.parse("2025-01-16T00:00Z"));
  expect(rates).toEqual([
    {
      startMs: Date.parse("2025-01-15T00:00Z"),
      endMs: Date.parse("2025-01-15T05:00Z"),
      period: "offPeak",
      price_eur_kwh: 0.15,
    },
    {
      startMs: Date.parse("2025-01-15T05:00Z"),
      endMs: Date.parse("2025-01-15T21:00Z"),
      period: "peak",
      price_eur_kwh: 0.25,
    },
    {
      startMs: Date.parse("2025-01-15T21:00Z"),
      endMs: Date.parse("2025-01-16T00:00Z"),
      period: "offPeak",
      price_eur_kwh: 0.15,
    },
  ]);
});

test("prices are configurable, equal, zero and negative ones included", () => {
  const rates = peakOffPeakTariff({ peak: 0, offPeak: -0.01 }).rates(0, 86_400_000);
  expect(new Set(rates.map((rate) => rate.price_eur_kwh))).toEqual(new Set([0, -0.01]));
  expect(() => peakOffPeakTariff({ peak: Number.NaN, offPeak: 0.1 })).toThrow(
    "prices_eur_kwh.peak must be finite, got NaN",
  );
});

test("an interval that is none is refused", () => {
  const tariff = peakOffPeakTariff();
  expect(tariff.rates(1000, 1000)).toEqual([]);
  expect(() => tariff.rates(1000, 999)).toThrow("endMs must not be before startMs 1000, got 999");
  expect(() => tariff.rates(Number.NaN, 0)).toThrow("startMs must be finite, got NaN");
  expect(() => tariff.rates(0, Number.POSITIVE_INFINITY)).toThrow("endMs must be finite, got Infinity");
});
