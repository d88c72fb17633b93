/** A controller in a real home: its sensors err, and nobody tells it how warm the walls are. */
import type { Controller } from "@azru/control";
import { type AdaptiveEstimator, createAdaptiveEstimator, type StepForces } from "@azru/identification";
import type { AffineStep } from "@azru/physics";
import { randomLcg, randomNormal } from "d3-random";
import { nowcast_c } from "./nowcast.ts";

/** How a home is measured, and what is made of it. */
export interface Sensing {
  /** Standard deviation of the error of the air's sensor and of the outdoor one, K. */
  readonly noise_k: number;
  /** Whole number that the errors follow from. */
  readonly seed: number;
  /** Distance to keep from the floor of comfort, in standard deviations of the air a step ahead. */
  readonly margin: number;
}

/**
 * Puts noisy sensors and Kalman filters between a house and a controller. Of what is observed only the air
 * temperature and the outdoor one are used. The mass temperature is estimated; what the filter finds of gains that
 * the model does not know is foreseen to fade, and so is the error that the forecast has outdoors now. How far the
 * air tends to be from what was expected is learnt, and the controller told to keep a multiple of that.
 *
 * @param model what the controller takes the house for
 * @param maxPower_w thermal, as the controller knows it
 */
export function estimatingController(
  controller: Controller,
  model: AffineStep,
  maxPower_w: number,
  { noise_k, seed, margin }: Sensing,
): Controller {
  const goldenRatio = (1 + Math.sqrt(5)) / 2; // spreads neighbouring seeds over 0..1
  const error_k = randomNormal.source(randomLcg((seed * goldenRatio) % 1))(0, noise_k);
  let estimator: AdaptiveEstimator | undefined;
  let foreseen: StepForces | undefined;
  let nextOutdoor_c: number | undefined; // as the last forecast had it
  return {
    name: controller.name,
    horizonSteps: Math.max(1, controller.horizonSteps),
    decide(observation, forecast) {
      const { dtSeconds } = forecast;
      const theta_air_c = observation.theta_air_c + error_k();
      estimator ??= createAdaptiveEstimator(theta_air_c);
      let outdoorError_k = 0;
      if (foreseen) {
        if (observation.theta_e_c !== undefined)
          outdoorError_k = observation.theta_e_c + error_k() - foreseen.theta_e_c;
        const lived = { ...foreseen, theta_e_c: foreseen.theta_e_c + outdoorError_k };
        estimator.live(model, lived, theta_air_c);
        // A forecast issued since then may have mended a part of the error itself.
        if (nextOutdoor_c !== undefined) outdoorError_k -= forecast.theta_e_c[0] - nextOutdoor_c;
      }
      nextOutdoor_c = forecast.theta_e_c[1];
      const decision = controller.decide(
        { theta_air_c, theta_m_c: estimator.estimate.theta_m_c },
        {
          ...forecast,
          theta_e_c: nowcast_c(forecast.theta_e_c, outdoorError_k, dtSeconds),
          phi_int_w: estimator.gainsAhead_w(forecast.phi_int_w, dtSeconds),
          margin_k: estimator.spreadAhead_k(model, forecast.phi_sol_w).map((spread_k) => margin * spread_k),
        },
      );
      foreseen = {
        phi_HC_w: decision.valve * maxPower_w,
        theta_e_c: forecast.theta_e_c[0],
        phi_sol_w: forecast.phi_sol_w[0],
        phi_int_w: forecast.phi_int_w[0],
      };
      return decision;
    },
  };
}
