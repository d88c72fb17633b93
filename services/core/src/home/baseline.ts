/** The same home under the thermostat that it had, in the same weather as the real one. */
import type { SensorMetrics } from "@azru/contracts";
import { createThermostat, piStep } from "@azru/control";
import {
  modelOf,
  type StateSpace,
  type StepForces,
  stateSpaceOf,
  stepHouse,
  storeTemperature_c,
} from "@azru/house";
import { calmGains, type Disturbances, heatingCop } from "@azru/simulation";
import type { HouseModel } from "./house-model.ts";
import { noForecast } from "./no-forecast.ts";

/** Where the baseline stands at the beginning of a step. */
export interface BaselineState {
  readonly atMs: number; // home time
  readonly theta_m_c: number; // of the heat store
  readonly theta_air_c: number;
  /** States of a house of several; absent for the 5R1C zone, and where they were not stored. */
  readonly x_c?: readonly number[];
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

/** A house of several states has a thermostat that decides each minute: its air warms by kelvins within a quarter of an hour. */
const thermostatStep_s = 60;

/**
 * Computes the steps from `state` to `untilMs`, as far as weather and prices are known: nothing where they
 * do not begin at or before the state. The house is the one that plans are made with: the learnt house of several states,
 * or the 5R1C zone.
 *
 * @param weather what acted on that house; its grid holds `state.atMs`
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
  const baseline = createBaseline(house);
  const stepMs = house.step.dtSeconds * 1000;
  const steps: BaselineStep[] = [];
  let now = state;
  for (let k = (state.atMs - weather.startMs) / stepMs; k >= 0 && k < weather.theta_e_c.length; k++) {
    if (now.atMs + stepMs > untilMs) break;
    const step = baseline(now, min_c[k], {
      theta_e_c: weather.theta_e_c[k],
      phi_sol_w: weather.phi_sol_w[k],
      phi_int_w: weather.phi_int_w[k],
      cop: heatingCop(house.building, weather.theta_e_c[k]),
      price_eur_kwh: price_eur_kwh[k],
    });
    steps.push(step);
    now = step.next;
  }
  return steps;
}

type BaselineForces = Omit<StepForces, "valve">;

/** One step of the baseline: its thermostat decides at the beginning, or each minute of it. */
function createBaseline(house: HouseModel) {
  const { maxPower_w, storeWeights: weights } = house;
  const model = baselineModel(house);
  const perStep = Math.round(house.step.dtSeconds / model.dtSeconds);
  const thermostat = createOldThermostat(house, model);
  return (start: BaselineState, setpoint_c: number, forces: BaselineForces): BaselineStep => {
    let now = start;
    let valve = 0; // mean
    let power_w = 0; // mean
    let cost_eur = 0;
    for (let i = 0; i < perStep; i++) {
      const decided = thermostat(now, setpoint_c);
      const step = stepHouse({ model, maxPower_w }, statesOf(house, now), {
        ...forces,
        valve: decided.valve,
      });
      valve += decided.valve / perStep;
      power_w += step.power_w / perStep;
      cost_eur += step.cost_eur;
      now = {
        atMs: now.atMs,
        theta_m_c: storeTemperature_c({ weights }, step.x_c),
        theta_air_c: step.theta_air_c,
        ...(house.known && { x_c: [...step.x_c] }),
        heating: decided.valve > 0,
        ...(decided.integral !== undefined && { integral: decided.integral }),
        cost_eur: start.cost_eur + cost_eur,
      };
    }
    return {
      startMs: start.atMs,
      next: { ...now, atMs: start.atMs + house.step.dtSeconds * 1000 },
      metrics: {
        temperature: now.theta_air_c,
        mass_temperature: now.theta_m_c,
        external_temperature: forces.theta_e_c,
        power_consumption: power_w,
        solar_power: forces.phi_sol_w,
        valve_position: 100 * valve,
        electricity_price: forces.price_eur_kwh,
        heating_cost_step: cost_eur,
        heating_cost_cumulative: now.cost_eur,
      },
    };
  };
}

/** The house of the baseline, at the step of its thermostat; its output is the air when the step is over. */
function baselineModel({ known, step }: HouseModel): StateSpace {
  if (!known) return stateSpaceOf(step);
  const perStep = Math.max(1, Math.round(step.dtSeconds / thermostatStep_s));
  return modelOf(known.house, step.dtSeconds / perStep, "airAtEnd");
}

/** The states of the baseline's house. Where only air and heat store are known, all behind the air is equally warm. */
export function statesOf(
  { storeWeights }: Pick<HouseModel, "storeWeights">,
  { x_c, theta_air_c, theta_m_c }: Pick<BaselineState, "x_c" | "theta_air_c" | "theta_m_c">,
): readonly number[] {
  if (x_c?.length === storeWeights.length) return x_c;
  return shiftedStates(
    storeWeights.map(() => theta_m_c),
    storeWeights,
    theta_air_c,
    theta_m_c,
  );
}

/**
 * States of which the first is the air's temperature, and the others are shifted alike until the heat store has its.
 *
 * @param weights of each state in the heat store's temperature, see `heatStore`
 */
export function shiftedStates(
  x_c: readonly number[],
  weights: readonly number[],
  theta_air_c: number,
  theta_m_c: number,
): readonly number[] {
  if (weights.length === 1) return [theta_m_c];
  const states = [theta_air_c, ...x_c.slice(1)];
  const behind = 1 - weights[0];
  const lift_k = (theta_m_c - storeTemperature_c({ weights }, states)) / behind;
  return states.map((theta_c, i) => (i === 0 ? theta_c : theta_c + lift_k));
}

/** The thermostat that the home had: what it does in a step, and what it remembers of it. */
type OldThermostat = (
  now: BaselineState,
  setpoint_c: number,
) => { readonly valve: number; readonly integral?: number };

function createOldThermostat({ building, maxPower_w }: HouseModel, model: StateSpace): OldThermostat {
  const { thermostat, comfort } = building;
  if (thermostat.kind === "electronic") {
    const gains = calmGains({ ...building, heating: { ...building.heating, maxPower_w } }, model);
    return ({ theta_air_c, integral = 0 }, setpoint_c) => {
      const held_c = thermostat.on_c + setpoint_c - comfort.min_c;
      return piStep(gains, integral, held_c - theta_air_c, model.dtSeconds);
    };
  }
  return ({ theta_air_c, theta_m_c, heating }, setpoint_c) => {
    const band = { ...thermostat, min_c: comfort.min_c, initiallyOn: heating };
    const min_c = Float64Array.of(thermostat.kind === "constant" ? comfort.min_c : setpoint_c);
    return createThermostat(band).decide({ theta_air_c, x_c: [theta_m_c] }, { ...noForecast, min_c });
  };
}
