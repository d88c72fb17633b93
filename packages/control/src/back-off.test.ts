import type { StateSpace } from "@azru/house";
import { expect, test } from "vitest";
import { backOff_k, ceilingBackOff_k } from "./back-off.ts";

/** A room whose heater warms a slow store first when `isSlow`: air, store. */
const house = (isSlow: boolean): StateSpace => ({
  dtSeconds: 900,
  A: [0.8, 0.19, 0.01, 0.989],
  b: isSlow ? [0, 1e-4] : [1e-3, 0],
  E: [0.01, 0, 0, 0.001, 0, 0],
  c: [1, 0],
  D: isSlow ? 1e-6 : 1e-3,
  F: [0, 0, 0],
});
const day = 96;
const spread_k = Float64Array.from({ length: day }, (_, k) => 0.1 + 0.4 * (1 - Math.exp(-k / 24)));
const offPeak = 0.15;
const redDay = Float64Array.from({ length: day }, (_, k) => (k < 32 ? offPeak : 0.7));

const steps = day;
const marginOf = (isSlow: boolean, price_eur_kwh: Float64Array, spare_w = 0) =>
  backOff_k({ model: house(isSlow), spread_k, price_eur_kwh, spare_w });
const flat = new Float64Array(steps).fill(offPeak);

test("keeps what cannot be mended: less the more power there is to spare, and the sooner heat is felt", () => {
  expect(marginOf(false, flat, 0)[95]).toBeGreaterThan(0.5);
  const [quick, slow] = [marginOf(false, flat, 2000), marginOf(true, flat, 2000)];
  expect(quick[0]).toBeCloseTo(0.2, 9); // two standard deviations of the step that follows, which nothing can mend
  expect(quick[95]).toBeCloseTo(0.2, 9);
  expect(slow[95]).toBeGreaterThan(quick[95] + 0.05);
  expect(marginOf(true, flat, 4000)[95]).toBeLessThan(slow[95]);
});

test("keeps more where heat will be dear than where it is cheap, the more the farther ahead", () => {
  const margin_k = marginOf(false, redDay, 2000);
  expect(margin_k[20]).toBeCloseTo(0.2, 9);
  expect(margin_k[40]).toBeGreaterThan(margin_k[20] + 0.2);
  expect(margin_k[90]).toBeGreaterThan(margin_k[40]);
  // From the first dear hour on, nothing cheaper can be bought before them.
  expect(marginOf(false, redDay.subarray(32), 2000)[60]).toBeCloseTo(0.2, 9);
});

test("does not buy certainty at any price: less is kept where warmth is dear and cheaper heat is near", () => {
  const untilNight = Float64Array.from({ length: steps }, (_, k) => (k < 4 ? 2 : offPeak));
  const dear = marginOf(true, untilNight, 2000);
  expect(dear[3]).toBeLessThan(marginOf(true, flat, 2000)[3] - 0.05);
});

test("a small difference of prices is not worth a surplus, and free heat may be as certain as can be", () => {
  const blue = Float64Array.from({ length: day }, (_, k) => (k < 32 ? 0.15 : 0.151));
  expect(marginOf(false, blue, 2000)[90]).toBeCloseTo(0.2, 9);
  const negative = Float64Array.from({ length: day }, (_, k) => (k < 32 ? -0.01 : 0.2));
  const most = Math.max(...marginOf(false, negative, 2000));
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThan(3);
});

test("below the ceiling it keeps the same share of the spread at all leads", () => {
  expect([...ceilingBackOff_k(Float64Array.of(0.1, 0.5))]).toEqual([0.2, 1]);
});
