/** The same home under its plain thermostat, in the same weather as the real one. */
import type { SensorMetrics } from "@azru/contracts";
import { createThermostat } from "@azru/control";
import { stateSpaceOf, stepHouse } from "@azru/house";
import { type Disturbances, heatingCop } from "@azru/simulation";
import type { HouseModel } from "./house-model.ts";
import { noForecast } from "./no-forecast.ts";

/** Where the baseline stands at the beginning of a step. */
export interface BaselineState {
  readonly atMs: number; // home time
  readonly theta_m_c: number;
  readonly theta_air_c: number;
  readonly heating: boolean;
  readonly cost_eur: number; // since its beginning
}

/** One step that is over, and the state that it led to. */
export interface BaselineStep {
  readonly startMs: number;
  readonly metrics: SensorMetrics;
  readonly next: BaselineState;
}

/**
 * Computes the steps from `state` to `untilMs`, as far as weather and prices are known: nothing where they
 * do not begin at or before the state.
 *
 * @param weather what acted on the house; its grid holds `state.atMs`
 * @param price_eur_kwh of the weather's steps
 * @param min_c setpoints of the weather's steps: the thermostat's band moves with them
 */
export function baselineSteps(
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
  const house = { model: stateSpaceOf(model), maxPower_w };
  const stepMs = model.dtSeconds * 1000;
  const steps: BaselineStep[] = [];
  let now = state;
  for (let k = (state.atMs - weather.startMs) / stepMs; k >= 0 && k < weather.theta_e_c.length; k++) {
    if (now.atMs + stepMs > untilMs) break;
    const { valve } = thermostat.decide(
      { theta_air_c: now.theta_air_c, x_c: [now.theta_m_c] },
      { ...noForecast, min_c: min_c.subarray(k, k + 1) },
    );
    const step = stepHouse(house, [now.theta_m_c], {
      valve,
      theta_e_c: weather.theta_e_c[k],
      phi_sol_w: weather.phi_sol_w[k],
      phi_int_w: weather.phi_int_w[k],
      cop: heatingCop(building, weather.theta_e_c[k]),
      price_eur_kwh: price_eur_kwh[k],
    });
    const next = {
      atMs: now.atMs + stepMs,
      theta_m_c: step.x_c[0],
      theta_air_c: step.theta_air_c,
      heating: valve > 0,
      cost_eur: now.cost_eur + step.cost_eur,
    };
    steps.push({
      startMs: now.atMs,
      next,
      metrics: {
        temperature: next.theta_air_c,
        mass_temperature: next.theta_m_c,
        external_temperature: weather.theta_e_c[k],
        power_consumption: step.power_w,
        solar_power: weather.phi_sol_w[k],
        valve_position: 100 * valve,
        electricity_price: price_eur_kwh[k],
        heating_cost_step: step.cost_eur,
        heating_cost_cumulative: next.cost_eur,
      },
    });
    now = next;
  }
  return steps;
}
