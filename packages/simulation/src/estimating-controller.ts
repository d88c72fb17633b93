/** A controller in a real home: its sensors err, and it does not know how warm the walls are. */
import type { Controller } from "@azru/control";
import { type AdaptiveEstimator, createAdaptiveEstimator, type StepForces } from "@azru/identification";
import type { AffineStep } from "@azru/physics";
import { informedForecast, type OutdoorMiss } from "./informed-forecast.ts";
import { sensorError_k } from "./sensor-error.ts";

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
 * temperature and the outdoor one are used: the mass temperature is estimated, and what is foreseen is given as
 * `informedForecast` has it.
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
  const error_k = sensorError_k({ noise_k, seed });
  let estimator: AdaptiveEstimator | undefined;
  let foreseen: (StepForces & { readonly next_c: number | undefined }) | undefined;
  return {
    name: controller.name,
    horizonSteps: Math.max(1, controller.horizonSteps),
    decide(observation, forecast) {
      const theta_air_c = observation.theta_air_c + error_k();
      estimator ??= createAdaptiveEstimator({ theta_m_c: theta_air_c });
      let outdoor: OutdoorMiss | undefined;
      if (foreseen) {
        const { theta_e_c, next_c } = foreseen;
        if (observation.theta_e_c !== undefined)
          outdoor = { measured_c: observation.theta_e_c + error_k(), foreseen_c: theta_e_c, next_c };
        estimator.advance(model, { ...foreseen, theta_e_c: outdoor?.measured_c ?? theta_e_c }, theta_air_c);
      }
      const decision = controller.decide(
        { theta_air_c, x_c: [estimator.estimate.theta_m_c] },
        informedForecast(forecast, { estimator, model, margin, outdoor }),
      );
      foreseen = {
        phi_HC_w: decision.valve * maxPower_w,
        theta_e_c: forecast.theta_e_c[0],
        phi_sol_w: forecast.phi_sol_w[0],
        phi_int_w: forecast.phi_int_w[0],
        next_c: forecast.theta_e_c[1],
      };
      return decision;
    },
  };
}
