/**
 * How far a house that is simulated from the forces alone comes from the air temperature that was measured, with the
 * slow part of the error mostly taken out: it comes from gains that nobody knows, a filter follows it, and it would
 * hide what the house does within a day.
 */
import { discretise, groundGains_w, rhythmWave, type StateSpace } from "@azru/house";
import type { Drive } from "./drive.ts";
import type { ParametricHouse } from "./structure.ts";

/** Slower errors count for less: time constant of the high pass, and what is left of an error that stays. */
const slow = { timeConstant_h: 24, kept: 0.15 };

/** Coefficients of cosine and sine of 24, 12 and 8 h. */
export const rhythmSize = 6;

/** The waves of the rhythm at each step, so that they are computed once: `rhythmSize` values a step. */
export function rhythmWaves({ hour }: Drive): Float64Array {
  const waves = new Float64Array(hour.length * rhythmSize);
  for (let k = 0; k < hour.length; k++) {
    for (let i = 0; i < rhythmSize; i++) {
      waves[k * rhythmSize + i] = rhythmWave(i, hour[k]);
    }
  }
  return waves;
}

/** What a simulation starts from and what people add. */
export interface SimulatedPast {
  readonly house: ParametricHouse;
  readonly rhythm: ArrayLike<number>;
  /** Of emitter, walls and core above the air at the start of each stretch, K; (n - 1) values a stretch. */
  readonly starts: ArrayLike<number>;
}

/**
 * The errors of a simulation, K, high-passed; one a measured step of the drive's stretches.
 *
 * @param into at least as many values as `measuredSteps`
 */
export function simulatedErrors(
  drive: Drive,
  waves: Float64Array,
  { house, rhythm, starts }: SimulatedPast,
  into: Float64Array,
): void {
  const model = discretise(house.physics, drive.dtSeconds);
  const n = model.b.length;
  const constant_w = house.gains_w + groundGains_w(house.physics);
  const follow = 1 - Math.exp(-drive.dtSeconds / 3600 / slow.timeConstant_h);
  const scale = drive.isMetered ? 1 : house.heaterPower_w;
  const { theta_air_c, heat, theta_e_c, phi_sol_w } = drive;
  const x = new Float64Array(n);
  const scratch = new Float64Array(n);
  let place = 0;
  for (const [s, { from, to }] of drive.stretches.entries()) {
    x.fill(firstAir_c(theta_air_c, from, to));
    for (let i = 1; i < n; i++) x[i] += starts[s * (n - 1) + i - 1];
    let drift = 0;
    for (let k = from; k < to; k++) {
      let gain_w = constant_w;
      for (let i = 0; i < rhythmSize; i++) gain_w += rhythm[i] * waves[k * rhythmSize + i];
      const y = step(model, x, scratch, heat[k] * scale, theta_e_c[k], phi_sol_w[k] * house.aperture, gain_w);
      const error = theta_air_c[k] - y;
      if (Number.isNaN(error)) continue;
      drift += follow * (error - drift);
      into[place++] = error - (1 - slow.kept) * drift;
    }
  }
}

/** The output of a step; `x` goes on to its end. */
function step(
  { A, b, E, c, D, F }: StateSpace,
  x: Float64Array,
  scratch: Float64Array,
  heat_w: number,
  theta_e_c: number,
  sun_w: number,
  gain_w: number,
): number {
  const n = x.length;
  let y = D * heat_w + F[0] * theta_e_c + F[1] * sun_w + F[2] * gain_w;
  for (let i = 0; i < n; i++) {
    y += c[i] * x[i];
    let sum = b[i] * heat_w + E[3 * i] * theta_e_c + E[3 * i + 1] * sun_w + E[3 * i + 2] * gain_w;
    for (let j = 0; j < n; j++) sum += A[n * i + j] * x[j];
    scratch[i] = sum;
  }
  x.set(scratch);
  return y;
}

function firstAir_c(theta_air_c: Float64Array, from: number, to: number): number {
  for (let k = from; k < to; k++) if (!Number.isNaN(theta_air_c[k])) return theta_air_c[k];
  return 20;
}

/** How many errors a drive has. */
export function measuredSteps({ stretches, theta_air_c }: Drive): number {
  let count = 0;
  for (const { from, to } of stretches)
    for (let k = from; k < to; k++) if (!Number.isNaN(theta_air_c[k])) count++;
  return count;
}
