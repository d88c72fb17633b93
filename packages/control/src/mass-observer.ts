/** The temperature of the mass, which no sensor measures, from the air's, which one does. */
import { type AffineStep, airTemperature_c, nextMassTemperature_c } from "@azru/physics";

/** What a house lived through in one step of a model; means over the step. */
export interface LivedStep {
  readonly theta_air_c: number; // measured
  readonly phi_HC_w: number;
  readonly theta_e_c: number;
  readonly phi_sol_w: number;
  readonly phi_int_w: number;
}

/**
 * The mass temperature at the end of a step, from its estimate at the beginning: a Luenberger observer. The
 * estimate is corrected by what the model's air temperature misses of the measured one, then stepped:
 *
 *     theta_m' = theta_m + L (theta_air measured - theta_air(theta_m)),   L = (1 - exp(-dt / tau)) / c
 *
 * so that an error shrinks by `a exp(-dt / tau)` a step, while noise of the sensor and gains that nobody
 * foresaw enter by L alone.
 *
 * @param tau_s how long the estimate takes to follow the measurement; 2 h by default
 * @throws RangeError naming what is not finite
 */
export function observeMassTemperature_c(
  model: AffineStep,
  theta_m_c: number,
  lived: LivedStep,
  tau_s = 7_200,
): number {
  for (const [name, value] of Object.entries({ theta_m_c, ...lived })) {
    if (!Number.isFinite(value)) throw new RangeError(`${name} must be finite, got ${value}`);
  }
  const inputs = [lived.phi_HC_w, lived.theta_e_c, lived.phi_sol_w, lived.phi_int_w] as const;
  const gain = (1 - Math.exp(-model.dtSeconds / tau_s)) / model.c;
  const missed_k = lived.theta_air_c - airTemperature_c(model, theta_m_c, ...inputs);
  return nextMassTemperature_c(model, theta_m_c + gain * missed_k, ...inputs);
}
