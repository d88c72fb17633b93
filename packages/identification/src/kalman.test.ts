import { affineStep, airTemperature_c, createZone, emissionSystems, prototypeHome } from "@azru/physics";
import { expect, test } from "vitest";
import { correct, type FilterNoise, innovate, predict } from "./kalman.ts";
import { normals } from "./testing/twin.ts";

const model = affineStep(createZone(prototypeHome), emissionSystems.floorHeating, 900);
const noise: FilterNoise = { sensor_k: 0.2, mass_k_sqrth: 0.1, gains_w: 150, gainsLast_h: 12 };

/** A filter beside a truth that moves as the filter assumes; squared errors over variances, means of runs. */
function normalisedErrors(runs: number, steps: number) {
  const normal = normals(3);
  const f = Math.exp(-0.25 / noise.gainsLast_h);
  let [mass, gains, innovations] = [0, 0, 0];
  for (let run = 0; run < runs; run++) {
    const truth = { m: 20 + 2 * normal(), u: noise.gains_w * normal() };
    const state = { theta_m_c: 20, phi_u_w: 0, mm_k2: 4, mu_kw: 0, uu_w2: noise.gains_w ** 2 };
    const innovation = { value_k: 0, variance_k2: 0 };
    for (let k = 0; k < steps; k++) {
      const forces = { phi_HC_w: k % 8 < 3 ? 4500 : 0, theta_e_c: 3, phi_sol_w: 200, phi_int_w: 100 };
      const { phi_HC_w, theta_e_c, phi_sol_w, phi_int_w } = forces;
      const measured =
        airTemperature_c(model, truth.m, phi_HC_w, theta_e_c, phi_sol_w, phi_int_w + truth.u) +
        noise.sensor_k * normal();
      innovate(state, model, forces, measured, noise, innovation);
      innovations += innovation.value_k ** 2 / innovation.variance_k2 / steps;
      correct(state, model, innovation);
      predict(state, model, forces, noise);
      truth.m =
        model.a * truth.m +
        model.bq * phi_HC_w +
        model.bo * theta_e_c +
        model.bs * phi_sol_w +
        model.bi * (phi_int_w + truth.u) +
        noise.mass_k_sqrth * Math.sqrt(0.25) * normal();
      truth.u = f * truth.u + Math.sqrt(1 - f * f) * noise.gains_w * normal();
    }
    mass += (truth.m - state.theta_m_c) ** 2 / state.mm_k2;
    gains += (truth.u - state.phi_u_w) ** 2 / state.uu_w2;
  }
  return { mass: mass / runs, gains: gains / runs, innovations: innovations / runs };
}

// With 400 runs the mean of a squared standard normal is within 1 +- 0.2 in all but 1 of 200 cases.
test.each([2, 20, 150])("its covariance is how wrong it is, after %i steps", (steps) => {
  const errors = normalisedErrors(400, steps);
  expect(Math.abs(errors.mass - 1)).toBeLessThan(0.2);
  expect(Math.abs(errors.gains - 1)).toBeLessThan(0.2);
  expect(Math.abs(errors.innovations - 1)).toBeLessThan(0.2);
});

test("with a silent sensor it is the model's step", () => {
  const state = { theta_m_c: 21, phi_u_w: 0, mm_k2: 1, mu_kw: 0, uu_w2: 0 };
  const forces = { phi_HC_w: 1000, theta_e_c: -2, phi_sol_w: 300, phi_int_w: 50 };
  predict(state, model, forces, { ...noise, gains_w: 0 });
  const { a, bq, bo, bs, bi } = model;
  expect(state.theta_m_c).toBeCloseTo(a * 21 + bq * 1000 - bo * 2 + bs * 300 + bi * 50, 12);
  expect(state.mm_k2).toBeCloseTo(a * a + noise.mass_k_sqrth ** 2 / 4, 12);
});
