/** The heated home as it is known: what its rooms say, its walls, its cost, and its baseline. */
import { type OptimalPlan, type RoomState, timeMsOf } from "@azru/contracts";
import type { Forecast } from "@azru/control";
import type { MassEstimatorOptions } from "@azru/identification";
import { homeDay, type Logger } from "@azru/runtime";
import { type Disturbances, heatingCop } from "@azru/simulation";
import { type BaselineState, type BaselineStep, liveBaseline } from "./baseline.ts";
import { type Cost, createEnergyMeter } from "./energy-meter.ts";
import { gainsTranslation, type HouseModel } from "./house-model.ts";
import { createLiveEstimate, type HomeEstimate, type StoredEstimate } from "./mass-estimate.ts";
import { createOutdoor } from "./outdoor.ts";
import type { Reading } from "./reading.ts";
import { createRooms, type ZoneReading } from "./rooms.ts";
import { type Savings, withSpent } from "./spending.ts";
import type { Distrust } from "./trust.ts";

/** What is known of the home at the start. */
interface HouseMemory {
  /** The last of each room. */
  readonly readings: readonly Reading[];
  readonly plan?: {
    readonly requestedMs: number;
    readonly plan: Pick<OptimalPlan, "time" | "step_s" | "mass_temperature">;
  };
  readonly baseline?: BaselineState;
  readonly savings?: Savings | undefined;
  /** The last. */
  readonly estimate?: StoredEstimate;
}

export interface HouseOptions {
  readonly model: HouseModel;
  /** The heated zone's room: its sensors tell power and cost, where any do. */
  readonly room: string;
  readonly staleAfter_ms: number;
  readonly frozenAfter_ms: number;
  /** Distance that plans keep from the setpoint, in standard deviations of the air a step ahead. */
  readonly margin: number;
  readonly priceAt: (timeMs: number) => number; // EUR/kWh
  readonly log: Pick<Logger, "warn">;
  readonly memory: HouseMemory;
}

export interface House {
  /** Takes a reading; what it cost, or undefined where the reading comes too late. */
  measure(reading: Reading, nowMs: number): Cost | undefined;
  rooms(nowMs: number): RoomState[];
  /** Undefined where no room can be trusted. */
  zone(nowMs: number): ZoneReading | undefined;
  /** How often a room's sensor was found not to be trusted. */
  readonly distrusted: Readonly<Record<Distrust, number>>;
  /** The valve is at a position from now on, 0 to 1. */
  setValve(valve: number, nowMs: number): void;
  /** Electric power at a valve position (0 to 1) and outdoor temperature, W. */
  power_w(valve: number, theta_e_c: number): number;
  /**
   * Goes on to an instant, a multiple of the step, by what was foreseen at the one before.
   *
   * @returns what the baseline lived through meanwhile
   */
  advance(instantMs: number, zone: ZoneReading | undefined): readonly BaselineStep[];
  /** Tells the weather, the prices and the setpoints of the steps that begin. */
  foresee(weather: Disturbances, price_eur_kwh: Float64Array, min_c: Float64Array): void;
  /** What the walls are taken to be at the last instant; undefined before the first measurement. */
  readonly estimate: HomeEstimate | undefined;
  /** Internal gains to expect: those foreseen, and what the home shows beyond its model. One value a step. */
  gainsAhead_w(phi_int_w: Float64Array): Float64Array;
  /** What to plan with from the last instant on: what is foreseen, and what the home shows to be otherwise. */
  corrected(forecast: Forecast): Forecast;
  readonly savings: Savings | undefined;
  /** Electricity that the heating has used since the start, kWh. */
  readonly energy_kwh: number;
  /** Heat that the walls hold more than the baseline's, kWh; undefined where either is not known. */
  readonly heatLeft_kwh: number | undefined;
  /** Heat that lifts the walls by a kelvin, kWh. */
  readonly capacity_kwh_k: number;
  /**
   * From the last instant on the house is another model. What was counted stays counted; the baseline lives on in
   * the new house, its walls as much warmer or colder than the home's as they were.
   */
  changeModel(model: HouseModel): void;
}

