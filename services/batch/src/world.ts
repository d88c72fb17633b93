import { RunError, UsageError } from "@azru/command-line";
import { homeDay } from "@azru/runtime";
import {
  type Outlook,
  type PriceOutlook,
  perfect,
  publishedPrices,
  seasonTemperatures,
  tempoSteps,
} from "@azru/simulation";
import {
  allotCalendar,
  colourProbabilities,
  type Rate,
  readPriceFile,
  stepPrices,
  type TariffByName,
  TariffSourceError,
  tariffFrom,
} from "@azru/tariff";
import {
  cutSteps,
  EpwError,
  forecastSteps,
  stepMeans,
  type WeatherSource,
  WeatherSourceError,
  type WeatherSteps,
  weatherSourceFrom,
} from "@azru/weather";
import { oddsFromForecasts } from "./colour-odds.ts";
import type { StudyRequest } from "./command.ts";

/** The weather and the prices of every run of a study, and their forecasts. */
export interface World {
  readonly steps: number;
  readonly weather: WeatherSteps;
  readonly weatherOutlook?: Outlook<WeatherSteps>;
  readonly tariff: string; // for people
  readonly rates: readonly Rate[];
  readonly price_eur_kwh: Float64Array;
  readonly priceOutlook: PriceOutlook;
  /** What a person should know about where all this came from, one line each. */
  readonly notes: readonly string[];
}

const hourSeconds = 3600;

/**
 * Gathers the weather and the prices of a study.
 *
 * @param cacheFolder where downloaded weather and colours are kept
 * @param nowMs the present, Unix time: what lies after it was not measured or decided yet
 * @throws UsageError when a source does not exist, cannot be read or does not cover the study; RunError when a network fails
 */
export async function gatherWorld(request: StudyRequest, cacheFolder: string, nowMs: number): Promise<World> {
  const { startMs, dtSeconds, horizonSteps } = request;
  const dtMs = dtSeconds * 1000;
  const steps = Math.floor((request.endMs - startMs) / dtMs);
  const foreseenMs = startMs + (steps + horizonSteps) * dtMs;
  const source = await weatherSource(request, cacheFolder, nowMs);
  const weather = await known("--weather", async () =>
    stepMeans(await source.series(startMs, foreseenMs), startMs, dtSeconds, steps + horizonSteps),
  );
  const named = await namedTariff(request, source, cacheFolder);
  const loaded = await known("--tariff", () => named.load(startMs, foreseenMs, nowMs));
  const { tariff } = loaded;
  const notes = [...loaded.warnings, ...loaded.notes];
  const rates = tariff.rates(startMs, foreseenMs);
  const price_eur_kwh = stepPrices(rates, startMs, dtSeconds, steps + horizonSteps);
  const everySteps = Math.max(1, Math.round(hourSeconds / dtSeconds));
  return {
    steps,
    weather,
    tariff: tariff.name,
    rates: tariff.rates(startMs, startMs + steps * dtMs),
    price_eur_kwh,
    notes,
    ...(request.forecast === "realistic" && {
      weatherOutlook: forecasts(weather, steps, horizonSteps, everySteps, request.seed),
    }),
    priceOutlook:
      request.colours === "published"
        ? publishedPrices(tariff, weather, steps, horizonSteps, everySteps)
        : {
            ...perfect(price_eur_kwh),
            tempo: [tempoSteps(rates, startMs, dtSeconds, steps + horizonSteps)],
          },
  };
}

async function namedTariff(
  request: StudyRequest,
  source: WeatherSource,
  cacheFolder: string,
): Promise<TariffByName> {
  const { pricesFile, tariff } = request;
  const prices =
    pricesFile === undefined ? undefined : await known("--prices", () => readPriceFile(pricesFile));
  try {
    return tariffFrom(tariff, {
      cacheFolder,
      ...(prices && { prices }),
      ...(!isRealWeather(request) && { allot: (from, to) => allot(request, source, from, to) }),
      ...(request.odds === "rules" && { expectation: colourProbabilities }),
    });
  } catch (error) {
    if (error instanceof RangeError || error instanceof TariffSourceError)
      throw new UsageError(`--tariff ${error.message}`);
    throw error;
  }
}

function isRealWeather({ weather }: StudyRequest): boolean {
  return weather.startsWith("open-meteo:");
}

/** A season of colours that the weather could have brought, and how likely each was to be. */
async function allot(request: StudyRequest, source: WeatherSource, startMs: number, endMs: number) {
  const means_c = await seasonTemperatures(source, startMs, endMs);
  const calendar = allotCalendar(means_c);
  if (request.colours !== "published" || request.odds === "rules")
    return { calendar, expectation: colourProbabilities };
  const seed = request.forecast === "realistic" ? request.seed : undefined;
  return { calendar, expectation: await oddsFromForecasts(source, means_c, startMs, endMs, seed) };
}

function weatherSource(request: StudyRequest, cacheFolder: string, nowMs: number): Promise<WeatherSource> {
  return known("--weather", () =>
    weatherSourceFrom(request.weather, {
      scenarioFirstDay: homeDay(request.startMs),
      openMeteo: { cacheFolder, now: () => nowMs },
    }),
  );
}

/** Forecasts with errors, a new one as often as prices are asked for anew. */
function forecasts(
  truth: WeatherSteps,
  steps: number,
  horizonSteps: number,
  everySteps: number,
  seed: number,
): Outlook<WeatherSteps> {
  const issues = [];
  for (let k = 0; k < steps; k += everySteps) {
    const ahead = cutSteps(truth, k, everySteps - 1 + horizonSteps);
    issues.push(forecastSteps(ahead, ahead.startMs, { seed }));
  }
  return { everySteps, issues };
}

/** Turns what a source complains about into one line that names the option. */
async function known<T>(option: string, ask: () => T | Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const isSourceError =
      error instanceof WeatherSourceError ||
      error instanceof EpwError ||
      error instanceof TariffSourceError ||
      error instanceof RangeError;
    const isOutage =
      (error instanceof WeatherSourceError || error instanceof TariffSourceError) && error.isOutage;
    if (isOutage) throw new RunError(`${option}: ${error.message}`);
    if (isSourceError) throw new UsageError(`${option}: ${error.message}`);
    throw error;
  }
}
