import { buildingOf, type Progress } from "@azru/command-line";
import { homeDay } from "@azru/runtime";
import {
  type Baseline,
  type Building,
  kpis,
  type PriceOutlook,
  piOf,
  type RunPlan,
  ruleFamily,
  type Trajectory,
} from "@azru/simulation";
import { addDays } from "@azru/tariff";
import { type BaselineRun, baselineResults } from "./baselines.ts";
import type { StudyRequest } from "./command.ts";
import { fileNameOf } from "./file-name.ts";
import { type Inputs, inputsOf } from "./inputs.ts";
import { runAll } from "./pool.ts";
import { ceilings_c, readSchedule, setpoints_c } from "./schedule-file.ts";
import { comparisonsOf, type Run, type Study } from "./study.ts";
import { gatherWorld, type World } from "./world.ts";

const start_c = 20;

/** A study that is ready to run: its sources exist and make sense. */
export interface PreparedStudy {
  readonly label: string;
  readonly inputs: Inputs;
  readonly request: StudyRequest;
  readonly world: World;
  readonly plans: readonly RunPlan[];
  /** What the predictive controller is compared with beside the thermostat; carried out, and not stored. */
  readonly baselinePlans: readonly BaselinePlan[];
}

type BaselinePlan = RunPlan & { readonly baseline: Baseline };

/**
 * Reads the buildings and gathers weather and prices; nothing is written but the cache of downloads.
 *
 * @param label what sets it apart from the other studies of a grid
 * @param nowMs the present, Unix time
 * @throws UsageError in one line when the request names something that is not there or makes no sense
 */
export async function prepareStudy(
  request: StudyRequest,
  cacheFolder: string,
  nowMs: number,
  label = "",
): Promise<PreparedStudy> {
  const { modelFile, scheduleFile } = request;
  const settings = scheduleFile === undefined ? undefined : await readSchedule(scheduleFile);
  const comfortOf = request.comfortOf ?? settings?.of;
  const asked = (building: Building): Building =>
    comfortOf === undefined ? building : { ...building, comfort: { ...building.comfort, of: comfortOf } };
  const files = await Promise.all(request.buildingFiles.map((file) => buildingOf("--building", file)));
  const { buildings, notes } = distinct(files.map(asked));
  const modelBuilding = modelFile === undefined ? undefined : asked(await buildingOf("--model", modelFile));
  const { startMs, dtSeconds, horizonSteps } = request;
  const world = await gatherWorld(request, cacheFolder, nowMs);
  const min_c = settings && setpoints_c(settings, buildings, startMs, dtSeconds, world.steps + horizonSteps);
  const planOf = (building: Building, mode: RunPlan["mode"]): RunPlan => ({
    ...(settings && min_c && maxOf(ceilings_c(settings, building, request, min_c))),
    building,
    mode,
    steps: world.steps,
    horizonSteps,
    solver: request.solver,
    weather: world.weather,
    price_eur_kwh: world.price_eur_kwh,
    theta_start_c: start_c,
    twin: request.twin,
    ...(modelBuilding && { modelBuilding }),
    ...(min_c && { min_c }),
    ...(request.state === "estimated" && {
      sensing: { noise_k: request.noise_k, seed: request.seed, margin: request.margin },
    }),
    ...(world.weatherOutlook && { weatherOutlook: world.weatherOutlook }),
    priceOutlook: outlookFor(mode, request.solver, world.priceOutlook),
  });
  const plans = buildings.flatMap((building) => request.modes.map((mode) => planOf(building, mode)));
  const baselinePlans = buildings.flatMap((building) => {
    const { weatherOutlook: _, ...plan } = planOf(building, "manual");
    return baselinesOf(building, request, world).map((baseline): BaselinePlan => ({ ...plan, baseline }));
  });
  const inputs = await inputsOf(request.options);
  return {
    label,
    inputs,
    request,
    world: { ...world, notes: [...world.notes, ...notes] },
    plans,
    baselinePlans,
  };
}

/** Buildings of one name get names of their own: tables, files and points in the store are distinguished by them. */
function distinct(buildings: readonly Building[]): { buildings: Building[]; notes: string[] } {
  const taken = new Set<string>();
  const notes: string[] = [];
  const named = buildings.map((building) => {
    let { name } = building;
    for (let i = 2; taken.has(fileNameOf(name)); i++) name = `${building.name} ${i}`;
    taken.add(fileNameOf(name));
    if (name === building.name) return building;
    notes.push(`Another building is called "${building.name}" too: here it is "${name}".`);
    return { ...building, name };
  });
  return { buildings: named, notes };
}

