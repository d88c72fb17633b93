import { expect, test } from "vitest";
import type { Plan } from "../controller.ts";
import { solveExact } from "../exact.ts";
import { SolverError, solveLp } from "../lp.ts";
import { InvalidProblemError, type MpcProblem } from "../problem.ts";
import { randomHouseProblem, randomProblem, withSurprises } from "../random-problem.ts";
import { type Scenario, scenarioTree } from "./scenario-tree.ts";
import { solveInteriorPoint } from "./solve.ts";

function expectSame(ours: number, theirs: number, name: string): void {
  const difference = Math.abs(ours - theirs) / Math.max(1, Math.abs(theirs));
  expect(difference, `${name}: ${ours} and ${theirs}`).toBeLessThan(1e-6);
}

test("finds the optimum of the recursion on 300 random homes of one state", () => {
  for (let seed = 0; seed < 300; seed++) {
    const problem = randomProblem(seed, 1 + ((seed * 37) % 96));
    const { objective_eur } = solveInteriorPoint(problem);
    expectSame(objective_eur, solveExact(problem).objective_eur, `seed ${seed}`);
  }
});

test("finds the optimum of the linear program on 40 random houses of several states", () => {
  for (let seed = 0; seed < 40; seed++) {
    const problem = randomHouseProblem(seed, 8 + ((seed * 37) % 40), 2 + (seed % 3));
    const plan = solveInteriorPoint(problem);
    expectSame(plan.objective_eur, solveLp(problem).objective_eur, `seed ${seed}`);
    expect(plan.valve.every((u) => u >= 0 && u <= 1)).toBe(true);
  }
});

test("starts from the last plan, shifted or not of this problem, to the same optimum", () => {
  for (let seed = 0; seed < 20; seed++) {
    const problem = randomHouseProblem(seed, 96, 3);
    const cold = solveInteriorPoint(problem);
    const shifted = solveInteriorPoint(problem, { start: cold.valve.subarray(1) });
    const foreign = solveInteriorPoint(problem, { start: cold.valve.map((u) => 1 - u) });
    expectSame(shifted.objective_eur, cold.objective_eur, `seed ${seed}, shifted`);
    expectSame(foreign.objective_eur, cold.objective_eur, `seed ${seed}, foreign`);
  }
});

test("needs no heater, no discomfort weights and no more than a step", () => {
  const problem = randomHouseProblem(1, 24, 3);
  const weightless = { ...problem, weights: { below_eur_kh: 0, above_eur_kh: 0 } };
  expect(solveInteriorPoint({ ...weightless, maxPower_w: 0 }).valve.every((u) => u === 0)).toBe(true);
  const single = randomHouseProblem(3, 1, 2);
  expectSame(solveInteriorPoint(single).objective_eur, solveLp(single).objective_eur, "one step");
});

const stepped: MpcProblem = withSurprises(randomHouseProblem(5, 96, 3, 900), 5);

test("a valve that stays for some steps costs little more than one for each", () => {
  const fine = { surprisesAt: [24, 72], publications: 1, stepsEach: () => 1 };
  const coarse = { ...fine, stepsEach: (branchings: number) => [1, 2, 4][Math.min(branchings, 2)]! };
  const [every, some] = [fine, coarse].map((options) => {
    const tree = scenarioTree(stepped, options);
    return { tree, plan: solveInteriorPoint(stepped, { tree }) };
  });
  expect(every!.tree.scenarios.length).toBe(some!.tree.scenarios.length);
  expect(Math.abs(some!.plan.valve[0]! - every!.plan.valve[0]!)).toBeLessThan(0.05);
});

test("keeps further from the floor of comfort where surprises are to be expected", () => {
  const problem: MpcProblem = {
    ...randomHouseProblem(8, 96, 2, 900),
    x_c: [20, 20],
    maxPower_w: 3000,
    price_eur_kwh: new Float64Array(96).fill(0.15),
    theta_e_c: new Float64Array(96).fill(5),
    phi_sol_w: new Float64Array(96),
    comfort: { min_c: 19, max_c: 28 },
    weights: { below_eur_kh: 10, above_eur_kh: 20 },
  };
  const surprise_k = new Float64Array(2 * 96);
  surprise_k.set([1, 0.5], 2 * 24);
  const expected_c = ({ theta_air_c }: Plan) => theta_air_c[23]!;
  const ready = solveInteriorPoint({ ...problem, surprise_k });
  expect(expected_c(ready)).toBeGreaterThan(expected_c(solveInteriorPoint(problem)) + 0.1);
});

test("refuses a field that makes no sense, naming it", () => {
  const problem = randomHouseProblem(1, 4, 2);
  expect(() => solveInteriorPoint({ ...problem, x_c: [20, Number.NaN] })).toThrow(InvalidProblemError);
  expect(() => solveInteriorPoint({ ...problem, x_c: [20, Number.NaN] })).toThrow("x_c[1]");
});

test("refuses scenarios that make no tree, naming them", () => {
  const problem = randomHouseProblem(1, 4, 2);
  const first: Scenario = { parent: -1, step: 0, probability: 1, price_eur_kwh: [0.2, 0.2] };
  const second: Scenario = { parent: 0, step: 2, probability: 1, price_eur_kwh: [0.2, 0.2] };
  const refusal = (...scenarios: Scenario[]) => {
    return () => solveInteriorPoint(problem, { tree: { scenarios } });
  };
  expect(refusal(first, second)).not.toThrow();
  expect(refusal()).toThrow("scenarios.length must be >= 1");
  expect(refusal(first)).toThrow("scenarios[0] must be followed by probabilities that sum to 1, got 0");
  expect(refusal(first, { ...second, parent: 1 })).toThrow("scenarios[1].parent must be 0 to 0");
  expect(refusal(first, { ...second, step: 1 })).toThrow("scenarios[1].step must be 2");
  expect(refusal(first, { ...second, price_eur_kwh: [0, 0, 0] })).toThrow(
    "scenarios[1].price_eur_kwh.length",
  );
  expect(refusal(first, { ...second, probability: 0 })).toThrow("scenarios[1].probability must be above 0");
  expect(refusal(first, { ...second, probability: 0.5 })).toThrow("sum to 1, got 0.5");
  expect(refusal(first, { ...second, surprise_k: [1] })).toThrow("scenarios[1].surprise_k.length must be 2");
  expect(refusal(first, { ...second, stepsEach: 0 })).toThrow("scenarios[1].stepsEach");
});

test("says when it does not converge", () => {
  const problem = randomHouseProblem(1, 24, 2);
  const endless = { ...problem, weights: { below_eur_kh: 1e200, above_eur_kh: 1e200 } };
  expect(() => solveInteriorPoint(endless)).toThrow(SolverError);
});
