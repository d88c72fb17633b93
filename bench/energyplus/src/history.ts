/** Makes histories of EnergyPlus houses, with the truth beside them. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { say, UsageError } from "@azru/command-line";
import { cutSteps } from "@azru/weather";
import { controllerNamed } from "./controllers.ts";
import type { HeatLoss } from "./heat-loss.ts";
import { historyCsv } from "./history-file.ts";
import type { HomeHistory } from "./home-controller.ts";
import { type BenchHouse, historyUntil, runHome } from "./home-run.ts";
import { type BenchWeather, dtSeconds, gatherSeason, stepOfDay } from "./season.ts";

/** Which stretch of a winter, in which house, under whom. */
export interface HistoryStretch {
  readonly python: string;
  readonly house: BenchHouse;
  readonly weather: BenchWeather;
  readonly controller: string;
  readonly firstDay: string; // YYYY-MM-DD; the season's days before it are simulated, not written
  readonly days: number;
  readonly seed: number;
  readonly noise_k: number;
}

export interface HistoryRequest extends HistoryStretch {
  readonly loss?: HeatLoss;
  readonly outDirectory: string;
}

/**
 * What the home recorded in a stretch of the winter.
 *
 * @throws UsageError when it leaves the winter
 */
export async function recordHistory(stretch: HistoryStretch): Promise<HomeHistory> {
  const { python, house, weather, controller, days, seed, noise_k } = stretch;
  const season = await gatherSeason(weather, "realistic", seed);
  const from = stepOfDay(stretch.firstDay);
  const steps = from + days * 96;
  if (!(from >= 0 && steps <= season.steps))
    throw new UsageError(`--start ${stretch.firstDay} --days ${days} must lie within 1 November to 31 March`);
  const { building } = house;
  const made = controllerNamed(controller)({ building, dtSeconds, isForecastUncertain: true });
  const record = await runHome({
    ...{ python, house, season, steps, seed, noise_k },
    controllerAt: async (k) => (k === 0 ? made : undefined),
    stopwatch: () => 0,
  });
  const all = historyUntil(steps, record, season);
  const part = (column: Float64Array) => column.slice(from);
  return {
    ...all,
    startMs: all.startMs + from * dtSeconds * 1000,
    theta_air_c: part(all.theta_air_c),
    theta_e_c: part(all.theta_e_c),
    power_w: part(all.power_w),
    valve: part(all.valve),
    weather: cutSteps(all.weather, from, days * 96),
  };
}

/** Writes `NAME.csv`, and `NAME.json` with house, weather and the true heat loss where given; returns the CSV's path. */
export async function makeHistory(request: HistoryRequest): Promise<string> {
  const { house, weather, controller, days, seed, noise_k, loss } = request;
  const csv = historyCsv(await recordHistory(request));
  const name = [house.name, ...house.variation, controller, request.firstDay, `${days}d`, `seed${seed}`]
    .join("-")
    .replaceAll(/[^\w.]+/g, "-");
  await mkdir(request.outDirectory, { recursive: true });
  const file = join(request.outDirectory, `${name}.csv`);
  const truth = {
    ...{ house: house.name, variation: house.variation, controller, days, seed, noise_k },
    ...{
      first_day: request.firstDay,
      weather: weather.name,
      weather_file: weather.file,
      heat_loss: loss,
      building: house.building,
    },
  };
  await writeFile(file, csv);
  await writeFile(join(request.outDirectory, `${name}.json`), `${JSON.stringify(truth, null, 2)}\n`);
  say(file);
  return file;
}
