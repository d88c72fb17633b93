/** One house under one controller through the season; by itself, so that runs can share the cores. */
import { controllerNamed } from "./controllers.ts";
import type { HomeController, HomeHistory, Usage } from "./home-controller.ts";
import { historyUntil, runHome } from "./home-run.ts";
import { houseNamed } from "./house-files.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { PlantError } from "./plant-process.ts";
import {
  benchWeather,
  comfortFloor,
  dtSeconds,
  firstJudgedDay,
  gatherSeason,
  type Season,
  stepOfDay,
} from "./season.ts";

/** Histories by the names that people type. */
export const historyNames = ["november", "spring", "none"] as const;
type HistoryName = (typeof historyNames)[number];

/** All that distinguishes one run from another. */
export interface WinterRun {
  readonly weather: string; // for people
  readonly house: string;
  /** Name of the building file where it is not the house's. */
  readonly building: string;
  readonly controller: string; // as `controllerNamed` takes it
  /** What the home has recorded before the controller takes over: November or spring under the thermostat, or nothing. */
  readonly history: HistoryName;
  readonly forecast: "perfect" | "realistic";
  readonly seed: number;
  readonly noise_k: number;
  readonly lastDay: string; // YYYY-MM-DD
}

/** Where a run finds what it needs on this machine. */
export interface WinterTask {
  readonly run: WinterRun;
  readonly python: string;
  readonly plant?: string; // folder of another plant
  readonly weatherFile?: string;
}

const seasons = new Map<string, Promise<Season>>();

async function seasonOf({ run, weatherFile }: WinterTask): Promise<Season> {
  const key = `${weatherFile} ${run.forecast} ${run.seed}`;
  const found = seasons.get(key) ?? gatherSeason(await benchWeather(weatherFile), run.forecast, run.seed);
  seasons.set(key, found);
  return found;
}

/** An outcome, or why the plant ended early; an error's class does not survive the way out of a thread. */
export type OutcomeOrReason = { readonly outcome: Outcome } | { readonly plantEnded: string };

/** Carries out a run. */
export default async function carryOut(task: WinterTask): Promise<OutcomeOrReason> {
  try {
    return { outcome: (await outcomeOfRun(task, () => performance.now())).outcome };
  } catch (error) {
    if (error instanceof PlantError) return { plantEnded: error.message };
    throw error;
  }
}

/** April and May under the thermostat: mild and sunny. */
async function springHistory({ run, python, plant, weatherFile }: WinterTask): Promise<HomeHistory> {
  const { seed, noise_k } = run;
  const season = await gatherSeason(await benchWeather(weatherFile), run.forecast, seed, "spring");
  const { absence: _, ...house } = await houseNamed(run.house, plant, run.building);
  const { steps } = season;
  const setting = { building: house.building, dtSeconds, isForecastUncertain: false };
  const record = await runHome({
    ...{ python, house, season, steps, seed, noise_k, stopwatch: () => 0 },
    controllerAt: async (k) => (k === 0 ? controllerNamed("thermostat")(setting) : undefined),
  });
  return historyUntil(steps, record, season);
}

/**
 * Only 1 December and later counts.
 *
 * @param stopwatch ms, of which a decision takes its part
 */
export async function outcomeOfRun(
  task: WinterTask,
  stopwatch: () => number,
): Promise<{ readonly outcome: Outcome; readonly usage?: Usage }> {
  const { run, python, plant } = task;
  const { seed, noise_k } = run;
  const season = await seasonOf(task);
  const house = await houseNamed(run.house, plant, run.building);
  const { building } = house;
  const make = controllerNamed(run.controller);
  const from = stepOfDay(firstJudgedDay);
  const steps = stepOfDay(run.lastDay) + 86_400 / dtSeconds;
  let controller: HomeController | undefined;
  const controllerAt = async (
    k: number,
    record: Parameters<typeof historyUntil>[1],
  ): Promise<HomeController | undefined> => {
    if (k === 0) return controllerNamed("thermostat")({ building, dtSeconds, isForecastUncertain: false });
    if (k !== from) return undefined;
    controller = make({ building, dtSeconds, isForecastUncertain: run.forecast === "realistic" });
    if (run.history === "november") await controller.learn?.(historyUntil(k, record, season));
    if (run.history === "spring") await controller.learn?.(await springHistory(task));
    return controller;
  };
  const record = await runHome({ python, house, season, steps, seed, noise_k, controllerAt, stopwatch });
  const outcome = outcomeOf(record, from, season.rates, comfortFloor(building, house.absence));
  const usage = controller?.usage?.();
  const control = controller?.account?.();
  return { outcome: { ...outcome, ...(control && { control }) }, ...(usage && { usage }) };
}
