import { isoTimeOf, type TariffState } from "@azru/contracts";
import { describe, expect, it } from "vitest";
import { createPrices } from "./prices.ts";

const midnightMs = Date.UTC(2026, 0, 11);
const hourMs = 3_600_000;

function tariffOf(...rates: readonly [fromHour: number, toHour: number, price: number][]): TariffState {
  const day = { date: "2026-01-11", peak_price: 0.7, off_peak_price: 0.15 };
  return {
    issued_at: isoTimeOf(midnightMs),
    tariff: "test",
    source: "test",
    today: day,
    tomorrow: day,
    rates: rates.map(([from, to, price]) => ({
      start: isoTimeOf(midnightMs + from * hourMs),
      end: isoTimeOf(midnightMs + to * hourMs),
      price,
      period: "peak",
    })),
  };
}

describe("the prices", () => {
  it("are unknown until they are announced", () => {
    expect(createPrices().over(midnightMs, 60)).toBeUndefined();
  });

  it("are those announced, weighed by time where a step has two", () => {
    const prices = createPrices();
    prices.update(tariffOf([0, 6, 0.15], [6, 22, 0.7], [22, 24, 0.15]));
    expect(prices.over(midnightMs, 60)).toBe(0.15);
    expect(prices.over(midnightMs + 6 * hourMs, 60)).toBe(0.7);
    expect(prices.over(midnightMs + 5.75 * hourMs, 3600)).toBeCloseTo(0.25 * 0.15 + 0.75 * 0.7, 12);
  });

  it("are unknown beyond what was announced, and beyond a gap in it", () => {
    const prices = createPrices();
    prices.update(tariffOf([0, 6, 0.15], [7, 22, 0.7]));
    expect(prices.over(midnightMs - 60_000, 60)).toBeUndefined();
    expect(prices.over(midnightMs + 6 * hourMs - 60_000, 60)).toBe(0.15);
    expect(prices.over(midnightMs + 6 * hourMs - 60_000, 120)).toBeUndefined();
    expect(prices.over(midnightMs + 8 * hourMs, 60)).toBeUndefined();
  });

  it("are the latest announced", () => {
    const prices = createPrices();
    prices.update(tariffOf([0, 24, 0.3]));
    prices.update(tariffOf([0, 24, 0.4]));
    expect(prices.over(midnightMs, 60)).toBe(0.4);
    prices.update(tariffOf());
    expect(prices.over(midnightMs, 60)).toBeUndefined();
  });
});
