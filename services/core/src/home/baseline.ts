/** The same home under its plain thermostat, living through the same weather beside the real one. */
import type { SensorMetrics } from "@azru/contracts";
import { createThermostat } from "@azru/control";
import { airTemperature_c, nextMassTemperature_c } from "@azru/physics";
import { type Disturbances, heatingCop } from "@azru/simulation";
import { noForecast } from "../decision/no-forecast.ts";
import type { HouseModel } from "./house-model.ts";

/** Where the baseline stands at the beginning of a step. */
export interface BaselineState {
  readonly atMs: number; // home time
  readonly theta_m_c: number;
  readonly theta_air_c: number;
  readonly heating: boolean;
  readonly cost_eur: number; // since its beginning
}

/** One step lived through, and where it led. */
export interface BaselineStep {
  readonly startMs: number;
  readonly metrics: SensorMetrics;
  readonly next: BaselineState;
}

/**
 * Lives through the steps from `state` to `untilMs`, as far as weather and prices are known: nothing where they
 * do not begin at or before the state.
 *
 * @param weather what acted on the house; its grid holds `state.atMs`
 * @param price_eur_kwh of the weather's steps
 * @param min_c setpoints of the weather's steps: the thermostat's band moves with them
 */
export function liveBaseline(
  { building, step: model, maxPower_w }: HouseModel,
  state: BaselineState,
  weather: Disturbances,
  price_eur_kwh: Float64Array,
  min_c: Float64Array,
  untilMs: number,
): BaselineStep[] {
  const thermostat = createThermostat({
    ...building.thermostat,
    min_c: building.comfort.min_c,
    initiallyOn: state.heating,
  });
  const stepMs = model.dtSeconds * 1000;
  const lived: BaselineStep[] = [];
  let now = state;
  for (let k = (state.atMs - weather.startMs) / stepMs; k >= 0 && k < weather.theta_e_c.length; k++) {
    if (now.atMs + stepMs > untilMs) break;
    const { valve } = thermostat.decide(now, { ...noForecast, min_c: min_c.subarray(k, k + 1) });
    const acting = [
      valve * maxPower_w,
      weather.theta_e_c[k],
      weather.phi_sol_w[k],
      weather.phi_int_w[k],
    ] as const;
    const power_w = acting[0] / heatingCop(building, weather.theta_e_c[k]);
    const step_eur = ((power_w * model.dtSeconds) / 3_600_000) * price_eur_kwh[k];
    const next = {
      atMs: now.atMs + stepMs,
      theta_m_c: nextMassTemperature_c(model, now.theta_m_c, ...acting),
      theta_air_c: airTemperature_c(model, now.theta_m_c, ...acting),
      heating: valve > 0,
      cost_eur: now.cost_eur + step_eur,
    };
    lived.push({
      startMs: now.atMs,
      next,
      metrics: {
        temperature: next.theta_air_c,
        mass_temperature: next.theta_m_c,
        external_temperature: weather.theta_e_c[k],
        power_consumption: power_w,
        solar_power: weather.phi_sol_w[k],
        valve_position: 100 * valve,
        electricity_price: price_eur_kwh[k],
        heating_cost_step: step_eur,
        heating_cost_cumulative: next.cost_eur,
      },
    });
    now = next;
  }
  return lived;
}
