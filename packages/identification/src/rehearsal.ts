/** How well the air will be known, rehearsed: the filter's covariance needs no measurement, only the weather. */
import type { AffineStep } from "@azru/physics";
import { correct, type FilterNoise, type FilterState, innovate, predict } from "./kalman.ts";

/**
 * Standard deviation of each coming step's air temperature about what will be expected of it one step before,
 * K. Every step until then is taken to be measured: whoever plans again at each step need not keep more distance
 * from a bound than this.
 *
 * @param phi_sol_w solar gains foreseen, one value a step from now on
 */
export function airSpread_k(
  now: Readonly<FilterState>,
  model: AffineStep,
  phi_sol_w: Float64Array,
  noise: FilterNoise,
): Float64Array {
  const state = { ...now };
  const innovation = { value_k: 0, variance_k2: 0 };
  return phi_sol_w.map((sun_w) => {
    const forces = { phi_HC_w: 0, theta_e_c: 0, phi_sol_w: sun_w, phi_int_w: 0 };
    innovate(state, model, forces, 0, noise, innovation);
    const variance_k2 = innovation.variance_k2 - noise.sensor_k ** 2;
    innovation.value_k = 0;
    correct(state, model, innovation);
    predict(state, model, forces, noise);
    return Math.sqrt(Math.max(0, variance_k2));
  });
}
