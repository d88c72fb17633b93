/** What the sensors of the simulated home say. */
import { isoTimeOf, type SensorMetrics } from "@azru/contracts";
import { randomLcg, randomNormal } from "d3-random";
import type { Moment } from "./twin.ts";

/** Reads a moment; each reading has its own error. */
export type Sensors = (moment: Moment) => SensorMetrics;

/**
 * Thermometers with a normally distributed error; what the twin knows of itself (mass temperature, power,
 * cost) is exact.
 *
 * @param noise_k standard deviation of the error of air and outdoor temperature
 * @param seed the same seed, the same errors
 */
export function createSensors(noise_k: number, seed: number): Sensors {
  const error_k = randomNormal.source(randomLcg(seed))(0, noise_k);
  return ({ timeMs, ...moment }) => ({
    temperature: moment.theta_air_c + error_k(),
    mass_temperature: moment.theta_m_c,
    external_temperature: moment.theta_e_c + error_k(),
    power_consumption: moment.power_w,
    solar_power: moment.phi_sol_w,
    valve_position: moment.valve * 100,
    ...(moment.price_eur_kwh !== undefined && {
      electricity_price: moment.price_eur_kwh,
      heating_cost_step: moment.costStep_eur,
      heating_cost_cumulative: moment.cost_eur,
    }),
    sim_time: isoTimeOf(timeMs),
  });
}
