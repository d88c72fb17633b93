import fc from "fast-check";
import { expect, test } from "vitest";
import { lowest } from "./line-search.ts";

test("finds the bottom of a valley anywhere, the ends included", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -2, max: 12, noNaN: true }),
      fc.double({ min: 0.1, max: 100, noNaN: true }),
      (bottom, steepness) => {
        const { at, value } = lowest((x) => steepness * (x - bottom) ** 2, 0, 10);
        const expected = Math.min(10, Math.max(0, bottom));
        expect(Math.abs(at - expected)).toBeLessThan(2e-3);
        expect(value).toBeCloseTo(steepness * (at - bottom) ** 2, 9);
      },
    ),
  );
});

test("of two valleys takes the lower one", () => {
  const twoValleys = (x: number) => Math.min((x - 2) ** 2, (x - 8) ** 2 - 1);
  expect(lowest(twoValleys, 0, 10).at).toBeCloseTo(8, 2);
});
