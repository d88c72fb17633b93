/** The same home under the thermostat that it had, in the same weather as the real one. */
import type { SensorMetrics } from "@azru/contracts";
import { createThermostat, piStep } from "@azru/control";
import { stateSpaceOf, stepHouse } from "@azru/house";
import { calmGains, type Disturbances, heatingCop } from "@azru/simulation";
import type { HouseModel } from "./house-model.ts";
import { noForecast } from "./no-forecast.ts";

/** Where the baseline stands at the beginning of a step. */
export interface BaselineState {
  readonly atMs: number; // home time
  readonly theta_m_c: number;
  readonly theta_air_c: number;
  readonly heating: boolean;
  /** Of an electronic thermostat, share of the power; 0 when absent. */
  readonly integral?: number;
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
 * @param min_c setpoints of the weather's steps: the thermostat's band moves with them, unless it is a constant one
 */
export function baselineSteps(
  house: HouseModel,
  state: BaselineState,
  weather: Disturbances,
  price_eur_kwh: Float64Array,
  min_c: Float64Array,
  untilMs: number,
): BaselineStep[] {
  const { building, step: model, maxPower_w } = house;
  const thermostat = createOldThermostat(house);
  const heated = { model: stateSpaceOf(model), maxPower_w };
  const stepMs = model.dtSeconds * 1000;
  const steps: BaselineStep[] = [];
  let now = state;
  for (let k = (state.atMs - weather.startMs) / stepMs; k >= 0 && k < weather.theta_e_c.length; k++) {
    if (now.atMs + stepMs > untilMs) break;
    const { valve, integral } = thermostat(now, min_c[k]);
    const step = stepHouse(heated, [now.theta_m_c], {
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
      ...(integral !== undefined && { integral }),
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

/** The thermostat that the home had: what it does in a step, and what it remembers of it. */
type OldThermostat = (
  now: BaselineState,
  setpoint_c: number,
) => { readonly valve: number; readonly integral?: number };

function createOldThermostat({ building, step, maxPower_w }: HouseModel): OldThermostat {
  const { thermostat, comfort } = building;
  if (thermostat.kind === "electronic") {
    const gains = calmGains(
      { ...building, heating: { ...building.heating, maxPower_w } },
      stateSpaceOf(step),
    );
    return ({ theta_air_c, integral = 0 }, setpoint_c) => {
      const held_c = thermostat.on_c + setpoint_c - comfort.min_c;
      return piStep(gains, integral, held_c - theta_air_c, step.dtSeconds);
    };
  }
  return ({ theta_air_c, theta_m_c, heating }, setpoint_c) => {
    const band = { ...thermostat, min_c: comfort.min_c, initiallyOn: heating };
    const min_c = Float64Array.of(thermostat.kind === "constant" ? comfort.min_c : setpoint_c);
    return createThermostat(band).decide({ theta_air_c, x_c: [theta_m_c] }, { ...noForecast, min_c });
  };
}
