import {
  affineStep,
  airTemperature_c,
  createZone,
  emissionSystems,
  nextMassTemperature_c,
  prototypeHome,
} from "@azru/physics";
import { describe, expect, it } from "vitest";
import { nextState, outputOf, stateSpaceOf } from "./state-space.ts";

describe("a house as a state space", () => {
  it("steps as the 5R1C zone that it was made of", () => {
    const step = affineStep(createZone(prototypeHome), emissionSystems.floorHeating, 900);
    const model = stateSpaceOf(step);
    const d = { theta_e_c: -3, phi_sol_w: 450, phi_int_w: 120 };
    expect(nextState(model, [19.5], 2_000, d)[0]).toBeCloseTo(
      nextMassTemperature_c(step, 19.5, 2_000, d.theta_e_c, d.phi_sol_w, d.phi_int_w),
      12,
    );
    expect(outputOf(model, [19.5], 2_000, d)).toBeCloseTo(
      airTemperature_c(step, 19.5, 2_000, d.theta_e_c, d.phi_sol_w, d.phi_int_w),
      12,
    );
  });

  it("steps two states that exchange heat", () => {
    const model = {
      dtSeconds: 900,
      A: [0.5, 0.5, 0.1, 0.8],
      b: [0.01, 0],
      E: [0, 0, 0.02, 0.1, 0.001, 0],
      c: [1, 0],
      D: 0.005,
      F: [0.1, 0, 0.002],
    };
    const d = { theta_e_c: 10, phi_sol_w: 100, phi_int_w: 50 };
    expect([...nextState(model, [20, 22], 1_000, d)]).toEqual([
      expect.closeTo(10 + 11 + 10 + 0.02 * 50, 12),
      expect.closeTo(2 + 17.6 + 1 + 0.1, 12),
    ]);
    expect(outputOf(model, [20, 22], 1_000, d)).toBeCloseTo(20 + 5 + 1 + 0.1, 12);
  });
});
