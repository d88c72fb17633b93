/**
 * A step of the Kalman filter of a house: temperatures x that nobody measures, and gains q (W) that nobody meters.
 * Each gain fades by itself; those that act in a step add to the internal gains. With the coefficients of
 * `StateSpace`, E_i and F_i those of internal gains:
 *
 *     y[k]   = c x + D phi_HC + F d + F_i sum(q) + v,    v ~ N(0, sensor^2)
 *     x[k+1] = A x + b phi_HC + E d + E_i sum(q) + w,    w ~ N(0, process^2 dt) in each temperature
 *     q[k+1] = f q + e,                                  f = exp(-dt / tau)
 *
 * A step is corrected by its measured output, then predicted.
 *
 * @see Kalman, R. E. (1960), J. Basic Eng. 82; Gelb, A. (1974), Applied Optimal Estimation, 4.2 and 3.6
 */
import { nextState, outputOf, type StateSpace, type StepDisturbances } from "@azru/house";
import { beyondWidth_k, widthVariance_k2 } from "../coarse-reading.ts";
import type { Innovation } from "../kalman.ts";

/** Mean and covariance of (x, q). */
export interface GainState {
  readonly x_c: ArrayLike<number>;
  readonly gains_w: ArrayLike<number>;
  readonly P: ArrayLike<number>; // square, of temperatures and gains
}

/** What the gains of a step are like. */
export interface Gains {
  readonly acting: readonly number[]; // indices
  /** Share of each that lasts for a step. */
  readonly fading: ArrayLike<number>;
  /** Covariance that e adds to a pair of gains, W2; each pair once. */
  readonly renewed_w2: readonly (readonly [number, number, number])[];
}

/** Standard deviations of sensor and model. */
interface StepNoise {
  readonly sensor_k: number;
  readonly process_k_sqrth: number;
}

/** A step of the house. */
export interface MeasuredStep {
  readonly phi_HC_w: number;
  /** Means over the step, of the gains those of the house itself. */
  readonly disturbances: StepDisturbances;
  /** The model's output in the step, as measured; absent or NaN where it was not. */
  readonly measured_c?: number | undefined;
  /** What that is known within, K; where the expected lies within, nothing is corrected. */
  readonly within_k?: number | undefined;
}

/** The state at the end of a step, and the innovation: NaN where nothing was measured, or a coarse reading says no more. */
export function gainStep(
  state: GainState,
  model: StateSpace,
  noise: StepNoise,
  gains: Gains,
  { phi_HC_w, disturbances, measured_c = Number.NaN, within_k = 0 }: MeasuredStep,
) {
  const n = model.b.length;
  const size = n + gains.fading.length;
  const x_c = Float64Array.from(state.x_c);
  const gains_w = Float64Array.from(state.gains_w);
  const P = Float64Array.from(state.P);
  const forces = () => {
    let sum_w = 0;
    for (const i of gains.acting) sum_w += gains_w[i];
    return { ...disturbances, phi_int_w: disturbances.phi_int_w + sum_w };
  };
  const Pc = new Float64Array(size);
  for (let i = 0; i < size; i++) Pc[i] = outputOfRow(P.subarray(i * size, (i + 1) * size), model, gains);
  const variance_k2 = noise.sensor_k ** 2 + widthVariance_k2(within_k) + outputOfRow(Pc, model, gains);
  const beyond_k = beyondWidth_k(measured_c - outputOf(model, x_c, phi_HC_w, forces()), within_k);
  const value_k = within_k > 0 && beyond_k === 0 ? Number.NaN : beyond_k;
  if (!Number.isNaN(value_k)) {
    for (let i = 0; i < n; i++) x_c[i] += (Pc[i] / variance_k2) * value_k;
    for (let i = n; i < size; i++) gains_w[i - n] += (Pc[i] / variance_k2) * value_k;
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) P[i * size + j] -= (Pc[i] * Pc[j]) / variance_k2;
  }
  const next = nextState(model, x_c, phi_HC_w, forces());
  for (let i = 0; i < gains_w.length; i++) gains_w[i] *= gains.fading[i];
  const innovation: Innovation = { value_k, variance_k2 };
  return { state: { x_c: next, gains_w, P: predictedCovariance(P, model, noise, gains) }, innovation };
}

/** What a row over temperatures and gains comes to in the output: its product with (c, F_i of each that acts). */
export function outputOfRow(row: ArrayLike<number>, { c, F }: StateSpace, { acting }: Gains): number {
  let sum = 0;
  for (let j = 0; j < c.length; j++) sum += row[j] * c[j];
  for (const i of acting) sum += row[c.length + i] * F[2];
  return sum;
}

/** Covariance a step later: Phi P Phi^T + Q, of which Phi mixes the temperatures and lets each gain fade by itself. */
export function predictedCovariance(
  P: ArrayLike<number>,
  { A, E, b, dtSeconds }: StateSpace,
  { process_k_sqrth }: Pick<StepNoise, "process_k_sqrth">,
  { acting, fading, renewed_w2 }: Gains,
): Float64Array {
  const n = b.length;
  const size = n + fading.length;
  const next = new Float64Array(size * size);
  for (let i = n; i < size; i++)
    for (let j = n; j < size; j++) next[i * size + j] = fading[i - n] * fading[j - n] * P[i * size + j];
  const row = new Float64Array(size); // of Phi P
  for (let i = 0; i < n; i++) {
    row.fill(0);
    for (let k = 0; k < n; k++) for (let j = 0; j < size; j++) row[j] += A[i * n + k] * P[k * size + j];
    for (const gain of acting)
      for (let j = 0; j < size; j++) row[j] += E[3 * i + 2] * P[(n + gain) * size + j];
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += row[k] * A[j * n + k];
      for (const gain of acting) sum += row[n + gain] * E[3 * j + 2];
      next[i * size + j] = sum;
      next[j * size + i] = sum;
    }
    for (let j = n; j < size; j++) {
      next[i * size + j] = row[j] * fading[j - n];
      next[j * size + i] = next[i * size + j];
    }
  }
  for (let i = 0; i < n; i++) next[i * (size + 1)] += process_k_sqrth ** 2 * (dtSeconds / 3600);
  for (const [i, j, added_w2] of renewed_w2) {
    next[(n + i) * size + n + j] += added_w2;
    if (i !== j) next[(n + j) * size + n + i] += added_w2;
  }
  return next;
}
