import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { solveLp } from "./lp.ts";
import { planOf } from "./plan.ts";
import type { MpcProblem } from "./problem.ts";
import { type HighsAnswer, loadHighsSolver } from "./testing/highs-solver.ts";
import { randomProblem, uniform } from "./testing/random-problem.ts";

const problems = fc
  .record({ seed: fc.nat(), steps: fc.integer({ min: 1, max: 48 }) })
  .map(({ seed, steps }) => randomProblem(seed, steps));

describe("against HiGHS", () => {
  let solveHighs: (problem: MpcProblem) => HighsAnswer;
  beforeAll(async () => {
    solveHighs = await loadHighsSolver();
  });

  test("finds the same optimum on 200 random problems", () => {
    for (let seed = 0; seed < 200; seed++) {
      const problem = randomProblem(seed, 24 + ((seed * 37) % 73));
      const plan = solveLp(problem);
      const highs = solveHighs(problem);
      const tolerance = 1e-6 * Math.max(1, Math.abs(highs.objective_eur));
      expect(Math.abs(plan.objective_eur - highs.objective_eur), `seed ${seed}`).toBeLessThan(tolerance);
      const replayed = planOf(problem, highs.valve);
      expect(Math.abs(replayed.objective_eur - highs.objective_eur), `seed ${seed}`).toBeLessThan(tolerance);
    }
  });

  test("finds the same optimum over two days and at 5 min", () => {
    for (const [steps, dtSeconds] of [
      [192, 900],
      [288, 300],
    ] as const) {
      const problem = randomProblem(1, steps, dtSeconds);
      const { objective_eur } = solveHighs(problem);
      expect(solveLp(problem).objective_eur).toBeCloseTo(objective_eur, 6);
    }
  });
});

test("any problem has a plan with every valve within 0 and 1", () => {
  fc.assert(
    fc.property(problems, (problem) => {
      const plan = solveLp(problem);
      expect(plan.valve.every((u) => u >= 0 && u <= 1)).toBe(true);
      expect(Number.isFinite(plan.objective_eur)).toBe(true);
    }),
  );
});

test("no other plan does better", () => {
  fc.assert(
    fc.property(problems, fc.nat(), (problem, seed) => {
      const random = uniform(seed);
      const plan = solveLp(problem);
      const tolerance = 1e-6 * Math.max(1, Math.abs(plan.objective_eur));
      for (const reach of [1, 0.1, 0.001]) {
        const other = plan.valve.map((u) => Math.min(1, Math.max(0, u + reach * (2 * random() - 1))));
        expect(planOf(problem, other).objective_eur).toBeGreaterThan(plan.objective_eur - tolerance);
      }
    }),
  );
});

test("a higher price in a step never raises the heat of that step", () => {
  fc.assert(
    fc.property(problems, fc.nat(), fc.double({ min: 0.02, max: 1, noNaN: true }), (problem, at, rise) => {
      const k = at % problem.price_eur_kwh.length;
      const dearer = {
        ...problem,
        price_eur_kwh: Float64Array.from(problem.price_eur_kwh, (price, j) =>
          j === k ? price + rise : price,
        ),
      };
      expect(solveLp(dearer).valve[k]).toBeLessThan(solveLp(problem).valve[k] + 1e-4);
    }),
  );
});

test("a problem that went through JSON gives the same plan", () => {
  const problem = randomProblem(3, 48);
  const arrays = (_: string, value: unknown) => (value instanceof Float64Array ? [...value] : value);
  expect(solveLp(JSON.parse(JSON.stringify(problem, arrays)) as MpcProblem)).toEqual(solveLp(problem));
});
