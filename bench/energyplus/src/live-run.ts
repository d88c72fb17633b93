/** One house twice on the same days: under Azru's controller in the bench, and under the live core over MQTT. */
import { createThermostat } from "@azru/control";
import { learningController } from "./controllers.ts";
import type { HomeController } from "./home-controller.ts";
import { type BenchHouse, type HomeRecord, historyUntil, runHome } from "./home-run.ts";
import { type SourceCounts, startLiveHome } from "./live-controller.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { plainController } from "./plain-controller.ts";
import { comfortFloor, dtSeconds, firstJudgedDay, type Season, stepOfDay } from "./season.ts";

export interface LiveRun {
  readonly python: string;
  readonly house: BenchHouse;
  readonly season: Season;
  readonly days: number; // from 1 December on
  readonly seed: number;
  readonly noise_k: number;
  /** Called with the days that have passed of the run that goes on. */
  readonly onDay?: (what: "direct" | "live", days: number) => void;
}

export interface LiveComparison {
  readonly direct: Outcome;
  readonly live: Outcome;
  readonly sources: SourceCounts;
  /** Mean difference of the two valves, 0 to 1. */
  readonly valveDifference: number;
}

/**
 * November is the history in both; what is learnt from it stays as it is, so that both plan with the same house, and both
 * begin with what is kept over a restart.
 *
 * @throws PlantError when the plant ends early
 */
export async function compareLive(run: LiveRun): Promise<LiveComparison> {
  const { house, season } = run;
  const from = stepOfDay(firstJudgedDay);
  const judged = (record: HomeRecord) =>
    outcomeOf(record, from, season.rates, comfortFloor(house.building, house.absence));
  const direct = await liveThrough(run, "direct", async (k, record) =>
    restarted(run, learnt(run, k, record)),
  );
  let stop = async () => {};
  let sources: SourceCounts = {};
  const live = await liveThrough(run, "live", async (k, record) => {
    const home = await startLiveHome(season, house.building, learnt(run, k, record));
    ({ stop, sources } = home);
    return home.controller;
  }).finally(() => stop());
  const valves = direct.valve.subarray(from);
  const difference = valves.reduce((sum, valve, k) => sum + Math.abs(valve - live.valve[from + k]), 0);
  return {
    direct: judged(direct),
    live: judged(live),
    sources,
    valveDifference: difference / valves.length,
  };
}

/** A controller that has learnt from the home's history. */
function learnt({ house, season }: LiveRun, k: number, record: HomeRecord) {
  const { controller, inside } = learningController(settingOf(house));
  controller.learn(historyUntil(k, record, season));
  return inside;
}

/** The same with what is kept over a restart alone, as the live core begins: predictions that were being followed are lost. */
function restarted({ house }: LiveRun, { knowledge: { known, filter } }: ReturnType<typeof learnt>) {
  const { memory } = filter;
  return learningController(settingOf(house), { known, ...(memory && { memory }) }).controller;
}

function settingOf({ building }: BenchHouse) {
  return { building, dtSeconds, isForecastUncertain: true };
}

async function liveThrough(
  { python, house, season, days, seed, noise_k, onDay }: LiveRun,
  what: "direct" | "live",
  makeController: (k: number, record: HomeRecord) => Promise<HomeController>,
): Promise<HomeRecord> {
  const from = stepOfDay(firstJudgedDay);
  const perDay = 86_400 / dtSeconds;
  return runHome({
    ...{ python, house, season, steps: from + days * perDay, seed, noise_k },
    async controllerAt(k, record) {
      if (k > from && (k - from) % perDay === 0) onDay?.(what, (k - from) / perDay);
      if (k === 0) return plainController(createThermostat(house.building.thermostat));
      return k === from ? makeController(k, record) : undefined;
    },
    stopwatch: () => performance.now(),
  });
}
