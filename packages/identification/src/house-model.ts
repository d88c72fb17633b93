/** A house as equations that a history can be held against. */
import { type AffineStep, affineStep, emissionSystems } from "@azru/physics";
import type { History } from "./history.ts";
import { type CalibratableBuilding, type Corrections, correctedZone } from "./house.ts";
import type { StepForces } from "./kalman.ts";

export interface HouseModel {
  readonly step: AffineStep;
  readonly maxPower_w: number; // thermal, of an open valve; does not matter where the heat is metered
  readonly aperture: number; // factor on the history's solar gains
  readonly internalGains_w: number;
  /** Gains that come and go every day: one value a step of a day that begins with the history; mean zero. */
  readonly dailyGains_w?: Float64Array;
}

/** A building under corrections, for a history's step. Throws RangeError as `createZone` and `affineStep` do. */
export function houseModel(
  building: CalibratableBuilding,
  corrections: Corrections,
  dtSeconds: number,
): HouseModel {
  const { emission, maxPower_w } = building.heating;
  return {
    step: affineStep(correctedZone(building, corrections), emissionSystems[emission], dtSeconds),
    maxPower_w: maxPower_w * corrections.heaterPower,
    aperture: corrections.aperture,
    internalGains_w: corrections.internalGains_w,
  };
}

/** Whether all is known that acts on a house during a step. */
export function isDriven({ valve, phi_HC_w, theta_e_c, phi_sol_w }: History, k: number): boolean {
  return !Number.isNaN((phi_HC_w ? phi_HC_w[k] : valve[k]) + theta_e_c[k] + phi_sol_w[k]);
}

/** What acts on a house in a history's steps. It hands out one object again and again, to allocate nothing. */
export function forcesOn(
  { maxPower_w, aperture, internalGains_w, dailyGains_w }: HouseModel,
  { valve, phi_HC_w, theta_e_c, phi_sol_w }: History,
): (k: number) => StepForces {
  const forces = { phi_HC_w: 0, theta_e_c: 0, phi_sol_w: 0, phi_int_w: internalGains_w };
  return (k) => {
    forces.phi_HC_w = phi_HC_w ? phi_HC_w[k] : valve[k] * maxPower_w;
    forces.theta_e_c = theta_e_c[k];
    forces.phi_sol_w = phi_sol_w[k] * aperture;
    if (dailyGains_w) forces.phi_int_w = internalGains_w + dailyGains_w[k % dailyGains_w.length];
    return forces;
  };
}
