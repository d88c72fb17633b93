/** One home through one winter: what is asked of it, how its plan is built, and what came of it. */
import { join } from "node:path";
import { readBuilding } from "@azru/contracts/building-file";
import { calibrate } from "@azru/identification";
import {
  type Building,
  kpis,
  netCost_eur,
  perfectForesight,
  type RunPlan,
  simulateWhole,
  type Trajectory,
} from "@azru/simulation";
import { parseCommand } from "../src/command.ts";
import { gatherWorld, type World } from "../src/world.ts";

/** A home, a controller and what it knows: all that distinguishes one run from another. */
export interface WinterRun {
  readonly weather: string; // as `--weather` takes it
  readonly home: string; // a file of examples/buildings/
  readonly emission: Building["heating"]["emission"];
  readonly supply: Building["heating"]["supply"];
  readonly controller: "thermostat" | "foresight" | "mpc";
  /**
   * everything; all but colours that are not published yet; neither these nor the weather, which is foreseen with
   * errors; nor the walls' temperature, and sensors that err.
   */
  readonly knows: "everything" | "published" | "forecast" | "sensors";
  readonly minutes: number; // of a step
  readonly horizon_h: number;
  /** The zone of ISO 13790 where it is absent. */
  readonly twin?: "states";
  /** By what the controller mistakes the house, before and after calibration. */
  readonly model?: { readonly capacitance: number; readonly losses: number; readonly calibrated: boolean };
}

/** What a run cost and how cold it was. */
export interface WinterOutcome {
  /** Electricity, less the heat left in the walls at 0.9 of the last day's cheapest price. */
  readonly net_eur: number;
  readonly below_kh: number;
  readonly above_kh: number;
  readonly lowest_c: number;
}

/** What a controller that does not know all is given against it; the plan of every such run takes it from here. */
const uncertainty: Pick<RunPlan, "sensing"> = { sensing: { noise_k: 0.1, seed: 1, margin: 2.5 } };

const options: Record<WinterRun["knows"], readonly string[]> = {
  everything: ["--colours", "perfect"],
  published: [],
  forecast: ["--forecast", "realistic"],
  sensors: ["--forecast", "realistic"],
};

const buildings = join(import.meta.dirname, "../../../examples/buildings");
const worlds = new Map<string, Promise<World>>();

/** The winter of a run, 1 November to 31 March; gathered once. */
export function worldOf({ weather, knows, minutes, horizon_h }: WinterRun): Promise<World> {
  const ahead_h = String(Math.max(48, horizon_h)); // a shorter horizon sees the beginning of the same forecasts
  const asked = ["--weather", weather, "--step", String(minutes), "--horizon", ahead_h, ...options[knows]];
  const key = asked.join(" ");
  const known = worlds.get(key);
  if (known) return known;
  const request = parseCommand(["--start", "2025-11-01", "--end", "2026-04-01", ...asked]);
  if (!request?.study) throw new RangeError(`no study in ${key}`);
  const world = gatherWorld(request.study, "data/cache", Date.now());
  worlds.set(key, world);
  return world;
}

async function homeOf({ home, emission, supply }: WinterRun): Promise<Building> {
  const file = await readBuilding(join(buildings, `${home}.json`));
  return { ...file, heating: { ...file.heating, emission, supply } };
}

/** How a run is simulated. The one place that turns what is asked into a plan. */
async function planOf(run: WinterRun): Promise<RunPlan> {
  const [building, world] = [await homeOf(run), await worldOf(run)];
  const modelBuilding = run.model && (await modelOf(run, building, run.model));
  return {
    building,
    ...(modelBuilding && { modelBuilding }),
    mode: run.controller === "thermostat" ? "manual" : "mpc",
    steps: world.steps,
    horizonSteps: (run.horizon_h * 60) / run.minutes,
    solver: "exact",
    ...(run.twin && { twin: run.twin }),
    weather: world.weather,
    ...(world.weatherOutlook && { weatherOutlook: world.weatherOutlook }),
    price_eur_kwh: world.price_eur_kwh,
    ...(world.priceOutlook && { priceOutlook: world.priceOutlook }),
    theta_start_c: 20,
    ...(run.knows === "sensors" && uncertainty),
  };
}

/** The house as the controller takes it; the file when calibration refuses to better it. */
async function modelOf(
  run: WinterRun,
  { zone, ...building }: Building,
  { capacitance, losses, calibrated }: NonNullable<WinterRun["model"]>,
): Promise<Building> {
  const wrong = {
    ...building,
    zone: {
      ...zone,
      thermalCapacitance_j_m2k: capacitance * zone.thermalCapacitance_j_m2k,
      uWalls_w_m2k: losses * zone.uWalls_w_m2k,
      uWindows_w_m2k: losses * zone.uWindows_w_m2k,
      ventilation_ach: losses * zone.ventilation_ach,
      infiltration_ach: losses * zone.infiltration_ach,
    },
  };
  if (!calibrated) return wrong;
  const { model: _, ...right } = run;
  const { trajectory } = await simulated({ ...right, controller: "thermostat", knows: "everything" });
  return calibratedOnDecember(wrong, trajectory);
}

/** Calibrates a wrong file on the first four weeks of December under the thermostat. */
function calibratedOnDecember(file: Building, t: Trajectory): Building {
  const stepsADay = 86_400 / t.dtSeconds;
  const [from, until] = [30 * stepsADay, 58 * stepsADay];
  const part = (column: Float64Array) => column.slice(from, until);
  const result = calibrate(file, {
    startMs: t.startMs + from * t.dtSeconds * 1000,
    dtSeconds: t.dtSeconds,
    theta_air_c: part(t.theta_air_c),
    valve: part(t.valve),
    theta_e_c: part(t.theta_e_c),
    phi_sol_w: part(t.phi_sol_w),
    solarGains: "windows",
  });
  return result.accepted ? result.building : file;
}

/** Simulates a run of a thermostat or an MPC. */
export async function simulated(
  run: WinterRun,
): Promise<{ readonly plan: RunPlan; readonly trajectory: Trajectory }> {
  const plan = await planOf(run);
  return { plan, trajectory: simulateWhole(plan) };
}

/** The least net cost of all, and its discomfort. */
async function foresightOf(run: WinterRun): Promise<WinterOutcome> {
  const plan = await planOf(run);
  const best = perfectForesight(plan);
  return {
    net_eur: netCost_eur(plan, best.energyCost_eur, best.theta_m_c[plan.steps - 1]),
    below_kh: best.discomfortBelow_kh,
    above_kh: best.discomfortAbove_kh,
    lowest_c: best.theta_air_c.reduce((least, theta_c) => Math.min(least, theta_c)),
  };
}

/** Carries out a run; by itself, so that runs can share the cores. */
export default async function carryOut(run: WinterRun): Promise<WinterOutcome> {
  if (run.controller === "foresight") return foresightOf(run);
  const { plan, trajectory } = await simulated(run);
  const figures = kpis(trajectory, plan.building.comfort);
  return {
    net_eur: netCost_eur(plan, figures.cost_eur, figures.theta_m_end_c),
    below_kh: figures.discomfortBelow_kh,
    above_kh: figures.discomfortAbove_kh,
    lowest_c: figures.minTemperature_c,
  };
}
