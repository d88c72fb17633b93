import { describe, expect, test } from "vitest";
import { affineStep } from "./affine.ts";
import { emissionSystems } from "./emission.ts";
import { deviation, referenceText } from "./fixtures/reference.ts";
import { prototypeHeatingPower_w, prototypeHome, prototypeWindows } from "./home.ts";
import { type BuildingClass, buildingClasses, createZone, stepZone } from "./zone.ts";

interface Trajectory {
  dt_s: number;
  building_class: string;
  columns: string[];
  steps: number[][];
}

const trajectories: Trajectory[] = JSON.parse(referenceText("variable-step-trajectories.json"));
const classOf: Record<string, BuildingClass> = {
  light: "light",
  medium: "medium",
  heavy: "heavy",
  very_heavy: "veryHeavy",
};

describe("the prototype's home", () => {
  test("the reference covers 5 step lengths of 4 building classes", () => {
    expect(trajectories.map((t) => t.steps.length)).toEqual(Array(20).fill(48));
  });

  test.each(trajectories)("follows the prototype: $building_class, step $dt_s s", (trajectory) => {
    const buildingClass = classOf[trajectory.building_class];
    const zone = createZone({
      ...prototypeHome,
      thermalCapacitance_j_m2k: buildingClasses[buildingClass],
    });
    const emission = emissionSystems.floorHeating;
    const affine = affineStep(zone, emission, trajectory.dt_s);
    let mass = trajectory.steps[0][3];
    for (const [t_out, valve, solar, t_m_prev, t_m_next, t_m_mean, t_s, t_air] of trajectory.steps) {
      const phi_HC_w = (prototypeHeatingPower_w * valve) / 100;
      const step = stepZone(zone, emission, trajectory.dt_s, {
        theta_m_prev_c: mass,
        theta_e_c: t_out,
        phi_sol_w: solar,
        phi_int_w: 0,
        phi_HC_w,
      });
      expect(deviation(mass, t_m_prev)).toBeLessThan(1e-9);
      expect(deviation(step.theta_m_next_c, t_m_next)).toBeLessThan(1e-9);
      expect(deviation(step.theta_m_c, t_m_mean)).toBeLessThan(1e-9);
      expect(deviation(step.theta_s_c, t_s)).toBeLessThan(1e-9);
      expect(deviation(step.theta_air_c, t_air)).toBeLessThan(1e-9);
      const linear = affine.a * mass + affine.bq * phi_HC_w + affine.bo * t_out + affine.bs * solar;
      expect(deviation(linear, t_m_next)).toBeLessThan(1e-9);
      mass = step.theta_m_next_c;
    }
  });

  test("has windows of its zone's area", () => {
    const area = prototypeWindows.reduce((sum, window) => sum + window.area_m2, 0);
    expect(area).toBe(prototypeHome.windowsArea_m2);
  });
});
