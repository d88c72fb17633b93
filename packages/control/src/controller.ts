/** What every heating controller is: a function from what is seen and foreseen to a valve position. */
import type { PriceBranches, Steps } from "./problem.ts";

/** What is published of the Tempo tariff, one value a step, 1 for yes and 0 for no. */
export interface TempoSteps {
  readonly isPeak: Uint8Array; // 06:00 to 22:00
  /** The day is known to be red. */
  readonly isRed: Uint8Array;
}

/** What lies ahead, one value a step, the first being the step that is about to begin; means over the step. */
export interface Forecast {
  readonly dtSeconds: number;
  readonly theta_e_c: Float64Array; // outdoor air
  readonly phi_sol_w: Float64Array; // solar gains
  readonly phi_int_w: Float64Array; // internal gains
  readonly price_eur_kwh: Float64Array;
  /** What the prices may turn out to be, to just the end of the horizon that is planned; absent where they are known. */
  readonly colours?: PriceBranches;
  /** Absent where the tariff has no colours. */
  readonly tempo?: TempoSteps;
  /** Floor of comfort, degrees C, where it changes with time; the controller's own when absent. */
  readonly min_c?: Float64Array;
  /** Ceiling of comfort, degrees C, where it changes with time; the controller's own when absent. */
  readonly max_c?: Float64Array;
  /** How far above the floor of comfort to plan the air, because the forecast errs; 0 by default, K. */
  readonly margin_k?: Float64Array;
  /** How far below the ceiling of comfort to plan it, nowhere below the floor; 0 by default, K. */
  readonly marginAbove_k?: Float64Array;
}

export interface Observation {
  readonly theta_air_c: number;
  /** States of the controller's model of the house, degrees C; the mass temperature of a 5R1C zone. */
  readonly x_c: Steps;
  /** Outdoor air, mean of the step just past, where somebody measures it. */
  readonly theta_e_c?: number;
}

/** What the controller expects; arrays have one value a step of the forecast. */
export interface Plan {
  readonly dtSeconds: number;
  readonly valve: Float64Array; // 0 to 1
  readonly phi_HC_w: Float64Array; // heating power, thermal
  readonly theta_air_c: Float64Array; // mean over the step
  /** Of the heat store at the end of the step: the mass of a 5R1C zone, else the mean that the terminal value is of. */
  readonly theta_m_c: Float64Array;
  readonly energyCost_eur: number;
  readonly discomfortBelow_kh: number;
  readonly discomfortAbove_kh: number;
  /** Cost, discomfort and terminal value as weighed by the problem. */
  readonly objective_eur: number;
}

export interface Decision {
  readonly valve: number; // 0 to 1
  readonly plan?: Plan;
}

export interface Controller {
  readonly name: string;
  /** Steps of forecast that `decide` needs; 0 for a controller that only looks at the present. */
  readonly horizonSteps: number;
  decide(observation: Observation, forecast: Forecast): Decision;
}
