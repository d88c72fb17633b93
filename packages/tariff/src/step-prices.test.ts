import fc from "fast-check";
import { expect, test } from "vitest";
import { peakOffPeakTariff } from "./peak-off-peak.ts";
import { stepPrices } from "./step-prices.ts";

const tariff = peakOffPeakTariff({ peak: 0.25, offPeak: 0.15 });

test("a step across a change of price has the mean weighted by time", () => {
  const startMs = Date.parse("2025-01-15T04:30Z"); // 05:30 in Paris
  const rates = tariff.rates(startMs, startMs + 3 * 2_400_000);
  expect([...stepPrices(rates, startMs, 2400, 3)]).toEqual([
    (0.15 * 1_800_000 + 0.25 * 600_000) / 2_400_000,
    0.25,
    0.25,
  ]);
});

test("a step longer than several rates has the mean of all", () => {
  const startMs = Date.parse("2025-01-15T05:00Z");
  const [price] = stepPrices(tariff.rates(startMs, startMs + 48 * 3_600_000), startMs, 48 * 3600, 1);
  expect(price).toBeCloseTo((16 * 0.25 + 8 * 0.15) / 24, 12);
});

test("the steps' prices weigh as much as the rates, for any start, step and clock change", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(2025, 2, 25), max: Date.UTC(2025, 10, 1) }),
      fc.integer({ min: 1, max: 20_000 }),
      fc.integer({ min: 1, max: 200 }),
      (startMs, dtSeconds, count) => {
        const endMs = startMs + dtSeconds * count * 1000;
        const rates = tariff.rates(startMs, endMs);
        const prices = stepPrices(rates, startMs, dtSeconds, count);
        const total = prices.reduce((sum, price) => sum + price * dtSeconds, 0);
        const expected = rates.reduce((sum, r) => sum + (r.price_eur_kwh * (r.endMs - r.startMs)) / 1000, 0);
        expect(Math.abs(total - expected)).toBeLessThan(1e-9 * expected);
        for (const price of prices) expect(price >= 0.15 - 1e-12 && price <= 0.25 + 1e-12).toBe(true);
      },
    ),
  );
});

test("rates that leave a step uncovered are refused, naming the instant", () => {
  const startMs = Date.parse("2025-01-15T05:00Z");
  const rates = tariff.rates(startMs, startMs + 3_600_000);
  expect(() => stepPrices(rates, startMs, 900, 5)).toThrow("rates do not cover 2025-01-15T06:00:00.000Z");
  expect(() => stepPrices(rates, startMs, 5000, 1)).toThrow("rates do not cover 2025-01-15T06:00:00.000Z");
  expect(() => stepPrices(rates, startMs - 1, 900, 1)).toThrow("rates do not cover 2025-01-15T04:59:59.999Z");
  expect(() => stepPrices(rates, startMs, 0, 1)).toThrow("dtSeconds must be > 0, got 0");
  expect(() => stepPrices(rates, startMs, 900, 1.5)).toThrow("count must be a whole number >= 0, got 1.5");
  expect(() => stepPrices(rates, Number.NaN, 900, 1)).toThrow("startMs must be finite, got NaN");
});
