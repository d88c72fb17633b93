import {
  affineStep,
  airTemperature_c,
  createZone,
  emissionSystems,
  nextMassTemperature_c,
  prototypeHome,
} from "@azru/physics";
import { expect, test } from "vitest";
import { createMassEstimate } from "./mass-estimate.ts";

const model = affineStep(createZone(prototypeHome), emissionSystems.floorHeating, 900);
const stepMs = 900_000;
const startMs = Date.UTC(2026, 0, 15);

const foreseen = (fromMs: number, steps = 96) => ({
  startMs: fromMs,
  dtSeconds: 900,
  theta_e_c: new Float64Array(steps).fill(1),
  phi_sol_w: new Float64Array(steps).fill(120),
  phi_int_w: new Float64Array(steps).fill(60),
  cop: new Float64Array(steps).fill(1),
});

/** Lives `steps` steps with a house that begins at `truth_c`; returns estimate and truth at the end. */
function live(estimate: ReturnType<typeof createMassEstimate>, truth_c: number, steps: number) {
  let truth = truth_c;
  for (let k = 0; k < steps; k++) {
    const atMs = startMs + k * stepMs;
    estimate.foresee(foreseen(atMs));
    const heat = k % 6 < 3 ? 4500 : 0;
    const air = airTemperature_c(model, truth, heat, 1, 120, 60);
    for (const minute of [0, 5, 10])
      estimate.sample(atMs + minute * 60_000, { theta_air_c: air, phi_HC_w: heat });
    truth = nextMassTemperature_c(model, truth, heat, 1, 120, 60);
    estimate.advance(atMs + stepMs, { theta_air_c: air }, heat);
  }
  return { estimate: estimate.theta_m_c, truth };
}

test("begins with the air and finds the mass within half a day", () => {
  const estimate = createMassEstimate(model);
  expect(estimate.theta_m_c).toBeUndefined();
  estimate.advance(startMs, { theta_air_c: 18 }, 0);
  expect(estimate.theta_m_c).toBe(18);
  const end = live(estimate, 21, 48);
  expect(end.estimate).toBeCloseTo(end.truth, 1);
});

test("takes the measurement where there is one", () => {
  const estimate = createMassEstimate(model);
  estimate.advance(startMs, { theta_air_c: 20, theta_m_c: 21.5 }, 0);
  expect(estimate.theta_m_c).toBe(21.5);
});

test("goes on without measurements by the model alone, over several steps too", () => {
  const estimate = createMassEstimate(model);
  estimate.advance(startMs, { theta_air_c: 20 }, 0);
  estimate.foresee(foreseen(startMs));
  estimate.advance(startMs + 3 * stepMs, {}, 2000);
  let expected = 20;
  for (let k = 0; k < 3; k++) expected = nextMassTemperature_c(model, expected, 2000, 1, 120, 60);
  expect(estimate.theta_m_c).toBeCloseTo(expected, 12);
});

test("begins anew after a gap that nobody foresaw, and after a jump back", () => {
  const estimate = createMassEstimate(model);
  estimate.advance(startMs, { theta_air_c: 25 }, 0);
  estimate.foresee(foreseen(startMs, 4));
  estimate.advance(startMs + 5 * stepMs, { theta_air_c: 17 }, 0);
  expect(estimate.theta_m_c).toBe(17);
  estimate.foresee(foreseen(startMs + 5 * stepMs));
  estimate.advance(startMs - 100 * stepMs, { theta_air_c: 19 }, 0);
  expect(estimate.theta_m_c).toBe(19);
  estimate.advance(startMs + 100 * stepMs, {}, 0);
  expect(estimate.theta_m_c).toBeUndefined();
});

test("after a restart goes on from what the last plan expected", () => {
  const estimate = createMassEstimate(model, (instantMs) => (instantMs === startMs ? 21.7 : undefined));
  estimate.advance(startMs, { theta_air_c: 19 }, 0);
  expect(estimate.theta_m_c).toBe(21.7);
});
