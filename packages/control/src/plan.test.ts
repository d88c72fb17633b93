import fc from "fast-check";
import { expect, test } from "vitest";
import { comfortCeiling, drift, planOf, terminalValue } from "./plan.ts";
import { at } from "./problem.ts";
import { randomProblem, uniform } from "./testing/random-problem.ts";

test("a plan's temperatures follow the model's equations, and its sums are of its own arrays", () => {
  const problem = randomProblem(5, 48);
  const random = uniform(5);
  const plan = planOf(
    problem,
    Float64Array.from({ length: 48 }, () => random()),
  );
  const { A, b, E, c: row, D: dq, F, dtSeconds } = problem.model;
  const [a, bq, c] = [A[0], b[0], row[0]];
  const [bo, bs, bi] = E as [number, number, number];
  const [dO, ds, di] = F as [number, number, number];
  let cost_eur = 0;
  let below_kh = 0;
  for (let k = 0; k < 48; k++) {
    const mass = k === 0 ? problem.x_c[0] : plan.theta_m_c[k - 1];
    const [outdoor, sun, gains] = [problem.theta_e_c[k], problem.phi_sol_w[k], problem.phi_int_w[k]];
    const heat = plan.phi_HC_w[k];
    expect(plan.theta_m_c[k]).toBeCloseTo(a * mass + bq * heat + bo * outdoor + bs * sun + bi * gains, 9);
    expect(plan.theta_air_c[k]).toBeCloseTo(c * mass + dq * heat + dO * outdoor + ds * sun + di * gains, 9);
    cost_eur += ((heat / at(problem.cop, k)) * problem.price_eur_kwh[k] * dtSeconds) / 3.6e6;
    below_kh += (Math.max(0, at(problem.comfort.min_c, k) - plan.theta_air_c[k]) * dtSeconds) / 3600;
  }
  expect(plan.energyCost_eur).toBeCloseTo(cost_eur, 9);
  expect(plan.discomfortBelow_kh).toBeCloseTo(below_kh, 9);
});

test("the ceiling is the band's, unless needed heat and sun go beyond it", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const problem = randomProblem(seed, 24);
      const ceiling = comfortCeiling(problem, drift(problem));
      const { theta_air_c } = planOf(problem, new Float64Array(24));
      for (let k = 0; k < 24; k++) {
        const max = at(problem.comfort.max_c, k);
        expect(ceiling[k]).toBeGreaterThanOrEqual(max);
        if (theta_air_c[k] > max) expect(ceiling[k]).toBeGreaterThanOrEqual(theta_air_c[k] - 1e-9);
      }
    }),
  );
});

test("the ceiling rises by what a warm disturbance would add, and no further than to there", () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0, max: 2, noNaN: true }), (seed, sd_k) => {
      const problem = randomProblem(seed, 24);
      const [a, c] = [problem.model.A[0], problem.model.c[0]];
      const disturbed = {
        ...problem,
        surprise_k: Float64Array.from({ length: 24 }, (_, k) => (k === 8 ? sd_k : 0)),
      };
      const before = comfortCeiling(problem, drift(problem));
      const after = comfortCeiling(disturbed, drift(problem));
      for (let k = 0; k < 24; k++) {
        const warmer_k = k < 8 ? 0 : Math.sqrt(3) * c * sd_k * a ** (k - 8);
        expect(after[k]).toBeGreaterThanOrEqual(before[k]);
        expect(after[k]).toBeLessThanOrEqual(before[k] + warmer_k + 1e-9);
        if (before[k] > at(problem.comfort.max_c, k)) expect(after[k]).toBeCloseTo(before[k] + warmer_k, 9);
      }
    }),
  );
});

test("the terminal value follows its slopes and is zero at the first breakpoint", () => {
  const terminal = { breakpoints_c: [18, 20, 22], slopes_eur_k: [3, 2, 1, 0] };
  expect([17, 18, 19, 20, 21, 22, 30].map((theta) => terminalValue(terminal, theta))).toEqual([
    -3, 0, 2, 4, 5, 6, 6,
  ]);
});
