import { expect, test } from "vitest";
import type { Plan } from "../controller.ts";
import { solveExact } from "../exact.ts";
import { SolverError, solveLp } from "../lp.ts";
import { planOf } from "../plan.ts";
import { heatCost_eur, InvalidProblemError, type MpcProblem } from "../problem.ts";
import { randomHouseProblem, randomProblem, uniform, withDisturbances } from "../testing/random-problem.ts";
import { type Scenario, scenarioTree } from "./scenario-tree.ts";
import { createInteriorPoint, solveInteriorPoint } from "./solve.ts";

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

test("follows a home from step to step, each plan near the one before", () => {
  const problem = randomHouseProblem(4, 60, 3, 900);
  const solve = createInteriorPoint();
  for (let k = 0; k < 8; k++) {
    const ahead = {
      ...problem,
      price_eur_kwh: problem.price_eur_kwh.slice(k, k + 48),
      theta_e_c: problem.theta_e_c.slice(k, k + 48),
      phi_sol_w: problem.phi_sol_w.slice(k, k + 48),
      phi_int_w: problem.phi_int_w.slice(k, k + 48),
      cop: 1,
      comfort: { min_c: 19, max_c: 28 },
    };
    expectSame(solve(ahead).objective_eur, solveInteriorPoint(ahead).objective_eur, `step ${k}`);
  }
});

test("needs no heater, no discomfort weights and no more than a step", () => {
  const problem = randomHouseProblem(1, 24, 3);
  const weightless = { ...problem, weights: { below_eur_kh: 0, above_eur_kh: 0 } };
  expect(solveInteriorPoint({ ...weightless, maxPower_w: 0 }).valve.every((u) => u === 0)).toBe(true);
  const single = randomHouseProblem(3, 1, 2);
  expectSame(solveInteriorPoint(single).objective_eur, solveLp(single).objective_eur, "one step");
});

const stepped: MpcProblem = withDisturbances(randomHouseProblem(5, 96, 3, 900), 5);

test("a valve that stays for some steps costs little more than one for each", () => {
  const fine = { disturbancesAt: [24, 72], publications: 1, stepsEach: () => 1 };
  const coarse = { ...fine, stepsEach: (branchings: number) => [1, 2, 4][Math.min(branchings, 2)] };
  const [every, some] = [fine, coarse].map((options) => {
    const tree = scenarioTree(stepped, options);
    return { tree, plan: solveInteriorPoint(stepped, { tree }) };
  });
  expect(every.tree.scenarios.length).toBe(some.tree.scenarios.length);
  expect(Math.abs(some.plan.valve[0] - every.plan.valve[0])).toBeLessThan(0.05);
});

test("keeps further from the floor of comfort where disturbances are to be expected", () => {
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
  const expected_c = ({ theta_air_c }: Plan) => theta_air_c[23];
  const ready = solveInteriorPoint({ ...problem, surprise_k });
  expect(expected_c(ready)).toBeGreaterThan(expected_c(solveInteriorPoint(problem)) + 0.1);
});

test("moves the valve less where changes cost a little, for little more than before", () => {
  const movement = ({ valve }: Plan) =>
    valve.reduce((sum, u, k) => sum + Math.abs(u - (k === 0 ? 0.5 : valve[k - 1])), 0);
  let free = 0;
  let costly = 0;
  for (let seed = 0; seed < 20; seed++) {
    const problem = randomHouseProblem(seed, 96, 1 + (seed % 4));
    const full_eur = 1e-3;
    const least = solveInteriorPoint(problem);
    const smooth = solveInteriorPoint(problem, { changes: { full_eur, valve: 0.5 } });
    free += movement(least);
    costly += movement(smooth);
    const scale = Math.max(1, Math.abs(least.objective_eur));
    expect(smooth.objective_eur).toBeGreaterThan(least.objective_eur - 1e-6 * scale);
    expect(smooth.objective_eur).toBeLessThan(least.objective_eur + full_eur * 96);
  }
  expect(costly).toBeLessThan(0.9 * free);
});

test("no other plan does better where changes cost something", () => {
  const changes = { full_eur: 0.05, valve: 0.3 };
  const whole_eur = (problem: MpcProblem, valve: Float64Array) => {
    let sum = planOf(problem, valve).objective_eur;
    for (let k = 0; k < valve.length; k++) {
      sum += 0.05 * (valve[k] - (k === 0 ? 0.3 : valve[k - 1])) ** 2;
      sum += valve[k] * heatCost_eur(problem, k, 0); // what breaks ties
    }
    return sum;
  };
  for (let seed = 0; seed < 20; seed++) {
    const problem = { ...randomHouseProblem(seed, 24, 1 + (seed % 4)), maxPower_w: 5000 };
    const random = uniform(seed);
    const { valve } = solveInteriorPoint(problem, { changes });
    const least = whole_eur(problem, valve);
    for (const reach of [1, 0.1, 0.001]) {
      const other = valve.map((u) => Math.min(1, Math.max(0, u + reach * (2 * random() - 1))));
      expect(whole_eur(problem, other), `seed ${seed}`).toBeGreaterThan(least - 1e-7 * Math.max(1, least));
    }
  }
});

test("refuses a field that makes no sense, naming it", () => {
  const problem = randomHouseProblem(1, 4, 2);
  expect(() => solveInteriorPoint({ ...problem, x_c: [20, Number.NaN] })).toThrow(InvalidProblemError);
  expect(() => solveInteriorPoint({ ...problem, x_c: [20, Number.NaN] })).toThrow("x_c[1]");
  const changes = (full_eur: number, valve: number) => () =>
    solveInteriorPoint(problem, { changes: { full_eur, valve } });
  expect(changes(0, 0.5)).toThrow("changes.full_eur must be > 0, got 0");
  expect(changes(0.1, 2)).toThrow("changes.valve must be 0 to 1, got 2");
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
  expect(refusal(first, { ...second, disturbance_k: [1] })).toThrow(
    "scenarios[1].disturbance_k.length must be 2",
  );
  expect(refusal(first, { ...second, stepsEach: 0 })).toThrow("scenarios[1].stepsEach");
});

test("says when it does not converge", () => {
  const problem = randomHouseProblem(1, 24, 2);
  const endless = { ...problem, weights: { below_eur_kh: 1e200, above_eur_kh: 1e200 } };
  expect(() => solveInteriorPoint(endless)).toThrow(SolverError);
});
