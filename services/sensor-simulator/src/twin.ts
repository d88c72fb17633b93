/** The house as it is, its heating and its bill. Numbers in, numbers out. */
import { type HeatedHouse, heatStore, stepHouse, storeTemperature_c } from "@azru/house";
import { type Building, type TwinForm, twinModel } from "@azru/simulation";

export interface Twin extends HeatedHouse {
  /** Of each state in the temperature of the mass. */
  readonly massWeights: readonly number[];
}

/** What acts on the house during one step apart from its heating; means over the step. */
export interface Conditions {
  readonly theta_e_c: number; // outdoor air
  readonly phi_sol_w: number; // solar gains
  readonly phi_int_w: number; // internal gains
  readonly cop: number; // heat per electricity
  /** What electricity costs, where that is known. */
  readonly price_eur_kwh: number | undefined;
}

/** The house at one instant, and the step that led there. */
export interface Moment {
  readonly timeMs: number; // Unix time
  readonly theta_m_c: number; // mass
  /** States of the house; absent at the first moment, when all of it is as warm as the mass. */
  readonly x_c?: ArrayLike<number>;
  readonly theta_air_c: number; // mean over the step
  readonly valve: number; // 0 to 1
  readonly power_w: number; // electric
  readonly theta_e_c: number;
  readonly phi_sol_w: number;
  readonly price_eur_kwh: number | undefined;
  /** Of the step; absent where the price is not known. */
  readonly costStep_eur: number | undefined;
  /** Since the start, as far as prices were known. */
  readonly cost_eur: number;
  readonly energy_kwh: number; // electricity since the start
}

/**
 * The twin of a building.
 *
 * @param dtSeconds length of its steps
 * @param form zone of ISO 13790, or a house whose air and heater hold heat
 * @throws RangeError naming the field of the building that makes no sense
 */
export function createTwin(building: Building, dtSeconds: number, form: TwinForm = "5r1c"): Twin {
  const model = twinModel(building, dtSeconds, form);
  return { model, maxPower_w: building.heating.maxPower_w, massWeights: heatStore(model).weights };
}

/**
 * The first moment: air and mass at `theta_c`, heating off, nothing used.
 *
 * @param outside the first step's conditions
 */
export function firstMoment(timeMs: number, theta_c: number, outside: Conditions): Moment {
  const { theta_e_c, phi_sol_w, price_eur_kwh } = outside;
  return {
    timeMs,
    theta_m_c: theta_c,
    theta_air_c: theta_c,
    valve: 0,
    power_w: 0,
    theta_e_c,
    phi_sol_w,
    price_eur_kwh,
    costStep_eur: price_eur_kwh === undefined ? undefined : 0,
    cost_eur: 0,
    energy_kwh: 0,
  };
}

/**
 * Simulates one step with the valve as it is: exact for power, energy and cost, which are constant or
 * means over the step.
 *
 * @param valve 0 to 1
 */
export function nextMoment(twin: Twin, now: Moment, valve: number, outside: Conditions): Moment {
  const { theta_e_c, phi_sol_w, price_eur_kwh } = outside;
  const { model, massWeights } = twin;
  const before = now.x_c ?? model.b.map(() => now.theta_m_c);
  const forces = { ...outside, valve, price_eur_kwh: price_eur_kwh ?? 0 };
  const { x_c, theta_air_c, power_w, energy_kwh } = stepHouse(twin, before, forces);
  const costStep_eur = price_eur_kwh === undefined ? undefined : energy_kwh * price_eur_kwh;
  return {
    timeMs: now.timeMs + model.dtSeconds * 1000,
    theta_m_c: storeTemperature_c({ weights: massWeights }, x_c),
    x_c,
    theta_air_c,
    valve,
    power_w,
    theta_e_c,
    phi_sol_w,
    price_eur_kwh,
    costStep_eur,
    cost_eur: now.cost_eur + (costStep_eur ?? 0),
    energy_kwh: now.energy_kwh + energy_kwh,
  };
}
