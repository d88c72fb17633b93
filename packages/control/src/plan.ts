/** From valve positions to what they bring about: the plan, and the ceiling that comfort is judged by. */
import type { StateSpace } from "@azru/house";
import type { Plan } from "./controller.ts";
import { at, largestOutcome, type MpcProblem, type Steps, type TerminalValue } from "./problem.ts";

/** Finds the valve positions of least objective. Throws `InvalidProblemError` or `SolverError`. */
export type Solver = (problem: MpcProblem) => Plan;

/** The part of a step that does not depend on heating: x+ = A x + state + b phi_HC, y = c x + output + D phi_HC. */
export interface Drift {
  readonly state_c: Float64Array; // n values a step
  readonly output_c: Float64Array; // one a step
}

/** What weather and internal gains add to the states and the output in each step, in K. */
export function drift({ model, theta_e_c, phi_sol_w, phi_int_w }: MpcProblem): Drift {
  const { E, F } = model;
  const n = model.b.length;
  const steps = theta_e_c.length;
  const state_c = new Float64Array(n * steps);
  const output_c = new Float64Array(steps);
  for (let k = 0; k < steps; k++) {
    const o = theta_e_c[k];
    const s = phi_sol_w[k];
    const i = phi_int_w[k];
    for (let j = 0; j < n; j++) state_c[n * k + j] = E[3 * j] * o + E[3 * j + 1] * s + E[3 * j + 2] * i;
    output_c[k] = F[0] * o + F[1] * s + F[2] * i;
  }
  return { state_c, output_c };
}

/** The states of a problem's model as it goes through the steps of the horizon. */
export interface Walk {
  readonly x_c: Float64Array; // n values, changed in place
  /** The output of step `k` at a heating power, degrees C. */
  output_c(k: number, phi_HC_w: number): number;
  /** Goes on to the end of step `k`. */
  advance(k: number, phi_HC_w: number): void;
}

export function walk({ model, x_c: start }: MpcProblem, { state_c, output_c }: Drift): Walk {
  const { A, b, c, D } = model;
  const n = b.length;
  const x_c = Float64Array.from(start);
  const before = new Float64Array(n);
  return {
    x_c,
    output_c(k, phi_HC_w) {
      let y = output_c[k] + D * phi_HC_w;
      for (let j = 0; j < n; j++) y += c[j] * x_c[j];
      return y;
    },
    advance(k, phi_HC_w) {
      before.set(x_c);
      for (let i = 0; i < n; i++) {
        let next = state_c[n * k + i] + b[i] * phi_HC_w;
        for (let j = 0; j < n; j++) next += A[n * i + j] * before[j];
        x_c[i] = next;
      }
    },
  };
}

/**
 * What one watt of heat in a step does to the output of that step and of the later ones, K/W: D, c b, c A b, ...
 *
 * @param row what is put in the place of c, n values; with it the first response is 0, not D
 */
export function heatResponse({ A, b, c, D }: StateSpace, steps: number, row?: Steps): Float64Array {
  const n = b.length;
  const to = row ?? c;
  const response = new Float64Array(steps);
  let power = Float64Array.from(b); // A^(i-1) b
  for (let i = 0; i < steps; i++) {
    if (i === 0 && !row) {
      response[0] = D;
      continue;
    }
    const at = row ? i : i - 1;
    if (at > 0) {
      const next = new Float64Array(n);
      for (let r = 0; r < n; r++) for (let j = 0; j < n; j++) next[r] += A[n * r + j] * power[j];
      power = next;
    }
    for (let j = 0; j < n; j++) response[i] += to[j] * power[j];
  }
  return response;
}

/**
 * Air temperature above which a step counts as over-heated, degrees C.
 *
 * `comfort.max_c`, except where sun and gains lift the room above it even if the heater gives only what
 * `comfort.min_c` needs: there it is that temperature. Over-heating weighs far more than cold, so without
 * this a sunny afternoon would forbid the heat that a cold morning needs. Where disturbances are to be expected, it
 * is the temperature after a warm one: the chance of a warmer day must not forbid that heat either.
 */
export function comfortCeiling(problem: MpcProblem, drifts: Drift): Float64Array {
  const { theta_air_c } = leastHeating(problem, drifts);
  const warmer_k = warmDisturbances_k(problem);
  return theta_air_c.map((theta, k) => Math.max(at(problem.comfort.max_c, k), theta + (warmer_k?.[k] ?? 0)));
}

/** By how much the output is warmer in each step after a warm disturbance: the upper outcome of all those up to it, K. */
function warmDisturbances_k({ model, surprise_k }: MpcProblem): Float64Array | undefined {
  if (surprise_k === undefined) return undefined;
  const { A, c } = model;
  const n = c.length;
  const output_k = new Float64Array(surprise_k.length / n);
  let P = new Float64Array(n * n); // covariance of the states
  for (let k = 0; k < output_k.length; k++) {
    let variance_k2 = 0;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        P[n * i + j] += surprise_k[n * k + i] * surprise_k[n * k + j];
        variance_k2 += c[i] * P[n * i + j] * c[j];
      }
    output_k[k] = largestOutcome * Math.sqrt(Math.max(0, variance_k2));
    P = propagated(A, P, n);
  }
  return output_k;
}

/** A P A' */
function propagated(A: readonly number[], P: Float64Array, n: number): Float64Array<ArrayBuffer> {
  const next = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      for (let r = 0; r < n; r++)
        for (let s = 0; s < n; s++) next[n * i + j] += A[n * i + r] * P[n * r + s] * A[n * j + s];
  return next;
}

