import fc from "fast-check";
import { expect, test } from "vitest";
import { frostLimit_c, heldLimitAt, type Limit, limitAt, safeValve, upperLimit_c } from "./safe-valve.ts";

const valve = fc.double({ min: 0, max: 1, noNaN: true });
const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });

test("opens below the frost limit, whatever was decided", () => {
  fc.assert(fc.property(valve, between(-60, 7.999), (u, theta) => safeValve(u, theta) === 1));
});

test("closes above the upper limit, whatever was decided", () => {
  fc.assert(fc.property(valve, between(30.001, 80), (u, theta) => safeValve(u, theta) === 0));
});

test("lets pass what was decided between the limits, and where no temperature is known", () => {
  fc.assert(fc.property(valve, between(8, 30), (u, theta) => safeValve(u, theta) === u));
  expect(safeValve(0.3, undefined)).toBe(0.3);
});

test("the limits themselves are still within", () => {
  expect([frostLimit_c, upperLimit_c].map(limitAt)).toEqual([undefined, undefined]);
  expect(limitAt(7.9)).toBe("frost");
  expect(limitAt(30.1)).toBe("upper");
});

test("refuses a position that no valve can take", () => {
  for (const bad of [Number.NaN, -0.01, 1.01, Number.POSITIVE_INFINITY]) {
    expect(() => safeValve(bad, 20)).toThrow(`valve must be within 0..1, got ${bad}`);
  }
});

test("a limit that was crossed holds until the air is half a degree within it: noise does not switch the heating", () => {
  const crossings = (theta_c: readonly number[]) => {
    let held: Limit | undefined;
    let times = 0;
    for (const theta of theta_c) {
      const limit = heldLimitAt(theta, held);
      if (limit !== held) times++;
      held = limit;
    }
    return times;
  };
  const noise = Array.from({ length: 100 }, (_, k) => (k % 2 ? 0.2 : -0.2));
  expect(crossings(noise.map((noise_k) => upperLimit_c + noise_k))).toBe(1);
  expect(crossings(noise.map((noise_k) => frostLimit_c + noise_k))).toBe(1);
  expect(crossings([30.1, 29.6, 29.5, 30.1])).toBe(3);
  expect(safeValve(0.7, 29.8, "upper")).toBe(0);
  expect(safeValve(0.7, 8.4, "frost")).toBe(1);
  expect(heldLimitAt(undefined, "frost")).toBeUndefined();
});
