import type { Controller, Observation } from "@azru/control";
import {
  affineStep,
  airTemperature_c,
  createZone,
  emissionSystems,
  nextMassTemperature_c,
  prototypeHome,
} from "@azru/physics";
import { expect, test } from "vitest";
import { estimatingController } from "./estimating-controller.ts";

const model = affineStep(createZone(prototypeHome), emissionSystems.floorHeating, 900);
const forecast = {
  dtSeconds: 900,
  theta_e_c: new Float64Array(4).fill(2),
  phi_sol_w: new Float64Array(4).fill(150),
  phi_int_w: new Float64Array(4).fill(100),
  price_eur_kwh: new Float64Array(4).fill(0.2),
};

/** A controller that opens every other hour, and what it was given. */
function spy() {
  const observed: (Observation & { phi_int_w: number })[] = [];
  const controller: Controller = {
    name: "spy",
    horizonSteps: 4,
    decide(observation, { phi_int_w }) {
      observed.push({ ...observation, phi_int_w: phi_int_w[0] });
      return { valve: observed.length % 8 < 4 ? 1 : 0 };
    },
  };
  return { controller, observed };
}

/** Lives with a house that has `unknown_w` more gains than foreseen; the true mass temperatures. */
function live(controller: Controller, steps: number, unknown_w = 0): number[] {
  let [theta_m_c, theta_air_c] = [23, 21];
  return Array.from({ length: steps }, () => {
    const { valve } = controller.decide({ theta_air_c, x_c: [Number.NaN] }, forecast);
    const before = theta_m_c;
    theta_air_c = airTemperature_c(model, theta_m_c, 4500 * valve, 2, 150, 100 + unknown_w);
    theta_m_c = nextMassTemperature_c(model, theta_m_c, 4500 * valve, 2, 150, 100 + unknown_w);
    return before;
  });
}

test("gives its controller the mass temperature that it makes out of the air's", () => {
  const { controller, observed } = spy();
  const truth = live(estimatingController(controller, model, 4500, { noise_k: 0.1, seed: 1, margin: 0 }), 96);
  expect(Math.abs(observed[0].x_c[0] - truth[0])).toBeGreaterThan(1);
  for (let k = 24; k < 96; k++) expect(Math.abs(observed[k].x_c[0] - truth[k])).toBeLessThan(0.2);
});

test("foresees gains that the model does not know", () => {
  const { controller, observed } = spy();
  live(estimatingController(controller, model, 4500, { noise_k: 0.05, seed: 2, margin: 0 }), 192, 300);
  expect(observed[0].phi_int_w).toBe(100);
  expect(Math.abs((observed.at(-1)?.phi_int_w ?? 0) - 400)).toBeLessThan(60);
});

test("errs as its seed sets, by as much as it should", () => {
  const airs = (seed: number, noise_k: number) => {
    const { controller, observed } = spy();
    live(estimatingController(controller, model, 4500, { noise_k, seed, margin: 0 }), 400);
    return observed.map(({ theta_air_c }) => theta_air_c);
  };
  const exact = airs(1, 0);
  expect(airs(1, 0.2)).toEqual(airs(1, 0.2));
  expect(airs(2, 0.2)).not.toEqual(airs(1, 0.2));
  const squares = airs(1, 0.2).reduce((sum, air, k) => sum + (air - exact[k]) ** 2, 0);
  expect(Math.abs(Math.sqrt(squares / 400) / 0.2 - 1)).toBeLessThan(0.1);
});
