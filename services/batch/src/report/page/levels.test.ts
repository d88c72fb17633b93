import fc from "fast-check";
import { expect, test } from "vitest";
import { highest, lowest, means, stepsPerPoint } from "./levels.ts";

const columns = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 200 });
const counts = fc.integer({ min: 1, max: 96 });

test("points keep the mean of the whole, and lie between their lowest and highest", () => {
  fc.assert(
    fc.property(columns, counts, (values, count) => {
      const averages = means(values, count);
      const sizes = averages.map((_, i) => Math.min(count, values.length - i * count));
      const total = values.reduce((sum, value) => sum + value, 0);
      expect(averages.reduce((sum, mean, i) => sum + mean * sizes[i], 0)).toBeCloseTo(total, 8);
      const [low, high] = [lowest(values, count), highest(values, count)];
      for (const [i, mean] of averages.entries()) {
        expect(mean).toBeGreaterThanOrEqual(low[i] - 1e-12);
        expect(mean).toBeLessThanOrEqual(high[i] + 1e-12);
      }
      expect(Math.min(...low)).toBe(Math.min(...values));
      expect(Math.max(...high)).toBe(Math.max(...values));
    }),
  );
});

test("points are as wide as they need to be, or single steps", () => {
  const dt_s = fc.constantFrom(60, 300, 900, 1800, 3600);
  const length_s = fc.integer({ min: 3600, max: 366 * 86_400 });
  fc.assert(
    fc.property(dt_s, length_s, fc.integer({ min: 200, max: 3000 }), (dt_s, length_s, width) => {
      const count = stepsPerPoint(dt_s, length_s, width);
      const isLegible = (count: number) => (count * dt_s * width) / length_s >= 1.7 - 1e-9;
      expect(isLegible(count)).toBe(true);
      if (isLegible(1)) expect(count).toBe(1);
      expect(Number.isInteger(count)).toBe(true);
    }),
  );
});

test("a month of quarter hours on a desktop becomes points of 2 h, a day keeps its steps", () => {
  expect(stepsPerPoint(900, 30 * 86_400, 1000)).toBe(8);
  expect(stepsPerPoint(900, 86_400, 1000)).toBe(1);
});
