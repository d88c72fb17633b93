/** The recursion with surprises and colours to be published, against the stochastic program written out in full. */
import { expect, test } from "vitest";
import { solveExact } from "./exact.ts";
import { loadHighsSolver } from "./highs-solver.ts";
import { InvalidProblemError, type MpcProblem, type PriceBranch, type PriceBranches } from "./problem.ts";
import { randomProblem, uniform } from "./random-problem.ts";

const solveHighs = await loadHighsSolver();
const steps = 9;

/** Random prices from `step` on, of two or three colours; another publication follows where there is room. */
function randomColours(random: () => number, step: number, last: number): PriceBranches {
  const count = 2 + Math.floor(2 * random());
  const weights = Array.from({ length: count }, () => 0.1 + random());
  const sum = weights.reduce((a, b) => a + b);
  const branches = weights.map((weight): PriceBranch => {
    const next = step + 2 + Math.floor(3 * random());
    const after = next < last ? randomColours(random, next, Math.min(last, next)) : undefined;
    const length = (after?.step ?? steps) - step;
    const level = 0.1 + 0.6 * random();
    const price_eur_kwh = Float64Array.from({ length }, () => level + 0.1 * random());
    return { probability: weight / sum, price_eur_kwh, ...(after && { after }) };
  });
  return { step, branches };
}

/** The mean price of each step over all that may turn out. */
function expected({ step, branches }: PriceBranches, prices: Float64Array): Float64Array {
  const mean = Float64Array.from(prices);
  mean.fill(0, step);
  for (const { probability, price_eur_kwh, after } of branches) {
    const of = new Float64Array(steps);
    of.set(price_eur_kwh, step);
    const all = after ? expected(after, of) : of;
    for (let k = step; k < steps; k++) mean[k]! += probability * all[k]!;
  }
  return mean;
}

function randomStochasticProblem(seed: number): MpcProblem {
  const problem = randomProblem(seed, steps);
  const random = uniform(seed);
  const surprise_k = new Float64Array(steps);
  if (seed % 3 !== 0)
    for (let i = 0; i < 3; i++) surprise_k[1 + Math.floor((steps - 1) * random())] = 0.1 + random();
  if (seed % 3 === 1) return { ...problem, surprise_k };
  const colours = randomColours(random, 1 + Math.floor(3 * random()), 7);
  return {
    ...problem,
    surprise_k,
    colours,
    price_eur_kwh: expected(colours, Float64Array.from(problem.price_eur_kwh)),
  };
}

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

test("refuses what is no probability, no step and no size of a surprise, naming it", () => {
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
