import {
  affineStep,
  airTemperature_c,
  createZone,
  emissionSystems,
  nextMassTemperature_c,
  prototypeHome,
} from "@azru/physics";
import { expect, test } from "vitest";
import { createAdaptiveEstimator } from "./adaptive-estimator.ts";
import { normals } from "./testing/twin.ts";

const model = affineStep(createZone(prototypeHome), emissionSystems.floorHeating, 900);
const steps = 14 * 96;

/** A fortnight of a house whose air errs by its sensor, and whose sun is not what was foreseen. */
function fortnight(sensor_k: number, sunShare: number) {
  const normal = normals(5);
  const estimator = createAdaptiveEstimator({ theta_m_c: 21 });
  let theta_m_c = 22;
  let [squares, below, counted] = [0, 0, 0];
  for (let k = 0; k < steps; k++) {
    const hour = (k / 4) % 24;
    const phi_sol_w =
      Math.max(0, 1000 * Math.sin(((hour - 8) / 8) * Math.PI)) * (hour > 8 && hour < 16 ? 1 : 0);
    const forces = { phi_HC_w: k % 8 < 3 ? 4500 : 0, theta_e_c: 4, phi_sol_w, phi_int_w: 0 };
    const sun_w = phi_sol_w * Math.max(0, 1 + sunShare * normal());
    const spread_k = estimator.spreadAhead_k(model, new Float64Array([phi_sol_w]))[0];
    const expected_c = airTemperature_c(
      model,
      estimator.estimate.theta_m_c,
      forces.phi_HC_w,
      4,
      phi_sol_w,
      estimator.estimate.phi_u_w,
    );
    const air_c = airTemperature_c(model, theta_m_c, forces.phi_HC_w, 4, sun_w, 0);
    if (k > steps / 2) {
      counted++;
      squares += (theta_m_c - estimator.estimate.theta_m_c) ** 2;
      if (air_c < expected_c - 2.5 * spread_k) below++;
    }
    estimator.advance(model, forces, air_c + sensor_k * normal());
    theta_m_c = nextMassTemperature_c(model, theta_m_c, forces.phi_HC_w, 4, sun_w, 0);
  }
  return { estimator, rms_k: Math.sqrt(squares / counted), below: below / counted };
}

test.each([
  [0.05, 0],
  [0.1, 0.3],
  [0.3, 0.3],
  [0.1, 0.7],
])(
  "a sensor of %f K and a sun off by %f: the air is seldom farther below than 2.5 of its spread",
  (sensor_k, sunShare) => {
    const { below } = fortnight(sensor_k, sunShare);
    expect(below).toBeLessThan(0.03);
  },
);

test("finds out how good the sensor is, and knows the walls the better for it", () => {
  const [good, bad] = [fortnight(0.05, 0), fortnight(0.3, 0)];
  expect(good.estimator.noise.sensor_k).toBe(0.05);
  expect(bad.estimator.noise.sensor_k).toBe(0.3);
  expect(good.rms_k).toBeLessThan(0.02);
  expect(bad.rms_k).toBeLessThan(0.1);
});

test("keeps more distance while the sun shines, and where the sensor is worse", () => {
  const [good, bad] = [fortnight(0.05, 0).estimator, fortnight(0.3, 0).estimator];
  const [night, noon] = good.spreadAhead_k(model, new Float64Array([0, 1500]));
  expect(noon).toBeGreaterThan(2 * night);
  expect(bad.spreadAhead_k(model, new Float64Array(1))[0]).toBeGreaterThan(night);
});

test("begins with what an earlier one has learnt of the noise, and can unlearn it", () => {
  const { evidence, noise } = fortnight(0.05, 0).estimator;
  const again = createAdaptiveEstimator({ theta_m_c: 22 }, JSON.parse(JSON.stringify(evidence)));
  expect(again.noise).toEqual(noise);
  expect(again.evidence).toEqual(evidence);
  expect(createAdaptiveEstimator({ theta_m_c: 22 }).noise.sensor_k).toBe(0.3);
  const normal = normals(6);
  for (let k = 0; k < 96; k++) {
    const forces = { phi_HC_w: 0, theta_e_c: 22, phi_sol_w: 0, phi_int_w: 0 };
    again.advance(model, forces, 22 + 0.3 * normal());
  }
  expect(again.noise.sensor_k).toBeGreaterThan(0.1);
});

test("evidence of noises that it does not know speaks for none", () => {
  const evidence = createAdaptiveEstimator({ theta_m_c: 22 }, { "9 9 9 9": 0 }).evidence;
  expect(Object.keys(evidence)).toHaveLength(32);
});

test("refuses a start that is no temperature", () => {
  expect(() => createAdaptiveEstimator({ theta_m_c: Number.NaN })).toThrow("theta_m_c must be finite");
});