export function createHouse(options: HouseOptions): House {
  const { room, priceAt, memory } = options;
  let { model } = options;
  const rooms = createRooms({
    ...options,
    get heatingLift_k() {
      return model.step.dq * model.maxPower_w;
    },
  });
  const outdoor_c = createOutdoor(options);
  for (const reading of memory.readings) rooms.accept(reading, reading.timeMs);
  const mass = createLiveEstimate({
    model,
    freshFor_ms: options.staleAfter_ms,
    margin: options.margin,
    log: options.log,
    remembered: rememberedEstimate(memory),
    evidence: memory.estimate?.evidence,
  });
  const lastCost_eur = memory.readings.find((reading) => reading.room === room)?.metrics
    .heating_cost_cumulative;
  const meter = createEnergyMeter(lastCost_eur);
  let energy_kwh = 0;
  let valve = 0;
  let theta_e_c = 0;
  let baseline: BaselineState | undefined = memory.baseline;
  let ahead: { weather: Disturbances; price_eur_kwh: Float64Array; min_c: Float64Array } | undefined;
  let savings: Savings | undefined = memory.savings;

  const power_w = (position: number, outdoor_c: number) =>
    (position * model.maxPower_w) / heatingCop(model.building, outdoor_c);

  function costOf({ metrics, timeMs }: Reading): Cost {
    const electricity_price = priceAt(timeMs);
    const power = metrics.power_consumption ?? power_w(valve, theta_e_c);
    const { step_eur, total_eur, energy_kwh: used_kwh } = meter.read(timeMs, power, electricity_price);
    energy_kwh = used_kwh;
    const heating_cost_step = metrics.heating_cost_step ?? step_eur;
    if (savings) {
      // A reading tells what was spent before it.
      const days = withSpent(savings.days, homeDay(timeMs - 1), { paid_eur: heating_cost_step });
      savings = { ...savings, cost_eur: savings.cost_eur + heating_cost_step, days };
    }
    return { electricity_price, heating_cost_step: step_eur, heating_cost_cumulative: total_eur };
  }

  function liveBeside(instantMs: number, zone: ZoneReading | undefined): readonly BaselineStep[] {
    const lived =
      baseline && ahead
        ? liveBaseline(model, baseline, ahead.weather, ahead.price_eur_kwh, ahead.min_c, instantMs)
        : [];
    const reached = lived.at(-1)?.next ?? baseline;
    if (savings && lived.length > 0) {
      const step_eur = reached!.cost_eur - (baseline?.cost_eur ?? 0);
      const opened = lived.reduce((sum, { metrics }) => sum + (metrics.valve_position ?? 0) / 100, 0);
      savings = {
        ...savings,
        baseline_eur: savings.baseline_eur + step_eur,
        baselineHeat_kwh:
          savings.baselineHeat_kwh + (opened * model.maxPower_w * model.step.dtSeconds) / 3.6e6,
        days: lived.reduce(
          (days, { startMs, metrics }) =>
            withSpent(days, homeDay(startMs), { baseline_eur: metrics.heating_cost_step ?? 0 }),
          savings.days,
        ),
      };
    }
    baseline = reached?.atMs === instantMs ? reached : rebegun(instantMs, zone, reached);
    if (baseline) savings ??= begun(instantMs);
    return lived;
  }

  /** A baseline that stands where the home stands: at the beginning, and after a gap. */
  function rebegun(
    atMs: number,
    zone: ZoneReading | undefined,
    before: BaselineState | undefined,
  ): BaselineState | undefined {
    if (!zone || !mass.now) return before;
    const { theta_air_c } = zone;
    const { theta_m_c } = mass.now;
    return { atMs, theta_m_c, theta_air_c, heating: valve > 0, cost_eur: before?.cost_eur ?? 0 };
  }

  return {
    measure(reading, nowMs) {
      if (!rooms.accept(reading, nowMs)) return undefined;
      const zone = rooms.zone(nowMs);
      const { valve_position } = reading.metrics;
      mass.sample(reading.timeMs, {
        theta_air_c: zone?.theta_air_c,
        theta_e_c: outdoor_c(reading),
        ...(reading.room === room &&
          valve_position !== undefined && { phi_HC_w: (valve_position / 100) * model.maxPower_w }),
      });
      return reading.room === room ? costOf(reading) : {};
    },
    rooms: rooms.states,
    zone: rooms.zone,
    distrusted: rooms.distrusted,
    setValve(position, nowMs) {
      valve = position;
      mass.order(nowMs, position * model.maxPower_w);
    },
    power_w,
    advance(instantMs, zone) {
      mass.advance(instantMs, zone?.theta_air_c);
      return liveBeside(instantMs, zone);
    },
    foresee(weather, price_eur_kwh, min_c) {
      mass.foresee(weather);
      ahead = { weather, price_eur_kwh, min_c };
      theta_e_c = weather.theta_e_c[0];
    },
    get estimate() {
      return mass.now;
    },
    gainsAhead_w: mass.gainsAhead_w,
    corrected: mass.corrected,
    get savings() {
      return savings;
    },
    get energy_kwh() {
      return energy_kwh;
    },
    get heatLeft_kwh() {
      if (!baseline || !mass.now) return undefined;
      return model.capacity_kwh_k * (mass.now.theta_m_c - baseline.theta_m_c);
    },
    get capacity_kwh_k() {
      return model.capacity_kwh_k;
    },
    changeModel(next) {
      const before = mass.now;
      mass.changeModel(next);
      if (ahead) {
        const weather = translatedGains(ahead.weather, gainsTranslation(model, next));
        mass.foresee(weather);
        ahead = { ...ahead, weather };
      }
      if (baseline && before && mass.now) {
        const found_k = mass.now.theta_m_c - before.theta_m_c;
        baseline = { ...baseline, theta_m_c: baseline.theta_m_c + found_k };
      }
      model = next;
    },
  };
}

