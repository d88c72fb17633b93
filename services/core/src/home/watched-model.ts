/** The house as it is watched: a linear model whose output is the mean air temperature of a step. */
import { gainsAt_w, lossOf_w_k, modelOf, type StepDisturbances, stateSpaceOf } from "@azru/house";
import { heatLoss_w_k, type WatchedHouse } from "@azru/identification";
import { createZone } from "@azru/physics";
import { homeHour } from "@azru/runtime";
import type { Disturbances } from "@azru/simulation";
import type { HouseModel } from "./house-model.ts";

export interface WatchedModel {
  readonly house: WatchedHouse;
  readonly maxPower_w: number;
  /** What acts on the house in step k of what is foreseen. */
  forcesOf(foreseen: Disturbances, k: number): StepDisturbances;
}

export function watchedModel({ building, known, step, maxPower_w }: HouseModel): WatchedModel {
  const { floorArea_m2 } = building.zone;
  if (!known) {
    const loss_w_k = heatLoss_w_k(createZone(building.zone));
    return {
      house: { model: stateSpaceOf(step), maxPower_w, loss_w_k, floorArea_m2 },
      maxPower_w,
      forcesOf: ({ theta_e_c, phi_sol_w, phi_int_w }, k) => ({
        theta_e_c: theta_e_c[k],
        phi_sol_w: phi_sol_w[k],
        phi_int_w: phi_int_w[k],
      }),
    };
  }
  const { house } = known;
  const model = modelOf(house, step.dtSeconds);
  return {
    house: { model, maxPower_w, loss_w_k: lossOf_w_k(house.physics), floorArea_m2 },
    maxPower_w,
    forcesOf: ({ startMs, theta_e_c, phi_sol_w }, k) => ({
      theta_e_c: theta_e_c[k],
      phi_sol_w: phi_sol_w[k] * house.aperture,
      phi_int_w: gainsAt_w(house, homeHour(startMs + (k + 0.5) * step.dtSeconds * 1000)),
    }),
  };
}
