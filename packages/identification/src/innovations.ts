/** How well a model explains a history, step by step: the innovations of a Kalman filter that runs along. */
import type { History } from "./history.ts";
import { forcesOn, type HouseModel, isDriven } from "./house-model.ts";
import { correct, type FilterNoise, type FilterState, innovate, predict } from "./kalman.ts";

/** How far the mass may be from the first air temperature, in the sensor's standard deviations: anywhere. */
const unknownStart = 300;

/**
 * Runs a filter along a history. It knows nothing of the mass at the first measurement, nor at the first one
 * after a step whose forces are unknown.
 *
 * @param onStep gets every measured step but those first ones, which show nothing of the model: what the filter
 *   did not expect of the air temperature, and its variance
 */
export function innovations(
  history: History,
  house: HouseModel,
  noise: FilterNoise,
  onStep: (k: number, value_k: number, variance_k2: number) => void,
): void {
  const forcesAt = forcesOn(house, history);
  const state: FilterState = { theta_m_c: 0, phi_u_w: 0, mm_k2: 0, mu_kw: 0, uu_w2: 0 };
  const innovation = { value_k: 0, variance_k2: 0 };
  let isKnown = false;
  for (let k = 0; k < history.theta_air_c.length; k++) {
    const theta_air_c = history.theta_air_c[k];
    const isMeasured = !Number.isNaN(theta_air_c);
    if (!isDriven(history, k)) {
      isKnown = false;
      continue;
    }
    if (!isKnown && !isMeasured) continue;
    const forces = forcesAt(k);
    if (!isKnown) {
      state.theta_m_c = theta_air_c;
      state.phi_u_w = 0;
      state.mm_k2 = (unknownStart * noise.sensor_k) ** 2;
      state.mu_kw = 0;
      state.uu_w2 = noise.gains_w ** 2;
    }
    if (isMeasured) {
      innovate(state, house.step, forces, theta_air_c, noise, innovation);
      correct(state, house.step, innovation);
      if (isKnown) onStep(k, innovation.value_k, innovation.variance_k2);
    }
    isKnown = true;
    predict(state, house.step, forces, noise);
  }
}
