/** The MPC in a home of several states whose sensors err: its states are estimated, as they are in a real home. */
import type { Controller, Solver } from "@azru/control";
import { homeHour } from "@azru/time";
import type { Building } from "./building.ts";
import { isDayOff } from "./day-off.ts";
import { homeProblem, unprovedHouse } from "./home-controller.ts";
import { createHouseKnowledge } from "./house-knowledge.ts";
import { sensorError_k } from "./sensor-error.ts";

export interface FilteringOptions {
  /** What the controller takes the house for: as it was learnt, where it was. */
  readonly modelBuilding: Building;
  readonly startMs: number; // of the first decision, Unix time
  readonly dtSeconds: number;
  readonly horizonSteps: number;
  readonly solver: Solver;
  /** Standard deviation of the error of both thermometers, K, and the number that the errors follow from. */
  readonly noise_k: number;
  readonly seed: number;
}

/**
 * Plans as the home's controller does, from the first step on: a replay asks what plans are worth, and does not wait
 * until the model has proved itself. The distance from the floor of comfort follows from the errors of its predictions.
 */
export function filteringController(options: FilteringOptions): Controller {
  const { modelBuilding, startMs, dtSeconds, horizonSteps, solver, noise_k, seed } = options;
  const known = unprovedHouse(modelBuilding);
  const knowledge = createHouseKnowledge(known, { dtSeconds, hourOfDay: homeHour, isDayOff });
  const error_k = sensorError_k({ noise_k, seed });
  let phi_HC_w = 0;
  let k = 0;
  return {
    name: "mpc",
    horizonSteps,
    decide(observation, forecast) {
      const theta_air_c = observation.theta_air_c + error_k();
      const outdoor = observation.theta_e_c;
      const nowMs = startMs + k++ * dtSeconds * 1000;
      knowledge.advance({
        phi_HC_w,
        theta_air_c,
        ...(outdoor !== undefined && { theta_e_c: outdoor + error_k() }),
      });
      const problem = homeProblem(modelBuilding, knowledge, horizonSteps, nowMs, forecast);
      const valve = problem ? solver(problem).valve[0] : 0; // nothing has been measured before the first step
      phi_HC_w = valve * known.house.heaterPower_w;
      return { valve };
    },
  };
}
