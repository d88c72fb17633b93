/** A house under controllers, step by step, as a home would see it. */
import type { Building } from "@azru/simulation";
import { cutSteps } from "@azru/weather";
import { randomLcg, randomNormal } from "d3-random";
import type { HomeController, HomeHistory, HomeObservation } from "./home-controller.ts";
import { drivePlant, type PlantStep } from "./plant-process.ts";
import { dayAt, dtSeconds, homeForecasts, type Season } from "./season.ts";

/** A house: its plant, and the building file that its owner wrote. */
export interface BenchHouse {
  readonly name: string;
  /** Folder of its `plant.py`. */
  readonly plantFolder: string;
  readonly building: Building;
  /** Further arguments of its plant. */
  readonly variation: readonly string[];
  /** Absent where it errs by noise alone. */
  readonly thermometer?: Thermometer;
  readonly absence?: Absence;
}

/** How the indoor thermometer errs, beside its noise. */
export interface Thermometer {
  readonly resolution_k: number;
  /** By how much it lags; whole 5 minutes, less than a step. */
  readonly late_min: number;
  /** Too warm at full power of the heater, beside which it stands. */
  readonly heated_k: number;
}

/** Days on which the heating is set back, the first and the last included. */
export interface Absence {
  readonly firstDay: string; // YYYY-MM-DD
  readonly lastDay: string;
  /** Floor of comfort in them. */
  readonly min_c: number;
}

/** What happened, one value a step; of the air three. */
export interface HomeRecord {
  readonly steps: number;
  readonly valve: Float64Array; // 0 to 1
  readonly power_w: Float64Array; // electric
  readonly air5_c: Float64Array; // of 5 minutes
  readonly op_c: Float64Array; // operative
  readonly theta_e_c: Float64Array;
  /** NaN where an earlier plan was followed. */
  readonly decision_ms: Float64Array;
  readonly measuredAir_c: Float64Array;
  readonly measuredOutdoor_c: Float64Array;
}

export interface HomeRun {
  readonly python: string;
  readonly house: BenchHouse;
  readonly season: Season;
  readonly steps: number;
  /** Of people's habits and of the sensors' errors. */
  readonly seed: number;
  /** Standard deviation of the error of both thermometers, K. */
  readonly noise_k: number;
  /** Who decides from a step on, until the next one that is not undefined. */
  readonly controllerAt: (k: number, record: HomeRecord) => Promise<HomeController | undefined>;
  readonly stopwatch: () => number; // ms from any origin
}

const airValues = 3; // of 5 minutes a step

/**
 * Runs a house through the season's first `steps`.
 *
 * @throws PlantError when the plant ends early; RangeError when a controller leaves 0..1
 */
export async function runHome(run: HomeRun): Promise<HomeRecord> {
  const { python, house, season, steps, seed, noise_k } = run;
  const record = emptyRecord(steps);
  const forecastAt = homeForecasts(season, house.building, house.absence);
  const sensors = sensorsOf(house, seed, noise_k);
  let controller: HomeController | undefined;
  const lastDay = new Date(season.startMs + steps * dtSeconds * 1000 + 86_400_000).toISOString().slice(0, 10);
  const plant = { python, folder: house.plantFolder, house: house.name, weatherFile: season.weather.file };
  const firstDay = dayAt(season.startMs);
  const process = { ...plant, firstDay, lastDay, seed, hasPeople: true, arguments: house.variation };
  await drivePlant(process, async (step) => {
    const { k } = step;
    const observation = observe(step, record, season, sensors);
    if (k === steps) {
      controller?.close?.();
      return undefined;
    }
    controller = (await run.controllerAt(k, record)) ?? controller;
    if (!controller) throw new RangeError("no controller at the first step");
    const forecast = forecastAt(k, controller.horizonSteps);
    const before = run.stopwatch();
    const valve = await controller.decide(observation, forecast);
    record.decision_ms[k] = controller.usage?.().decision_ms ?? run.stopwatch() - before;
    if (!(valve >= 0 && valve <= 1))
      throw new RangeError(`${controller.name} decided valve ${valve} at step ${k}, must be within 0..1`);
    record.valve[k] = valve;
    return valve;
  });
  return record;
}

function emptyRecord(steps: number): HomeRecord {
  const column = (perStep = 1) => new Float64Array(steps * perStep);
  return {
    steps,
    valve: column(),
    power_w: column(),
    air5_c: column(airValues),
    op_c: column(),
    theta_e_c: column(),
    decision_ms: column(),
    measuredAir_c: column(),
    measuredOutdoor_c: column(),
  };
}

/** What the two thermometers of a home read of the step just past. */
interface Sensors {
  air_c(step: PlantStep, record: HomeRecord): number;
  outdoor_c(outdoor_c: number): number;
}

function sensorsOf({ thermometer, building }: BenchHouse, seed: number, noise_k: number): Sensors {
  const goldenRatio = (1 + Math.sqrt(5)) / 2; // spreads neighbouring seeds over 0..1
  const source = (stream: number) =>
    randomNormal.source(randomLcg(((2 * seed + stream) * goldenRatio) % 1))(0, noise_k);
  const [airError_k, outdoorError_k] = [source(0), source(1)];
  return {
    air_c(step, record) {
      const error_k = airError_k();
      if (!thermometer || step.k === 0) return step.air + error_k;
      const { resolution_k, late_min, heated_k } = thermometer;
      const share = Math.min(1, (step.power ?? 0) / building.heating.maxPower_w);
      const reading_c = lateMean_c(step, record, late_min) + heated_k * share + error_k;
      return resolution_k * Math.round(reading_c / resolution_k);
    },
    outdoor_c: (outdoor_c) => outdoor_c + outdoorError_k(),
  };
}

/** Mean air temperature of a quarter of an hour that ended so long before the step did. */
function lateMean_c({ k, air5 }: PlantStep, { air5_c }: HomeRecord, late_min: number): number {
  const before = air5_c.subarray(Math.max(0, k - 2) * airValues, (k - 1) * airValues);
  const all = [...before, ...air5];
  const values = all.slice(0, all.length - Math.round(late_min / 5)).slice(-airValues);
  return values.reduce((sum, value_c) => sum + value_c, 0) / values.length;
}

/** Records the step just past, and says what the home measured of it. */
function observe(step: PlantStep, record: HomeRecord, season: Season, sensors: Sensors): HomeObservation {
  const past = step.k - 1;
  const theta_air_c = sensors.air_c(step, record);
  const theta_e_c = sensors.outdoor_c(step.ext ?? season.truth.dryBulbTemperature_c[0]);
  const power_w = step.power ?? 0;
  if (past >= 0) {
    record.power_w[past] = power_w;
    record.air5_c.set(step.air5, past * airValues);
    record.op_c[past] = step.op ?? Number.NaN;
    record.theta_e_c[past] = step.ext ?? Number.NaN;
    record.measuredAir_c[past] = theta_air_c;
    record.measuredOutdoor_c[past] = theta_e_c;
  }
  return { timeMs: season.startMs + step.k * dtSeconds * 1000, theta_air_c, theta_e_c, power_w };
}

/** What the home has recorded up to a step. */
export function historyUntil(k: number, record: HomeRecord, season: Season): HomeHistory {
  const part = (column: Float64Array) => column.slice(0, k);
  return {
    startMs: season.startMs,
    dtSeconds,
    theta_air_c: part(record.measuredAir_c),
    theta_e_c: part(record.measuredOutdoor_c),
    power_w: part(record.power_w),
    valve: part(record.valve),
    weather: cutSteps(season.truth, 0, k),
  };
}
