import { affineStep, airTemperature_c, createZone, emissionSystems, prototypeHome } from "@azru/physics";
import fc from "fast-check";
import { expect, test } from "vitest";
import { observeMassTemperature_c } from "./mass-observer.ts";

const model = affineStep(createZone(prototypeHome), emissionSystems.floorHeating, 900);
const heat = (k: number) => (k % 8 < 3 ? 4500 : 0);
const outdoor = (k: number) => 2 + 5 * Math.sin(k / 15);

/** Estimates beside the truth for `steps`, the sensor off by `error_k(k)`. */
function follow(start_c: number, truth_c: number, steps: number, error_k: (k: number) => number) {
  let [estimate, truth] = [start_c, truth_c];
  for (let k = 0; k < steps; k++) {
    const inputs = [heat(k), outdoor(k), 150, 80] as const;
    const theta_air_c = airTemperature_c(model, truth, ...inputs) + error_k(k);
    const [phi_HC_w, theta_e_c, phi_sol_w, phi_int_w] = inputs;
    const lived = { theta_air_c, phi_HC_w, theta_e_c, phi_sol_w, phi_int_w };
    estimate = observeMassTemperature_c(model, estimate, lived);
    truth = model.a * truth + model.bq * heat(k) + model.bo * outdoor(k) + model.bs * 150 + model.bi * 80;
  }
  return Math.abs(estimate - truth);
}

test("forgets a wrong start at the rate that it promises", () => {
  const steps = 24;
  const expected = 6 * (model.a * Math.exp(-900 / 7200)) ** steps;
  expect(follow(26, 20, steps, () => 0)).toBeCloseTo(expected, 9);
});

test("a right estimate stays right", () => {
  fc.assert(
    fc.property(fc.double({ min: -20, max: 45, noNaN: true }), (truth) => {
      expect(follow(truth, truth, 96, () => 0)).toBeLessThan(1e-9);
    }),
  );
});

test("lets through only a small part of the sensor's noise", () => {
  expect(follow(20, 20, 200, (k) => (k % 2 ? 0.5 : -0.5))).toBeLessThan(0.1);
});

test("names what is not a number", () => {
  const lived = { theta_air_c: Number.NaN, phi_HC_w: 0, theta_e_c: 0, phi_sol_w: 0, phi_int_w: 0 };
  expect(() => observeMassTemperature_c(model, 20, lived)).toThrow("theta_air_c must be finite, got NaN");
});
