/** The house that the soak heats: the building's physics and a valve, outside every service. */
import {
  affineStep,
  airTemperature_c,
  createZone,
  emissionSystems,
  nextMassTemperature_c,
} from "@azru/physics";
import { type Building, disturbances } from "@azru/simulation";
import type { WeatherSteps } from "@azru/weather";

export interface House {
  /** Lives through one step with the valve (0 to 1) where it is; the air's mean temperature, degrees C. */
  step(valve: number): number;
  /** Skips steps of the weather, in which the house stands still. */
  skip(steps: number): void;
}

/** @param weather one value a step, as many as the house shall live */
export function createHouse(building: Building, weather: WeatherSteps, theta_m_c: number): House {
  const { emission, maxPower_w } = building.heating;
  const model = affineStep(createZone(building.zone), emissionSystems[emission], weather.dtSeconds);
  const { theta_e_c, phi_sol_w, phi_int_w } = disturbances(building, weather);
  let k = 0;
  let mass_c = theta_m_c;
  return {
    step(valve) {
      const inputs = [mass_c, valve * maxPower_w, theta_e_c[k], phi_sol_w[k], phi_int_w[k]] as const;
      const air_c = airTemperature_c(model, ...inputs);
      mass_c = nextMassTemperature_c(model, ...inputs);
      k++;
      return air_c;
    },
    skip(steps) {
      k += steps;
    },
  };
}
