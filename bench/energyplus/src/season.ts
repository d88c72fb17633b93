/** The winter of every house of the bench: weather, tariff, and what is known of them when. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Forecast } from "@azru/control";
import {
  type Building,
  disturbances,
  forecastAt,
  publishedPrices,
  seasonTemperatures,
} from "@azru/simulation";
import { allotCalendar, type Rate, type Tariff, type TempoCalendar, tempoTariff } from "@azru/tariff";
import {
  cutSteps,
  type EpwFile,
  epwSource,
  forecastSteps,
  parseEpw,
  referenceYearSource,
  stepMeans,
  type WeatherSteps,
} from "@azru/weather";
import { oddsFromForecasts } from "../../../services/batch/src/colour-odds.ts";
import { epwOf } from "./epw-text.ts";
import type { Absence } from "./home-run.ts";
import { cacheFolder } from "./python.ts";

export const dtSeconds = 900;
export const firstDay = "2025-11-01";
export const firstJudgedDay = "2025-12-01";
export const lastDay = "2026-03-31";
/** Spring, which a home may have been seen in alone before the winter. */
const springDays = { firstDay: "2025-04-01", endDay: "2025-06-01" };

const dtMs = dtSeconds * 1000;
const stepsADay = 86_400 / dtSeconds;
const utcOffset_h = 1; // of the plants, all winter
const longestHorizonSteps = (72 * 3600) / dtSeconds;
const everySteps = 4; // an outlook an hour

/** Unix time at which a day begins in the plants. */
function dayMs(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) - utcOffset_h * 3_600_000;
}

/** Steps from the season's first to a day's first. */
export function stepOfDay(day: string): number {
  return stepsBetween(firstDay, day);
}

function stepsBetween(firstDay: string, day: string): number {
  return Math.round((dayMs(day) - dayMs(firstDay)) / dtMs);
}

/** The day on which an instant lies in the plants. */
export function dayAt(timeMs: number): string {
  return new Date(timeMs + utcOffset_h * 3_600_000).toISOString().slice(0, 10);
}

/** Weather as the plant's file and as numbers. */
export interface BenchWeather {
  readonly name: string;
  readonly file: string;
  readonly source: ReturnType<typeof epwSource>;
}

/**
 * A year on the plants' clock. What is of another time zone is moved by whole hours, and its place with it: the sun
 * stands as it does there at the same hour of the clock, by which people live and prices change.
 */
function onPlantsClock(epw: EpwFile): EpwFile {
  const { location } = epw;
  const longitude_deg = location.longitude_deg + 15 * (utcOffset_h - epw.utcOffset_h);
  return { ...epw, utcOffset_h, location: { ...location, longitude_deg } };
}

/**
 * The weather of an EPW file; without one, that of the project's reference year for Lyon, written into the cache.
 *
 * @throws EpwError, or an error of the file system
 */
export async function benchWeather(file?: string): Promise<BenchWeather> {
  if (file !== undefined) {
    return {
      name: basename(file, ".epw"),
      file,
      source: epwSource(onPlantsClock(parseEpw(await readFile(file, "latin1")))),
    };
  }
  const written = join(cacheFolder(), "reference-lyon.epw");
  const text = await epwOf(referenceYearSource({ town: "lyon" }), 2025);
  await mkdir(cacheFolder(), { recursive: true });
  await writeFile(written, text);
  return { name: "reference year Lyon", file: written, source: epwSource(parseEpw(text)) };
}

export interface Season {
  readonly weather: BenchWeather;
  readonly tariff: Tariff;
  readonly calendar: TempoCalendar;
  readonly startMs: number; // 1 November, or 1 April
  readonly steps: number; // to the end of March, or of May
  readonly rates: readonly Rate[]; // of each step
  readonly truth: WeatherSteps; // longer than `steps` by the longest horizon
  readonly forecast: "perfect" | "realistic";
  readonly seed: number;
}

