import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leastSquares } from "./levenberg-marquardt.ts";
import { normals } from "./testing/twin.ts";

const vague = { mean: [0, 0], sd: [1e6, 1e6] };

describe("leastSquares", () => {
  test("of a straight line is the regression of the textbook, covariance included", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 5, maxLength: 40 }),
        (y) => {
          const n = y.length;
          const x = y.map((_, i) => i);
          const result = leastSquares({
            residuals: ([a, b], into) => {
              for (let i = 0; i < n; i++) into[i] = y[i] - a - b * x[i];
            },
            count: n,
            start: [1, 1],
            difference: [1e-3, 1e-3],
            leastSd: 1e-3,
            prior: vague,
          });
          const [mx, my] = [x.reduce((s, v) => s + v, 0) / n, y.reduce((s, v) => s + v, 0) / n];
          const sxx = x.reduce((s, v) => s + (v - mx) ** 2, 0);
          const slope = x.reduce((s, v, i) => s + (v - mx) * (y[i] - my), 0) / sxx;
          expect(result.converged).toBe(true);
          const off = (i: number, expected: number) =>
            Math.abs(result.parameters[i] - expected) / Math.sqrt(result.covariance.get(i, i));
          expect(off(1, slope)).toBeLessThan(0.02);
          expect(off(0, my - slope * mx)).toBeLessThan(0.02);
          expect(result.covariance.get(1, 1) / (result.variance / sxx)).toBeCloseTo(1, 3);
        },
      ),
    );
  });

  test("finds an exponential decay from far away, to within what the noise allows", () => {
    const normal = normals(5);
    const t = Array.from({ length: 200 }, (_, i) => i / 20);
    const y = t.map((time) => 8 * Math.exp(-0.7 * time) + 0.05 * normal());
    const { parameters, covariance, variance } = leastSquares({
      residuals: ([size, rate], into) => {
        for (const [i, time] of t.entries()) into[i] = y[i] - size * Math.exp(-rate * time);
      },
      count: t.length,
      start: [1, 3],
      difference: [1e-3, 1e-3],
      leastSd: 1e-6,
      prior: vague,
    });
    expect(Math.abs(parameters[0] - 8) / Math.sqrt(covariance.get(0, 0))).toBeLessThan(3);
    expect(Math.abs(parameters[1] - 0.7) / Math.sqrt(covariance.get(1, 1))).toBeLessThan(3);
    expect(Math.abs(Math.sqrt(variance) / 0.05 - 1)).toBeLessThan(0.15);
  });

  test("leaves at its prior what the residuals do not depend on, with the prior's variance", () => {
    const { parameters, covariance } = leastSquares({
      residuals: ([a], into) => {
        for (let i = 0; i < into.length; i++) into[i] = (i % 2) - a;
      },
      count: 100,
      start: [0, 0],
      difference: [1e-3, 1e-3],
      leastSd: 1e-3,
      prior: { mean: [0, 7], sd: [10, 0.5] },
    });
    expect(parameters[0]).toBeCloseTo(0.5, 3);
    expect(parameters[1]).toBeCloseTo(7, 5);
    expect(covariance.get(1, 1)).toBeCloseTo(0.25, 9);
  });

  test("refuses residuals that are not finite at the start", () => {
    const residuals = (_: Float64Array, into: Float64Array) => into.fill(Number.NaN);
    const problem = { residuals, count: 3, start: [0, 0], difference: [1, 1], leastSd: 1, prior: vague };
    expect(() => leastSquares(problem)).toThrow("the residuals at the start must be finite, got NaN");
  });
});
