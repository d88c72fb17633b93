/** One step of a heated house: heat, electricity, cost, temperatures. */
import { nextState, outputOf, type StateSpace, type StepDisturbances } from "./state-space.ts";

/** What a step brings. */
export interface StepForces extends StepDisturbances {
  readonly valve: number; // 0 to 1
  readonly cop: number; // heat per electricity
  readonly price_eur_kwh: number;
}

/** What a step was. */
export interface HouseStep {
  readonly x_c: Float64Array; // states at its end
  readonly theta_air_c: number; // output of the model
  readonly phi_HC_w: number; // heat
  readonly power_w: number; // electricity
  readonly energy_kwh: number; // electricity
  readonly cost_eur: number;
}

/** A house with its heater. */
export interface HeatedHouse {
  readonly model: StateSpace;
  readonly maxPower_w: number; // heat at full valve
}

/**
 * One step of a heated house.
 *
 * @param x_c its states at the start of the step, degrees C
 */
export function stepHouse(
  { model, maxPower_w }: HeatedHouse,
  x_c: ArrayLike<number>,
  forces: StepForces,
): HouseStep {
  const phi_HC_w = forces.valve * maxPower_w;
  const power_w = phi_HC_w / forces.cop;
  const energy_kwh = (power_w * model.dtSeconds) / 3_600_000;
  return {
    x_c: nextState(model, x_c, phi_HC_w, forces),
    theta_air_c: outputOf(model, x_c, phi_HC_w, forces),
    phi_HC_w,
    power_w,
    energy_kwh,
    cost_eur: energy_kwh * forces.price_eur_kwh,
  };
}