/** Longest delay between the heater and the room that the least heating looks ahead for, hours. */
const longestDelay_h = 12;

/**
 * Steps until heat is felt most, of at most so many: the one at which the response peaks, the step itself in a house of
 * one state.
 */
export function heatDelay(model: StateSpace, steps: number) {
  const reach = Math.max(1, Math.round((longestDelay_h * 3600) / model.dtSeconds));
  const response = heatResponse(model, Math.min(steps, reach));
  return { delay: model.b.length === 1 ? 0 : response.indexOf(Math.max(...response)), response };
}

/**
 * Heats at each step what `comfort.min_c` needs, as far as the heater can. Where heat reaches the room late, it is
 * what the step needs in which it is felt most: the one at which the response to heat peaks, the step itself in the
 * 5R1C zone.
 */
function leastHeating(problem: MpcProblem, drifts: Drift) {
  const steps = problem.theta_e_c.length;
  const { delay, response } = heatDelay(problem.model, steps);
  let felt = 0; // by the output of heat that is held for the delay and the step itself, K/W
  for (let i = 0; i <= delay; i++) felt += response[i];
  const theta_air_c = new Float64Array(steps);
  const valve = new Float64Array(steps);
  const house = walk(problem, drifts);
  const later_c = unheatedLater(problem, drifts, delay);
  for (let k = 0; k < steps; k++) {
    const most = at(problem.maxPower_w, k);
    const target = Math.min(steps - 1, k + delay);
    const unheated_c = target === k ? house.output_c(k, 0) : later_c(house.x_c, k, target);
    const lacking = at(problem.comfort.min_c, target) - unheated_c;
    const power = lacking > 0 && felt > 0 ? Math.min(lacking / felt, most) : 0;
    valve[k] = most > 0 ? power / most : 0;
    theta_air_c[k] = house.output_c(k, power);
    house.advance(k, power);
  }
  return { theta_air_c, valve };
}

/**
 * The output at a later step when there is no heat from step `k` on, given the states at its start: that of a house never
 * heated, and what the states differ by.
 *
 * @param longest steps from `k` to the later one, at most
 */
function unheatedLater(problem: MpcProblem, drifts: Drift, longest: number) {
  const { A, c } = problem.model;
  const n = c.length;
  const steps = drifts.output_c.length;
  const rows = new Float64Array(n * (longest + 1)); // c A^i
  rows.set(c);
  for (let at = n; at < rows.length; at++)
    for (let r = 0; r < n; r++) rows[at] += rows[n * (Math.floor(at / n) - 1) + r] * A[n * r + (at % n)];
  const states_c = new Float64Array(n * steps);
  const outputs_c = new Float64Array(steps);
  const neverHeated = walk(problem, drifts);
  for (let k = 0; k < steps; k++) {
    states_c.set(neverHeated.x_c, n * k);
    outputs_c[k] = neverHeated.output_c(k, 0);
    neverHeated.advance(k, 0);
  }
  return (x_c: Float64Array, k: number, later: number): number => {
    let y = outputs_c[later];
    for (let j = 0; j < n; j++) y += rows[n * (later - k) + j] * (x_c[j] - states_c[n * k + j]);
    return y;
  };
}

/**
 * The plan that looks at the present alone: at each step just what `comfort.min_c` needs. What a better plan
 * costs less is what looking ahead is worth.
 */
export function leastHeatingPlan(problem: MpcProblem): Plan {
  return planOf(problem, leastHeating(problem, drift(problem)).valve);
}

/** The temperature that the terminal value is a function of, degrees C. */
export function valuedTemperature_c({ weights = [1] }: TerminalValue, x_c: ArrayLike<number>): number {
  let mean = 0;
  for (let i = 0; i < weights.length; i++) mean += weights[i] * x_c[i];
  return mean;
}

/** Value of the heat in a store of the given temperature, EUR. */
export function terminalValue({ breakpoints_c, slopes_eur_k }: TerminalValue, theta_m_c: number): number {
  let value = slopes_eur_k[0] * (theta_m_c - breakpoints_c[0]);
  for (let i = 0; i < breakpoints_c.length && theta_m_c > breakpoints_c[i]; i++)
    value += (slopes_eur_k[i + 1] - slopes_eur_k[i]) * (theta_m_c - breakpoints_c[i]);
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
  const steps = valve.length;
  const hours = model.dtSeconds / 3600;
  const drifts = drift(problem);
  const ceiling = comfortCeiling(problem, drifts);
  const house = walk(problem, drifts);
  const phi_HC_w = new Float64Array(steps);
  const theta_air_c = new Float64Array(steps);
  const theta_m_c = new Float64Array(steps);
  let energyCost_eur = 0;
  let below_kh = 0;
  let above_kh = 0;
  let avoidable_kh = 0;
  for (let k = 0; k < steps; k++) {
    const power = valve[k] * at(problem.maxPower_w, k);
    const theta_air = house.output_c(k, power);
    house.advance(k, power);
    phi_HC_w[k] = power;
    theta_air_c[k] = theta_air;
    theta_m_c[k] = valuedTemperature_c(problem.terminal, house.x_c);
    energyCost_eur += (problem.price_eur_kwh[k] * power * hours) / (1000 * at(problem.cop, k));
    below_kh += Math.max(0, at(comfort.min_c, k) - theta_air) * hours;
    above_kh += Math.max(0, theta_air - at(comfort.max_c, k)) * hours;
    avoidable_kh += Math.max(0, theta_air - ceiling[k]) * hours;
  }
  return {
    dtSeconds: model.dtSeconds,
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
      terminalValue(problem.terminal, valuedTemperature_c(problem.terminal, house.x_c)),
  };
}
