import type { Rate } from "@azru/tariff";
import { expect, test } from "vitest";
import type { HomeRecord } from "./home-run.ts";
import { outcomeOf } from "./outcome.ts";

const rate = (colour: "red" | "blue", period: NonNullable<Rate["period"]>, price_eur_kwh: number): Rate => ({
  ...{ startMs: 0, endMs: 0, colour, period, price_eur_kwh },
});

test("counts what is paid, and cold by 5-minute values, from the first judged step on", () => {
  const record: HomeRecord = {
    steps: 4,
    valve: Float64Array.of(1, 1, 1, 0),
    power_w: Float64Array.of(9000, 4000, 2000, 0),
    air5_c: Float64Array.of(10, 10, 10, 18, 19, 20, 19, 25, 29, 20, 20, 20),
    op_c: Float64Array.of(10, 18, 20, 18.6),
    theta_e_c: new Float64Array(4),
    decision_ms: Float64Array.of(100, 3, 1, 2),
    measuredAir_c: new Float64Array(4),
    measuredOutdoor_c: new Float64Array(4),
  };
  const rates = [
    ...[rate("red", "peak", 1), rate("red", "peak", 0.6)],
    ...[rate("red", "offPeak", 0.1), rate("blue", "peak", 0.2)],
  ];
  const outcome = outcomeOf(record, 1, rates, () => 19);
  expect(outcome.energy_kwh).toBeCloseTo(1.5, 12);
  expect(outcome.cost_eur).toBeCloseTo(0.6 + 0.05, 12);
  expect(outcome.redPeak_kwh).toBeCloseTo(1, 12);
  expect(outcome.whitePeak_kwh).toBe(0);
  expect(outcome.airBelow_kh).toBeCloseTo(1 / 12, 12);
  expect(outcome.opBelow_kh).toBeCloseTo(1.4 / 4, 12);
  expect(outcome.airAbove24_kh).toBeCloseTo(6 / 12, 12);
  expect(outcome.airAbove28_kh).toBeCloseTo(1 / 12, 12);
  expect(outcome.coldest_c).toBe(18);
  expect([outcome.p50_ms, outcome.p95_ms]).toEqual([2, 3]);
});
