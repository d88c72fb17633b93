/** From valve positions to what they bring about: the plan, and the ceiling that comfort is judged by. */
import type { Plan } from "./controller.ts";
import { at, largestSurprise, type MpcProblem, type TerminalValue } from "./problem.ts";

/** Finds the valve positions of least objective. Throws `InvalidProblemError` or `SolverError`. */
export type Solver = (problem: MpcProblem) => Plan;

/** The part of a step that does not depend on heating: theta = drift + response * phi_HC. */
export interface Drift {
  readonly mass_c: Float64Array; // added to a theta_m
  readonly air_c: Float64Array; // added to c theta_m
}

/** What weather and internal gains add to the mass and air temperature in each step, in K. */
export function drift({ model, theta_e_c, phi_sol_w, phi_int_w }: MpcProblem): Drift {
  const steps = theta_e_c.length;
  const mass_c = new Float64Array(steps);
  const air_c = new Float64Array(steps);
  for (let k = 0; k < steps; k++) {
    mass_c[k] = model.bo * theta_e_c[k]! + model.bs * phi_sol_w[k]! + model.bi * phi_int_w[k]!;
    air_c[k] = model.do * theta_e_c[k]! + model.ds * phi_sol_w[k]! + model.di * phi_int_w[k]!;
  }
  return { mass_c, air_c };
}

/**
 * Air temperature above which a step counts as over-heated, degrees C.
 *
 * `comfort.max_c`, except where sun and gains lift the room above it even if the heater gives only what
 * `comfort.min_c` needs: there it is that temperature. Over-heating weighs far more than cold, so without
 * this a sunny afternoon would forbid the heat that a cold morning needs. Where surprises are to be expected, it
 * is the temperature after a warm one: the chance of a warmer day must not forbid that heat either.
 */
export function comfortCeiling(problem: MpcProblem, drifts: Drift): Float64Array {
  const { theta_air_c } = leastHeating(problem, drifts);
  const warmer_k = warmSurprises_k(problem);
  return theta_air_c.map((theta, k) => Math.max(at(problem.comfort.max_c, k), theta + (warmer_k?.[k] ?? 0)));
}

/** By how much the air is warmer in each step after a warm surprise: the upper outcome of all those up to it, K. */
function warmSurprises_k({ model, surprise_k }: MpcProblem): Float64Array | undefined {
  if (surprise_k === undefined) return undefined;
  const air_k = new Float64Array(surprise_k.length);
  let variance_k2 = 0;
  for (let k = 0; k < air_k.length; k++) {
    variance_k2 += surprise_k[k]! ** 2;
    air_k[k] = model.c * largestSurprise * Math.sqrt(variance_k2);
    variance_k2 *= model.a ** 2;
  }
  return air_k;
}

/** Heats at each step what `comfort.min_c` needs at that step, as far as the heater can. */
function leastHeating(problem: MpcProblem, { mass_c, air_c }: Drift) {
  const { a, bq, c, dq } = problem.model;
  const theta_air_c = new Float64Array(mass_c.length);
  const valve = new Float64Array(mass_c.length);
  let theta_m = problem.theta_m_c;
  for (let k = 0; k < valve.length; k++) {
    const most = at(problem.maxPower_w, k);
    const unheated = c * theta_m + air_c[k]!;
    const lacking = at(problem.comfort.min_c, k) - unheated;
    const power = lacking > 0 ? Math.min(lacking / dq, most) : 0;
    valve[k] = most > 0 ? power / most : 0;
    theta_air_c[k] = unheated + dq * power;
    theta_m = a * theta_m + mass_c[k]! + bq * power;
  }
  return { theta_air_c, valve };
}

/**
 * The plan that looks at the present alone: at each step just what `comfort.min_c` needs. What a better plan
 * costs less is what looking ahead is worth.
 */
export function leastHeatingPlan(problem: MpcProblem): Plan {
  return planOf(problem, leastHeating(problem, drift(problem)).valve);
}

/** Value of the heat in a mass of the given temperature, EUR. */
export function terminalValue({ breakpoints_c, slopes_eur_k }: TerminalValue, theta_m_c: number): number {
  let value = slopes_eur_k[0]! * (theta_m_c - breakpoints_c[0]!);
  for (let i = 0; i < breakpoints_c.length && theta_m_c > breakpoints_c[i]!; i++)
    value += (slopes_eur_k[i + 1]! - slopes_eur_k[i]!) * (theta_m_c - breakpoints_c[i]!);
  return value;
}

/**
 * Simulates the problem's model at the given valve positions.
 *
 * `discomfortAbove_kh` counts from `comfort.max_c`; the objective counts over-heating from the ceiling.
 *
 * @param valve one position a step, 0 to 1
 */
export function planOf(problem: MpcProblem, valve: Float64Array): Plan {
  const { model, comfort, weights } = problem;
  const { a, bq, c, dq, dtSeconds } = model;
  const steps = valve.length;
  const hours = dtSeconds / 3600;
  const drifts = drift(problem);
  const ceiling = comfortCeiling(problem, drifts);
  const phi_HC_w = new Float64Array(steps);
  const theta_air_c = new Float64Array(steps);
  const theta_m_c = new Float64Array(steps);
  let energyCost_eur = 0;
  let below_kh = 0;
  let above_kh = 0;
  let avoidable_kh = 0;
  let theta_m = problem.theta_m_c;
  for (let k = 0; k < steps; k++) {
    const power = valve[k]! * at(problem.maxPower_w, k);
    const theta_air = c * theta_m + drifts.air_c[k]! + dq * power;
    theta_m = a * theta_m + drifts.mass_c[k]! + bq * power;
    phi_HC_w[k] = power;
    theta_air_c[k] = theta_air;
    theta_m_c[k] = theta_m;
    energyCost_eur += (problem.price_eur_kwh[k]! * power * hours) / (1000 * at(problem.cop, k));
    below_kh += Math.max(0, at(comfort.min_c, k) - theta_air) * hours;
    above_kh += Math.max(0, theta_air - at(comfort.max_c, k)) * hours;
    avoidable_kh += Math.max(0, theta_air - ceiling[k]!) * hours;
  }
  return {
    dtSeconds,
    valve,
    phi_HC_w,
    theta_air_c,
    theta_m_c,
    energyCost_eur,
    discomfortBelow_kh: below_kh,
    discomfortAbove_kh: above_kh,
    objective_eur:
      energyCost_eur +
      weights.below_eur_kh * below_kh +
      weights.above_eur_kh * avoidable_kh -
      terminalValue(problem.terminal, theta_m),
  };
}
