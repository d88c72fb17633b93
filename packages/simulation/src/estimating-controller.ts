/** A controller in a real home: its sensor errs, and nobody tells it how warm the walls are. */
import type { Controller } from "@azru/control";
import { createMassEstimator, type MassEstimator, type StepForces } from "@azru/identification";
import type { AffineStep } from "@azru/physics";
import { randomLcg, randomNormal } from "d3-random";

/** How a home is measured. */
export interface Sensing {
  /** Standard deviation of the sensor's error, K. */
  readonly noise_k: number;
  /** Whole number that the errors follow from. */
  readonly seed: number;
}

/**
 * Puts a noisy sensor and a Kalman filter between a house and a controller. Of what is observed only the air
 * temperature is used; the mass temperature is estimated from it, the heat that was ordered, and the weather that
 * was foreseen for the step. What the filter finds of gains that the model does not know is foreseen to fade.
 *
 * @param model what the controller takes the house for
 * @param maxPower_w thermal, as the controller knows it
 */
export function estimatingController(
  controller: Controller,
  model: AffineStep,
  maxPower_w: number,
  { noise_k, seed }: Sensing,
): Controller {
  const goldenRatio = (1 + Math.sqrt(5)) / 2; // spreads neighbouring seeds over 0..1
  const error_k = randomNormal.source(randomLcg((seed * goldenRatio) % 1))(0, noise_k);
  let estimator: MassEstimator | undefined;
  let lived: StepForces | undefined;
  return {
    name: controller.name,
    horizonSteps: Math.max(1, controller.horizonSteps),
    decide(observation, forecast) {
      const theta_air_c = observation.theta_air_c + error_k();
      estimator ??= createMassEstimator({ theta_m_c: theta_air_c });
      if (lived) estimator.live(model, lived, theta_air_c);
      const decision = controller.decide(
        { theta_air_c, theta_m_c: estimator.estimate.theta_m_c },
        { ...forecast, phi_int_w: estimator.gainsAhead_w(forecast.phi_int_w, forecast.dtSeconds) },
      );
      lived = {
        phi_HC_w: decision.valve * maxPower_w,
        theta_e_c: forecast.theta_e_c[0],
        phi_sol_w: forecast.phi_sol_w[0],
        phi_int_w: forecast.phi_int_w[0],
      };
      return decision;
    },
  };
}