/** Rules follow colours: where the tariff has none there are none. */
function baselinesOf(building: Building, { baselines }: StudyRequest, world: World): Baseline[] {
  const hasColours = world.rates[0]?.colour !== undefined;
  return [
    ...(baselines.hasPi ? [piOf(building)] : []),
    ...(hasColours ? [...(baselines.hasBestRule ? ruleFamily(building) : []), ...baselines.rules] : []),
  ];
}

/** The prices foreseen, with what they may turn out to be for the one controller that plans for it. */
function outlookFor(mode: RunPlan["mode"], solver: RunPlan["solver"], outlook: PriceOutlook): PriceOutlook {
  if (mode === "mpc" && solver !== "lp") return outlook;
  const { colours: _, ...expected } = outlook;
  return expected;
}

/**
 * Runs every building in every mode of every study, in parallel on the cores.
 *
 * @param signal ends the studies where they are; what was computed is returned
 * @param stamp what distinguishes these studies' runs from those of the same period
 */
export async function runStudies(
  studies: readonly PreparedStudy[],
  progress: Progress,
  signal: AbortSignal,
  stamp: string,
): Promise<Study[]> {
  const jobs = studies.flatMap((study) => study.plans.map((plan) => ({ study, plan, spent_eur: 0 })));
  const others = studies.flatMap((study) => study.baselinePlans.map((plan) => ({ study, plan })));
  const names = jobs.map(({ study, plan }) =>
    [`${plan.building.name} ${plan.mode}`, study.label].filter((part) => part !== "").join(", "),
  );
  const daysOf = ({ world, request }: PreparedStudy) =>
    Math.floor((world.steps * request.dtSeconds) / 86_400);
  progress.begin(names, daysOf(studies[0]));
  const trajectories = await runAll({
    plans: [...jobs, ...others].map(({ plan }) => plan),
    signal,
    onDay(i, { day, cost_eur, energy_kwh, meanTemperature_c }) {
      if (i >= jobs.length) return;
      const job = jobs[i];
      job.spent_eur += cost_eur;
      progress.day(
        names[i],
        day,
        `${job.spent_eur.toFixed(2)} EUR`,
        `${addDays(homeDay(job.study.request.startMs), day - 1)} ${names[i]}: day ${day}/${daysOf(job.study)}, ` +
          `${energy_kwh.toFixed(1)} kWh, ${cost_eur.toFixed(2)} EUR, ${meanTemperature_c.toFixed(1)} C`,
      );
    },
  });
  return studies.map((study, k) => {
    const own = trajectories.slice(0, jobs.length).filter((_, i) => jobs[i].study === study);
    const baselines = trajectories.slice(jobs.length).filter((_, i) => others[i].study === study);
    return studyOf(study, own, baselines, studies.length > 1 ? `${stamp}-${k + 1}` : stamp);
  });
}

function studyOf(
  { label, inputs, request, world, plans, baselinePlans }: PreparedStudy,
  trajectories: readonly Trajectory[],
  baselineTrajectories: readonly Trajectory[],
  stamp: string,
): Study {
  const { startMs, dtSeconds } = request;
  const runs = plans.map(({ building, mode, min_c, max_c, twin }, i): Run => {
    const trajectory = trajectories[i];
    const period = `${homeDay(startMs)}--${homeDay(request.endMs)}`;
    return {
      id: `${period}-${fileNameOf(building.name)}-${mode}-${stamp}`,
      mode,
      building,
      ...(twin && { twin }),
      trajectory,
      ...(min_c && { min_c }),
      ...maxOf(max_c),
      kpis: kpis(trajectory, { ...building.comfort, ...(min_c && { min_c }), ...maxOf(max_c) }),
    };
  });
  const baselines = baselinePlans.map((plan, i) => baselineRun(plan, baselineTrajectories[i]));
  return {
    label,
    inputs,
    startMs,
    endMs: startMs + world.steps * dtSeconds * 1000,
    weather: world.weather.source,
    tariff: world.tariff,
    rates: world.rates,
    runs,
    comparisons: comparisonsOf(runs),
    baselines: baselineResults(runs, baselines, request.baselines),
    complete: trajectories.every(({ length }) => length === world.steps),
  };
}

function maxOf(max_c: Float64Array | undefined): { readonly max_c?: Float64Array } {
  return max_c ? { max_c } : {};
}

function baselineRun(
  { building, baseline, min_c, max_c }: BaselinePlan,
  trajectory: Trajectory,
): BaselineRun {
  const bounds = { ...building.comfort, ...(min_c && { min_c }), ...maxOf(max_c) };
  return { building, baseline, steps: trajectory.length, kpis: kpis(trajectory, bounds) };
}