function translatedGains(
  weather: Disturbances,
  translated: ReturnType<typeof gainsTranslation>,
): Disturbances {
  const gains = Array.from(weather.phi_sol_w, (phi_sol_w, k) =>
    translated({ phi_sol_w, phi_int_w: weather.phi_int_w[k] }),
  );
  return {
    ...weather,
    phi_sol_w: Float64Array.from(gains, ({ phi_sol_w }) => phi_sol_w),
    phi_int_w: Float64Array.from(gains, ({ phi_int_w }) => phi_int_w),
  };
}

function begun(sinceMs: number): Savings {
  return { sinceMs, cost_eur: 0, baseline_eur: 0, baselineHeat_kwh: 0, days: [] };
}

const remembered_k = 0.3; // standard deviation of the walls after a restart
/** For so long the walls stay about where they were. */
const slow_ms = 3_600_000;
const longestGains_ms = 72 * 3_600_000;

/** What an earlier life takes the walls to be at an instant: its last estimate, or later where its plan leads. */
function rememberedEstimate({ estimate: last, plan: kept }: HouseMemory) {
  return (instantMs: number): Omit<MassEstimatorOptions, "noise"> | undefined => {
    const age_ms = last ? instantMs - last.atMs : Number.NaN;
    const planned = kept?.plan.time.findIndex(
      (time) => timeMsOf(time) + kept.plan.step_s * 1000 === instantMs,
    );
    const planned_c = planned === undefined ? undefined : kept?.plan.mass_temperature[planned];
    const theta_m_c = age_ms >= 0 && age_ms <= slow_ms ? last?.theta_m_c : planned_c;
    if (theta_m_c === undefined) return undefined;
    const gains =
      last && age_ms >= 0 && age_ms <= longestGains_ms
        ? { phi_u_w: last.phi_u_w, phi_u_sd_w: last.phi_u_sd_w }
        : {};
    return { theta_m_c, theta_m_sd_k: remembered_k, ...gains };
  };
}
