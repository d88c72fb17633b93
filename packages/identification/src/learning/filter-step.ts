/**
 * The temperatures of a house that nobody measures, and the heat that nobody meters: the filter of `gain-step.ts` with
 * one gain g that is not known (people, a stove, a window that is open). It acts as internal gains do and fades with
 * time constant tau: e ~ N(0, (1 - f^2) gains^2).
 */
import { nextState, outputOf, type StateSpace, type StepDisturbances } from "@azru/house";
import type { Innovation } from "../kalman.ts";
import { type Gains, gainStep, outputOfRow, predictedCovariance } from "./gain-step.ts";

/** How wrong sensor, model and knowledge of the gains are taken to be; standard deviations. */
export interface HouseNoise {
  readonly sensor_k: number; // of a measured temperature
  readonly process_k_sqrth: number; // of each temperature of the house after an hour, K per root hour
  readonly gains_w: number;
  readonly gainsLast_h: number; // tau
  /** What people bring in an hour of the day beside the house's rhythm, W; 0 where it is absent. */
  readonly habits_w?: number | undefined;
}

/** Mean and covariance of (x, g). Plain numbers, so that it can be stored. */
export interface HouseFilterState {
  readonly x_c: readonly number[];
  readonly g_w: number;
  readonly P: readonly number[]; // (n + 1) x (n + 1)
}

/** How far walls and emitter may be from the air at the start. */
const start_k = 3;

/** The state before anything was measured: all of the house as warm as the air. */
export function initialState(model: StateSpace, air_c: number, { gains_w }: HouseNoise): HouseFilterState {
  const n = model.b.length;
  const P = new Array<number>((n + 1) ** 2).fill(0);
  for (let i = 0; i < n; i++) P[i * (n + 2)] = start_k ** 2;
  P[n * (n + 2)] = gains_w ** 2;
  return { x_c: new Array<number>(n).fill(air_c), g_w: 0, P };
}

/**
 * The state at the end of a step.
 *
 * @param disturbances means over the step
 * @param measured_c the model's output in that step, as measured; absent or NaN where it was not
 * @param within_k what that is known within; where the expected lies within, nothing is corrected
 */
export function filterStep(
  state: HouseFilterState,
  model: StateSpace,
  phi_HC_w: number,
  disturbances: StepDisturbances,
  noise: HouseNoise,
  measured_c = Number.NaN,
  within_k = 0,
): { readonly state: HouseFilterState; readonly innovation: Innovation } {
  const { x_c, g_w, P } = state;
  const step = { phi_HC_w, disturbances, measured_c, within_k };
  const next = gainStep({ x_c, gains_w: [g_w], P }, model, noise, oneGain(model, noise), step);
  return {
    state: { x_c: [...next.state.x_c], g_w: next.state.gains_w[0], P: [...next.state.P] },
    innovation: next.innovation,
  };
}

/** The share of an unknown gain that lasts for a step. */
function fading({ dtSeconds }: StateSpace, { gainsLast_h }: HouseNoise): number {
  return Math.exp(-dtSeconds / 3600 / gainsLast_h);
}

function oneGain(model: StateSpace, noise: HouseNoise): Gains {
  const f = fading(model, noise);
  return { acting: [0], fading: [f], renewed_w2: [[0, 0, (1 - f * f) * noise.gains_w ** 2]] };
}

/**
 * Variance of each coming step's output about what is expected of it now, as the model has it, K2; the sensor's noise
 * is not in it.
 */
export function varianceAhead_k2(
  { P }: HouseFilterState,
  model: StateSpace,
  noise: HouseNoise,
  steps: number,
): Float64Array {
  const gain = oneGain(model, noise);
  const size = model.b.length + 1;
  let ahead: Float64Array = Float64Array.from(P);
  return Float64Array.from({ length: steps }, () => {
    const Pc = Array.from({ length: size }, (_, i) =>
      outputOfRow(ahead.subarray(i * size, (i + 1) * size), model, gain),
    );
    ahead = predictedCovariance(ahead, model, noise, gain);
    return outputOfRow(Pc, model, gain);
  });
}

/**
 * Outputs that a state leads to on its own, degrees C.
 *
 * @param forcesAt heat and disturbances of the coming steps
 */
export function outputsAhead(
  { x_c, g_w }: HouseFilterState,
  model: StateSpace,
  noise: HouseNoise,
  forcesAt: (lead: number) => StepDisturbances & { readonly phi_HC_w: number },
  steps: number,
): Float64Array {
  const f = fading(model, noise);
  let x: ArrayLike<number> = x_c;
  let gain_w = g_w;
  return Float64Array.from({ length: steps }, (_, lead) => {
    const forces = forcesAt(lead);
    const d = { ...forces, phi_int_w: forces.phi_int_w + gain_w };
    const y = outputOf(model, x, forces.phi_HC_w, d);
    x = nextState(model, x, forces.phi_HC_w, d);
    gain_w *= f;
    return y;
  });
}
