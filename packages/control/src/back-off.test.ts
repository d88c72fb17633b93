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

test("keeps what a shortage cannot be mended in, and more of it the later heat is felt", () => {
  const flat = new Float64Array(day).fill(offPeak);
  const [quick, slow] = [backOff_k(house(false), spread_k, flat), backOff_k(house(true), spread_k, flat)];
  expect(quick[0]).toBeCloseTo(0.2, 9);
  expect(quick[95]).toBeCloseTo(0.2, 9);
  expect(slow[0]).toBeCloseTo(0.2, 9);
  expect(slow[95]).toBeGreaterThan(0.3);
});

test("keeps more where heat will be dear than where it is cheap, the more the farther ahead", () => {
  const margin_k = backOff_k(house(false), spread_k, redDay);
  expect(margin_k[20]).toBeCloseTo(0.2, 9);
  expect(margin_k[40]).toBeGreaterThan(margin_k[20]! + 0.2);
  expect(margin_k[90]).toBeGreaterThan(margin_k[40]!);
  // Once the dear hours have begun, nothing cheaper can be bought before them.
  expect(backOff_k(house(false), spread_k, redDay.subarray(32))[60]).toBeCloseTo(0.2, 9);
});

test("a small difference of prices is not worth a surplus, and free heat may be as certain as can be", () => {
  const blue = Float64Array.from({ length: day }, (_, k) => (k < 32 ? 0.15 : 0.151));
  expect(backOff_k(house(false), spread_k, blue)[90]).toBeCloseTo(0.2, 9);
  const negative = Float64Array.from({ length: day }, (_, k) => (k < 32 ? -0.01 : 0.2));
  expect(Math.max(...backOff_k(house(false), spread_k, negative))).toBeGreaterThan(1);
  expect(Math.max(...backOff_k(house(false), spread_k, negative))).toBeLessThan(3);
});

test("below the ceiling it keeps the same share of the spread at all leads", () => {
  expect([...ceilingBackOff_k(Float64Array.of(0.1, 0.5))]).toEqual([0.2, 1]);
});