/**
 * Gathers the season: Tempo is allotted from its weather; odds of unpublished colours follow from its forecasts.
 *
 * @param seed of the forecasts' errors
 * @param part the winter that is judged, or the spring before it
 */
export async function gatherSeason(
  weather: BenchWeather,
  forecast: Season["forecast"],
  seed: number,
  part: "winter" | "spring" = "winter",
): Promise<Season> {
  const days = part === "winter" ? { firstDay, endDay: "2026-04-01" } : springDays;
  const startMs = dayMs(days.firstDay);
  const steps = stepsBetween(days.firstDay, days.endDay);
  const endMs = startMs + (steps + longestHorizonSteps) * dtMs;
  const { source } = weather;
  const means_c = await seasonTemperatures(source, startMs, endMs);
  const isRealistic = forecast === "realistic";
  const expectation = await oddsFromForecasts(
    source,
    means_c,
    startMs,
    endMs,
    isRealistic ? seed : undefined,
  );
  const calendar = allotCalendar(means_c);
  const tariff = tempoTariff({ calendar, expectation });
  const rates = perStep(tariff.rates(startMs, startMs + steps * dtMs), startMs, steps);
  const count = steps + longestHorizonSteps;
  const truth = stepMeans(await source.series(startMs, endMs), startMs, dtSeconds, count);
  return { weather, tariff, calendar, startMs, steps, rates, truth, forecast, seed };
}

/** The rate of each step; prices change on the hour. */
function perStep(rates: readonly Rate[], startMs: number, count: number): Rate[] {
  let i = 0;
  return Array.from({ length: count }, (_, k) => {
    while (rates[i].endMs <= startMs + k * dtMs) i++;
    return rates[i];
  });
}

/** What a controller of a home knows of the time ahead. */
export interface HomeForecast extends Forecast {
  /** The weather that the solar gains were computed from, through the building file's windows. */
  readonly weather: WeatherSteps;
}

/** The forecast that a home with this building file has at each step; `horizonSteps` is the same in all calls. */
export function homeForecasts(
  season: Season,
  building: Building,
  absence?: Absence,
): (k: number, horizonSteps: number) => HomeForecast {
  const { startMs, tariff } = season;
  const floorAt_c = comfortFloor(building, absence);
  let hour = -1;
  let issue: WeatherSteps;
  let at: ReturnType<typeof forecastAt>;
  return (k, horizonSteps) => {
    const count = Math.max(1, horizonSteps);
    const i = k % everySteps;
    if (hour !== k - i) {
      hour = k - i;
      issue = weatherIssue(season, hour, everySteps - 1 + count);
      const grid = { startMs: startMs + hour * dtMs, dtSeconds };
      const prices = publishedPrices(tariff, grid, 1, count, everySteps);
      at = forecastAt({ everySteps, issues: [disturbances(building, issue)] }, prices);
    }
    const min_c = absence && Float64Array.from({ length: count }, (_, ahead) => floorAt_c(k + ahead));
    return { ...at(i, count), ...(min_c && { min_c }), weather: cutSteps(issue, i, count) };
  };
}

/** The floor of comfort in each step: that of the building file, lower in an absence. */
export function comfortFloor({ comfort }: Building, absence?: Absence): (k: number) => number {
  if (!absence) return () => comfort.min_c;
  const [from, to] = [stepOfDay(absence.firstDay), stepOfDay(absence.lastDay) + stepsADay];
  return (k) => (k >= from && k < to ? absence.min_c : comfort.min_c);
}

/** The weather that is foreseen at a step, from that step on; it is issued each hour, with the errors of its age. */
export function weatherAt(season: Season, k: number, count: number): WeatherSteps {
  const i = k % everySteps;
  return cutSteps(weatherIssue(season, k - i, i + count), i, count);
}

function weatherIssue({ truth, forecast, seed }: Season, k: number, count: number): WeatherSteps {
  const ahead = cutSteps(truth, k, count);
  return forecast === "perfect" ? ahead : forecastSteps(ahead, ahead.startMs, { seed });
}
