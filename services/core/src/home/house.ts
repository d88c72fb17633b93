/** The heated home as it is known: what its rooms say, its walls, its cost, and its baseline. */
import { type RoomState, timeMsOf } from "@azru/contracts";
import type { AffineStep } from "@azru/physics";
import { type Building, type Disturbances, heatingCop } from "@azru/simulation";
import type { Memory, Savings } from "../record/memory.ts";
import type { Cost } from "../record/recorder.ts";
import { type BaselineState, type BaselineStep, liveBaseline } from "./baseline.ts";
import { createEnergyMeter } from "./energy-meter.ts";
import { createMassEstimate } from "./mass-estimate.ts";
import type { Reading } from "./reading.ts";
import { createRooms, type ZoneReading } from "./rooms.ts";

export interface HouseOptions {
  readonly building: Building;
  readonly model: AffineStep;
  /** The heated zone's room: its sensors tell power and cost, where any do. */
  readonly room: string;
  readonly staleAfter_ms: number;
  readonly priceAt: (timeMs: number) => number; // EUR/kWh
  readonly memory: Pick<Memory, "readings" | "plan" | "baseline" | "savings">;
}

export interface House {
  /** Takes a reading; what it cost, or undefined where the reading comes too late. */
  measure(reading: Reading, nowMs: number): Cost | undefined;
  rooms(nowMs: number): RoomState[];
  /** Undefined where no room can be trusted. */
  zone(nowMs: number): ZoneReading | undefined;
  /** The valve was sent to a position, 0 to 1. */
  obey(valve: number): void;
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
  /** Estimated mass temperature, degrees C; undefined before the first measurement. */
  readonly theta_m_c: number | undefined;
  readonly savings: Savings | undefined;
}

export function createHouse(options: HouseOptions): House {
  const { building, model, room, priceAt, memory } = options;
  const { maxPower_w } = building.heating;
  const rooms = createRooms(options);
  for (const reading of memory.readings) rooms.accept(reading, reading.timeMs);
  const mass = createMassEstimate(model, expectedMass(memory.plan));
  const lastCost_eur = memory.readings.find((reading) => reading.room === room)?.metrics
    .heating_cost_cumulative;
  const meter = createEnergyMeter(lastCost_eur);
  let valve = 0;
  let theta_e_c = 0;
  let baseline: BaselineState | undefined = memory.baseline;
  let ahead: { weather: Disturbances; price_eur_kwh: Float64Array; min_c: Float64Array } | undefined;
  let savings: Savings | undefined = memory.savings;

  const power_w = (position: number, outdoor_c: number) =>
    (position * maxPower_w) / heatingCop(building, outdoor_c);

  function costOf({ metrics, timeMs }: Reading): Cost {
    const electricity_price = priceAt(timeMs);
    const power = metrics.power_consumption ?? power_w(valve, theta_e_c);
    const { step_eur, total_eur } = meter.read(timeMs, power, electricity_price);
    const heating_cost_step = metrics.heating_cost_step ?? step_eur;
    if (savings) savings = { ...savings, cost_eur: savings.cost_eur + heating_cost_step };
    return { electricity_price, heating_cost_step: step_eur, heating_cost_cumulative: total_eur };
  }

  function liveBeside(instantMs: number, zone: ZoneReading | undefined): readonly BaselineStep[] {
    const lived =
      baseline && ahead
        ? liveBaseline(building, model, baseline, ahead.weather, ahead.price_eur_kwh, ahead.min_c, instantMs)
        : [];
    const reached = lived.at(-1)?.next ?? baseline;
    if (savings && lived.length > 0) {
      const step_eur = reached!.cost_eur - (baseline?.cost_eur ?? 0);
      savings = { ...savings, baseline_eur: savings.baseline_eur + step_eur };
    }
    baseline = reached?.atMs === instantMs ? reached : rebegun(instantMs, zone, reached);
    if (baseline) savings ??= { sinceMs: instantMs, cost_eur: 0, baseline_eur: 0 };
    return lived;
  }

  /** A baseline that stands where the home stands: at the beginning, and after a gap. */
  function rebegun(
    atMs: number,
    zone: ZoneReading | undefined,
    before: BaselineState | undefined,
  ): BaselineState | undefined {
    if (!zone || mass.theta_m_c === undefined) return before;
    const { theta_air_c } = zone;
    const { theta_m_c } = mass;
    return { atMs, theta_m_c, theta_air_c, heating: valve > 0, cost_eur: before?.cost_eur ?? 0 };
  }

  return {
    measure(reading, nowMs) {
      if (!rooms.accept(reading, nowMs)) return undefined;
      const zone = rooms.zone(nowMs);
      const reported = reading.metrics.valve_position;
      const phi_HC_w = (reported === undefined ? valve : reported / 100) * maxPower_w;
      if (zone) mass.sample(reading.timeMs, { theta_air_c: zone.theta_air_c, phi_HC_w });
      return reading.room === room ? costOf(reading) : {};
    },
    rooms: rooms.states,
    zone: rooms.zone,
    obey(position) {
      valve = position;
    },
    power_w,
    advance(instantMs, zone) {
      mass.advance(instantMs, zone ?? {}, valve * maxPower_w);
      return liveBeside(instantMs, zone);
    },
    foresee(weather, price_eur_kwh, min_c) {
      mass.foresee(weather);
      ahead = { weather, price_eur_kwh, min_c };
      theta_e_c = weather.theta_e_c[0];
    },
    get theta_m_c() {
      return mass.theta_m_c;
    },
    get savings() {
      return savings;
    },
  };
}

/** The mass temperature that a plan expects at the instants that end its steps. */
function expectedMass(kept: Memory["plan"]) {
  return (instantMs: number) => {
    const k = kept?.plan.time.findIndex((time) => timeMsOf(time) + kept.plan.step_s * 1000 === instantMs);
    return k === undefined ? undefined : kept?.plan.mass_temperature[k];
  };
}
