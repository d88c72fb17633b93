import { createZone } from "@azru/physics";
import { compare, kpis, type RunPlan } from "@azru/simulation";
import { readBuilding } from "./building-file.ts";
import type { StudyRequest } from "./command.ts";
import { runAll } from "./pool.ts";
import type { Progress } from "./progress.ts";
import type { Run, Study } from "./study.ts";
import { homeDay } from "./time.ts";
import { gatherWorld } from "./world.ts";

const start_c = 20;

export interface StudyContext {
  readonly cacheFolder: string;
  readonly nowMs: number; // Unix time
  readonly progress: Progress;
  readonly note: (line: string) => void;
  /** Ends the study where it is; what was computed is returned. */
  readonly signal: AbortSignal;
}

/**
 * Runs every building in every mode, in parallel, on the same weather and tariff.
 *
 * @throws UsageError in one line when the request names something that is not there or makes no sense
 */
export async function runStudy(request: StudyRequest, context: StudyContext): Promise<Study> {
  const buildings = await Promise.all(request.buildingFiles.map(readBuilding));
  const world = await gatherWorld(request, context.cacheFolder, context.nowMs);
  for (const line of world.notes) context.note(line);

  const plans = buildings.flatMap((building) =>
    request.modes.map(
      (mode): RunPlan => ({
        building,
        mode,
        steps: world.steps,
        horizonSteps: request.horizonSteps,
        weather: world.weather,
        price_eur_kwh: world.price_eur_kwh,
        theta_start_c: start_c,
        ...(world.weatherOutlook && { weatherOutlook: world.weatherOutlook }),
        ...(world.priceOutlook && { priceOutlook: world.priceOutlook }),
      }),
    ),
  );
  const { startMs, dtSeconds } = request;
  const days = Math.floor((world.steps * dtSeconds) / 86_400);
  const names = plans.map(({ building, mode }) => `${building.name} ${mode}`);
  context.progress.begin(names, days);
  const trajectories = await runAll({
    plans,
    signal: context.signal,
    onDay: (i, message) =>
      context.progress.day({
        ...message,
        run: names[i],
        dayStartMs: startMs + (message.day - 1) * 86_400_000,
      }),
  });

  const stamp = context.nowMs.toString(36);
  const runs = plans.map(({ building, mode }, i): Run => {
    const trajectory = trajectories[i];
    const period = `${homeDay(startMs)}--${homeDay(request.endMs)}`;
    return {
      id: `${period}-${building.name}-${mode}-${stamp}`,
      mode,
      building,
      trajectory,
      kpis: kpis(trajectory, building.comfort),
    };
  });
  return {
    startMs,
    endMs: startMs + world.steps * dtSeconds * 1000,
    weather: world.weather.source,
    tariff: world.tariff,
    rates: world.rates,
    runs,
    comparisons: comparisonsOf(runs),
    complete: trajectories.every(({ length }) => length === world.steps),
  };
}

/** Each building's MPC against its thermostat, where both lived through the same time. */
function comparisonsOf(runs: readonly Run[]): Study["comparisons"] {
  return runs
    .filter(({ mode }) => mode === "mpc")
    .flatMap((mpc) => {
      const baseline = runs.find(({ mode, building }) => mode === "manual" && building === mpc.building);
      if (!baseline || baseline.trajectory.length !== mpc.trajectory.length) return [];
      const { C_m } = createZone(mpc.building.zone);
      return [{ building: mpc.building.name, result: compare(baseline.kpis, mpc.kpis, C_m) }];
    });
}
