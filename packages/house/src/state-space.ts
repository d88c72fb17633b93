/** A house as a linear state space: plain numbers, so that it can travel as JSON. */
import type { AffineStep } from "@azru/physics";

/**
 * One step of a house of n states, 1 to 4, with a fixed length. With the heat phi_HC of the heater and the
 * disturbances d = (theta_e, phi_sol, phi_int), all means over the step,
 *
 *     x[k+1] = A x[k] + b phi_HC[k] + E d[k]
 *     y[k]   = c x[k] + D phi_HC[k] + F d[k]
 *
 * `x` are temperatures of the house at the start of the step, `y[k]` is the temperature that comfort is asked of in
 * step k. Temperatures in degrees C, heat flows in W. Matrices are flat, row by row.
 */
export interface StateSpace {
  readonly dtSeconds: number;
  readonly A: readonly number[]; // n x n, K/K
  readonly b: readonly number[]; // n, K/W
  readonly E: readonly number[]; // n x 3: K/K, K/W, K/W
  readonly c: readonly number[]; // n, K/K
  readonly D: number; // K/W
  readonly F: readonly number[]; // 3: K/K, K/W, K/W
}

/** What acts on a house in a step apart from its heating. */
export interface StepDisturbances {
  readonly theta_e_c: number; // outdoor air
  readonly phi_sol_w: number; // solar gains through the windows
  readonly phi_int_w: number; // internal gains
}

/** The 5R1C zone as a state space: its one state is the mass temperature, `y` the mean air temperature of the step. */
export function stateSpaceOf({ dtSeconds, a, bq, bo, bs, bi, c, dq, ds, di, ...rest }: AffineStep) {
  return {
    dtSeconds,
    A: [a],
    b: [bq],
    E: [bo, bs, bi],
    c: [c],
    D: dq,
    F: [rest.do, ds, di],
  } satisfies StateSpace;
}

/**
 * The states at the end of a step.
 *
 * @param x at its start, n values, degrees C
 * @param phi_HC_w heat of the heater
 */
export function nextState(
  { A, b, E }: StateSpace,
  x: ArrayLike<number>,
  phi_HC_w: number,
  { theta_e_c, phi_sol_w, phi_int_w }: StepDisturbances,
): Float64Array {
  const n = b.length;
  const next = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = b[i] * phi_HC_w + E[3 * i] * theta_e_c + E[3 * i + 1] * phi_sol_w + E[3 * i + 2] * phi_int_w;
    for (let j = 0; j < n; j++) sum += A[n * i + j] * x[j];
    next[i] = sum;
  }
  return next;
}

/** The temperature that comfort is asked of in a step, degrees C; arguments as in `nextState`. */
export function outputOf(
  { c, D, F }: StateSpace,
  x: ArrayLike<number>,
  phi_HC_w: number,
  { theta_e_c, phi_sol_w, phi_int_w }: StepDisturbances,
): number {
  let sum = D * phi_HC_w + F[0] * theta_e_c + F[1] * phi_sol_w + F[2] * phi_int_w;
  for (let j = 0; j < c.length; j++) sum += c[j] * x[j];
  return sum;
}
