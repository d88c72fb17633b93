/**
 * The temperatures of a house that nobody measures, and the heat that nobody meters: a Kalman filter.
 *
 * State: the temperatures x of the house and a gain g (W) that is not known: people, a stove, a window that is open.
 * g acts as internal gains do and fades with time constant tau. With the coefficients of `StateSpace`, E_i and F_i
 * those of internal gains:
 *
 *     y[k]   = c x + D phi_HC + F d + F_i g + v,        v ~ N(0, sensor^2)
 *     x[k+1] = A x + b phi_HC + E d + E_i g + w,        w ~ N(0, process^2 dt) in each temperature
 *     g[k+1] = f g + e,   f = exp(-dt / tau),           e ~ N(0, (1 - f^2) gains^2)
 *
 * A step is corrected by its measured output, then predicted.
 *
 * @see Kalman, R. E. (1960), J. Basic Eng. 82; Gelb, A. (1974), Applied Optimal Estimation, 4.2 and 3.6
 */
import { nextState, outputOf, type StateSpace, type StepDisturbances } from "@azru/house";
import { beyondWidth_k, widthVariance_k2 } from "../coarse-reading.ts";

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

/** One step of the filter's work; what it expected of the measurement comes back. */
export interface Surprise {
  readonly value_k: number; // measured less expected; NaN where nothing was measured, or a coarse reading says no more
  readonly variance_k2: number; // that it was expected to have
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
): { readonly state: HouseFilterState; readonly surprise: Surprise } {
  const n = model.b.length;
  const m = n + 1;
  const c = [...model.c, model.F[2]];
  const forces = { ...disturbances, phi_int_w: disturbances.phi_int_w + state.g_w };
  const Pc = new Float64Array(m);
  for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) Pc[i] += state.P[i * m + j] * c[j];
  let variance_k2 = noise.sensor_k ** 2 + widthVariance_k2(within_k);
  for (let i = 0; i < m; i++) variance_k2 += c[i] * Pc[i];
  const beyond_k = beyondWidth_k(measured_c - outputOf(model, state.x_c, phi_HC_w, forces), within_k);
  const value_k = within_k > 0 && beyond_k === 0 ? Number.NaN : beyond_k;
  const x = Float64Array.from(state.x_c);
  let g_w = state.g_w;
  const P = Float64Array.from(state.P);
  if (!Number.isNaN(value_k)) {
    for (let i = 0; i < n; i++) x[i] += (Pc[i] / variance_k2) * value_k;
    g_w += (Pc[n] / variance_k2) * value_k;
    for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) P[i * m + j] -= (Pc[i] * Pc[j]) / variance_k2;
  }
  const next = nextState(model, x, phi_HC_w, { ...disturbances, phi_int_w: disturbances.phi_int_w + g_w });
  const f = fading(model, noise);
  return {
    state: { x_c: [...next], g_w: g_w * f, P: predictedCovariance(P, model, noise, f) },
    surprise: { value_k, variance_k2 },
  };
}

/** The share of an unknown gain that lasts for a step. */
function fading({ dtSeconds }: StateSpace, { gainsLast_h }: HouseNoise): number {
  return Math.exp(-dtSeconds / 3600 / gainsLast_h);
}

function predictedCovariance(
  P: ArrayLike<number>,
  { A, E, b, dtSeconds }: StateSpace,
  { process_k_sqrth, gains_w }: HouseNoise,
  f: number,
): number[] {
  const n = b.length;
  const m = n + 1;
  const Phi = new Float64Array(m * m);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) Phi[i * m + j] = A[i * n + j];
    Phi[i * m + n] = E[3 * i + 2];
  }
  Phi[n * m + n] = f;
  const PhiP = new Float64Array(m * m);
  for (let i = 0; i < m; i++)
    for (let k = 0; k < m; k++) {
      const a = Phi[i * m + k];
      if (a !== 0) for (let j = 0; j < m; j++) PhiP[i * m + j] += a * P[k * m + j];
    }
  const next = new Array<number>(m * m).fill(0);
  for (let i = 0; i < m; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < m; k++) sum += PhiP[i * m + k] * Phi[j * m + k];
      next[i * m + j] = sum;
      next[j * m + i] = sum;
    }
  const q = process_k_sqrth ** 2 * (dtSeconds / 3600);
  for (let i = 0; i < n; i++) next[i * m + i] += q;
  next[n * m + n] += (1 - f * f) * gains_w ** 2;
  return next;
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
  const m = model.b.length + 1;
  const c = [...model.c, model.F[2]];
  const f = fading(model, noise);
  let ahead: ArrayLike<number> = P;
  return Float64Array.from({ length: steps }, () => {
    let variance = 0;
    for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) variance += c[i] * c[j] * ahead[i * m + j];
    ahead = predictedCovariance(ahead, model, noise, f);
    return variance;
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
