/** The outlooks that a configuration asks for. */
import type { WeatherKind } from "@azru/contracts";
import { ConfigError, hourMs, type Logger } from "@azru/runtime";
import type { Building } from "@azru/simulation";
import { referenceYearSource, weatherSourceFrom } from "@azru/weather";
import { reasonOf } from "./coordinator.ts";
import { createPushedTariff, type PushedTariff } from "./pushed-tariff.ts";
import { pushedSpec, tariffLoader } from "./tariff-loader.ts";
import { createTariffOutlook, type TariffOutlook } from "./tariff-outlook.ts";
import { createWeatherOutlook, type WeatherOutlook } from "./weather-outlook.ts";

export interface OutlookOptions {
  /** Undefined: Open-Meteo at the building's place in wall time, the reference year in simulated time. */
  readonly weather: string | undefined;
  readonly tariff: string;
  /** File of Tempo prices; absent: those that Azru knows and the API's. */
  readonly tempoPrices?: string | undefined;
  readonly building: Building;
  readonly horizon_ms: number;
  readonly cacheFolder: string;
  /** Where prices that are pushed are kept. */
  readonly pushedFile: string;
  readonly simulated: boolean;
  readonly now: () => number; // home time
  readonly log: Pick<Logger, "warn">;
}

export interface Outlooks {
  readonly weather: WeatherOutlook;
  readonly tariff: TariffOutlook;
  /** Takes prices at run time; absent where the tariff has another source. */
  readonly pushed?: PushedTariff;
}

/** The weather that a configuration means, in the words of `weatherSpecForms`. */
export function weatherSpecOf({
  weather,
  simulated,
  building,
}: Pick<OutlookOptions, "weather" | "simulated" | "building">): string {
  const { latitude_deg, longitude_deg } = building.location;
  return weather ?? (simulated ? "reference" : `open-meteo:${latitude_deg},${longitude_deg}`);
}

/** @param spec one that names a source */
function kindOf(spec: string): WeatherKind {
  if (spec.startsWith("open-meteo:")) return "open_meteo";
  if (spec.startsWith("epw:")) return "epw_file";
  return spec.startsWith("scenario:") ? "scenario" : "reference_year";
}

/**
 * Weather and tariff, ready to be refreshed.
 *
 * @throws ConfigError when there is no such weather; RangeError when there is no such tariff
 */
export async function createOutlooks(options: OutlookOptions): Promise<Outlooks> {
  const { horizon_ms, cacheFolder, simulated, now } = options;
  const spec = weatherSpecOf(options);
  const source = await weatherSourceFrom(spec, { openMeteo: { now, cacheFolder, mayEndEarly: true } }).catch(
    (error: unknown) => {
      throw new ConfigError([`AZRU_WEATHER: ${reasonOf(error)}`]);
    },
  );
  const isForecast = kindOf(spec) === "open_meteo";
  const pushed =
    options.tariff === pushedSpec
      ? createPushedTariff({ path: options.pushedFile, log: options.log })
      : undefined;
  return {
    ...(pushed && { pushed }),
    weather: createWeatherOutlook({
      kind: kindOf(spec),
      source,
      substitute: referenceYearSource(),
      reach_ms: isForecast ? horizon_ms + 96 * hourMs : horizon_ms + 144 * hourMs,
      needed_ms: horizon_ms + 12 * hourMs,
      freshFor_ms: isForecast ? hourMs / 2 : Number.POSITIVE_INFINITY,
    }),
    tariff: createTariffOutlook(
      pushed?.loader ??
        tariffLoader({
          spec: options.tariff,
          pricesFile: options.tempoPrices,
          cacheFolder,
          // The real colours fit the weather of real days alone.
          ...(simulated && !isForecast && { allotFrom: source }),
        }),
    ),
  };
}
