import { expect, test } from "vitest";
import { solveExact } from "./exact.ts";
import { solveLp } from "./lp.ts";
import { InvalidProblemError } from "./problem.ts";
import { randomProblem } from "./testing/random-problem.ts";

/** Expects the optimum of the linear program, to 1e-6 of it, on the random problem of a seed. */
function expectOptimum(seed: number, steps: number): void {
  const problem = randomProblem(seed, steps);
  const lp = solveLp(problem).objective_eur;
  const exact = solveExact(problem).objective_eur;
  const difference = Math.abs(exact - lp) / Math.max(1, Math.abs(lp));
  expect(difference, `seed ${seed}, ${steps} steps: ${exact} and ${lp}`).toBeLessThan(1e-6);
}

test("finds the linear program's optimum on 500 random problems", () => {
  for (let seed = 0; seed < 500; seed++) expectOptimum(seed, 1 + ((seed * 37) % 96));
});

test.skipIf(!process.env.AZRU_LONG_TESTS)(
  "finds the linear program's optimum on 10,000 random problems (AZRU_LONG_TESTS=1)",
  () => {
    for (let seed = 1000; seed < 11_000; seed++) expectOptimum(seed, 24 + ((seed * 37) % 73));
  },
  600_000,
);

test("needs no discomfort weights and no heater", () => {
  const problem = { ...randomProblem(1, 24), weights: { below_eur_kh: 0, above_eur_kh: 0 }, maxPower_w: 0 };
  expect(solveExact(problem).valve.every((u) => u === 0)).toBe(true);
});

test("refuses a step longer than the mass can follow, and whatever makes no sense", () => {
  const problem = randomProblem(1, 24);
  const endless = { ...problem, model: { ...problem.model, A: [-0.1] } };
  expect(() => solveExact(endless)).toThrow(InvalidProblemError);
  expect(() => solveExact(endless)).toThrow("model.A[0] must be > 0");
  expect(() => solveExact({ ...problem, x_c: [Number.NaN] })).toThrow("x_c[0]");
});
