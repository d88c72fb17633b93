/** The recursion with disturbances and colours to be published, against the stochastic program written out in full. */
import { expect, test } from "vitest";
import { solveExact } from "./exact.ts";
import { InvalidProblemError, type MpcProblem } from "./problem.ts";
import { loadHighsSolver } from "./testing/highs-solver.ts";
import { randomProblem, withDisturbances } from "./testing/random-problem.ts";

const solveHighs = await loadHighsSolver();
const steps = 9;

const randomStochasticProblem = (seed: number) => withDisturbances(randomProblem(seed, steps), seed);

test("begins as the optimum of the stochastic program does, on 40 random problems", () => {
  for (let seed = 0; seed < 40; seed++) {
    const problem = randomStochasticProblem(seed);
    const first = problem.colours?.step ?? steps;
    const { valve } = solveExact(problem, 0);
    const best = solveHighs(problem).objective_eur;
    const ours = solveHighs(problem, valve.subarray(0, first)).objective_eur;
    expect(
      Math.abs(ours - best) / Math.max(1, Math.abs(best)),
      `seed ${seed}: ${ours} and ${best}`,
    ).toBeLessThan(1e-6);
  }
});

test("what it neglects to stay quick costs less than a thousandth", () => {
  for (let seed = 1; seed < 40; seed += 2) {
    const problem = randomStochasticProblem(seed);
    const first = problem.colours?.step ?? steps;
    const best = solveHighs(problem).objective_eur;
    const ours = solveHighs(problem, solveExact(problem).valve.subarray(0, first)).objective_eur;
    expect((ours - best) / Math.max(1, Math.abs(best)), `seed ${seed}: ${ours} and ${best}`).toBeLessThan(
      1e-3,
    );
  }
});

test("planning for the mean alone is never better, and dearer on some problems", () => {
  let dearer = 0;
  for (let seed = 0; seed < 30; seed++) {
    const problem = randomStochasticProblem(seed);
    const { surprise_k, colours, ...naive } = problem;
    const first = colours?.step ?? steps;
    const best = solveHighs(problem).objective_eur;
    const mean = solveHighs(problem, solveExact(naive).valve.subarray(0, first)).objective_eur;
    expect(mean, `seed ${seed}`).toBeGreaterThan(best - 1e-6 * Math.max(1, Math.abs(best)));
    if (mean > best + 1e-5) dearer++;
  }
  expect(dearer).toBeGreaterThan(1);
});

test("refuses what is no probability, no step and no size of a disturbance, naming it", () => {
  const problem = { ...randomProblem(1, 4) };
  const branch = (probability: number, length = 2) => ({
    probability,
    price_eur_kwh: new Float64Array(length).fill(0.2),
  });
  const refusal = (change: Partial<MpcProblem>) => () => solveExact({ ...problem, ...change });
  expect(refusal({ surprise_k: [0, 0, -1, 0] })).toThrow("surprise_k[2] must be >= 0, got -1");
  expect(refusal({ surprise_k: [0, 0] })).toThrow("surprise_k.length must be 4");
  expect(refusal({ colours: { step: 4, branches: [branch(1)] } })).toThrow("colours.step must be");
  expect(refusal({ colours: { step: 2, branches: [branch(0.5), branch(0.4)] } })).toThrow(
    "sum to 1, got 0.9",
  );
  expect(refusal({ colours: { step: 2, branches: [branch(1, 3)] } })).toThrow(
    "colours.branches[0].price_eur_kwh.length",
  );
  expect(refusal({ colours: { step: 2, branches: [branch(-1), branch(2)] } })).toThrow(InvalidProblemError);
});
