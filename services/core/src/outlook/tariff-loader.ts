/** Tariffs by the names that people type. */
import type { TariffKind } from "@azru/contracts";
import { allottedSeasons } from "@azru/simulation";
import {
  type CalendarSource,
  type ColourApi,
  type ColourApiOptions,
  cachedCalendar,
  calendarFile,
  colourApi,
  fallbackCalendar,
  loadCalendar,
  type PriceTable,
  peakOffPeakTariff,
  pricesFrom,
  type RteOptions,
  rteOpenData,
  seasonOf,
  TariffSourceError,
  type TempoCalendar,
  tempoDay,
  tempoDayOf,
  tempoPrices,
  tempoTariff,
  validateCalendar,
} from "@azru/tariff";
import type { WeatherSource } from "@azru/weather";
import type { LoadedTariff, TariffLoader } from "./tariff-outlook.ts";

export interface TariffLoaderOptions {
  /** `peak`, `tempo` or `tempo:FILE`. */
  readonly spec: string;
  /** Where colours that were published are kept. */
  readonly cacheFolder: string;
  /** A weather that no real calendar fits: plain `tempo` allots its seasons. Absent: the public sources. */
  readonly allotFrom?: WeatherSource;
  readonly colourApi?: ColourApiOptions;
  readonly rte?: RteOptions;
}

/** How tariffs may be named, for help texts. */
export const tariffSpecPattern = /^(peak|tempo|tempo:.+)$/;

const hourMs = 3_600_000;
const pricesFreshFor_ms = 6 * hourMs;

/**
 * The loader of the tariff that a text names.
 *
 * @throws RangeError when there is no such tariff
 */
export function tariffLoader(options: TariffLoaderOptions): TariffLoader {
  const { spec, allotFrom } = options;
  if (spec === "peak") {
    const source = "fixed peak and off-peak prices";
    const peak = { kind: "fixed", tariff: peakOffPeakTariff(), source } as const;
    return { name: "peak", initial: peak, load: async () => peak };
  }
  if (spec === "tempo") return tempo(allotFrom ? allotted(allotFrom) : published(options));
  if (tariffSpecPattern.test(spec)) return tempo(file(spec.slice("tempo:".length)));
  throw new RangeError(`tariff must be tempo, tempo:FILE or peak, got ${JSON.stringify(spec)}`);
}

function tempo(load: TariffLoader["load"]): TariffLoader {
  const nothingKnown: TempoCalendar = { source: "rules and quotas alone", colours: new Map() };
  return {
    name: "tempo",
    initial: {
      ...tempoOf("rules", nothingKnown, tempoPrices, "no colours yet: prices are expectations"),
      fallbackCause: "not_yet",
    },
    load,
  };
}

/** The calendar API, RTE's open data where that fails, and what they once said where both do. */
function published({ cacheFolder, colourApi: apiOptions, rte }: TariffLoaderOptions): TariffLoader["load"] {
  const api = colourApi(apiOptions);
  const source = cachedCalendar(fallbackCalendar([api, rteOpenData(rte)]), cacheFolder);
  const freshest = freshPrices(api);
  return async (nowMs) => {
    const [calendar, table] = await Promise.all([calendarOf(source, nowMs), freshest(nowMs)]);
    const warnings = [...calendar.warnings, ...(table.warning === undefined ? [] : [table.warning])];
    const prices = table.prices ? [...tempoPrices, table.prices] : tempoPrices;
    return {
      ...tempoOf("published", calendar, prices, warnings.join("; ") || undefined),
      ...(calendar.stale && { fallbackCause: "failed" }),
    };
  };
}

function file(path: string): TariffLoader["load"] {
  const source = calendarFile(path);
  return async (nowMs) => {
    const calendar = await calendarOf(source, nowMs);
    return tempoOf("file", calendar, tempoPrices, calendar.warnings.join("; ") || undefined);
  };
}

function allotted(weather: WeatherSource): TariffLoader["load"] {
  let last: { season: string; loaded: LoadedTariff } | undefined;
  return async (nowMs) => {
    const endMs = tempoDay(tempoDayOf(nowMs + 48 * hourMs)).endMs;
    const season = `${seasonOf(tempoDayOf(nowMs))} ${seasonOf(tempoDayOf(endMs))}`;
    if (last?.season !== season) {
      const calendar = await allottedSeasons(weather, nowMs, endMs);
      last = { season, loaded: tempoOf("allotted", calendar, pricesFrom(tempoDayOf(nowMs - 24 * hourMs))) };
    }
    return last.loaded;
  };
}

function calendarOf(source: CalendarSource, nowMs: number) {
  const today = tempoDay(tempoDayOf(nowMs));
  return loadCalendar(source, today.day, tempoDayOf(today.endMs), nowMs);
}

function tempoOf(
  kind: TariffKind,
  calendar: TempoCalendar,
  prices: readonly PriceTable[],
  fallbackReason?: string,
): LoadedTariff {
  return {
    kind,
    tariff: tempoTariff({ calendar, prices }),
    calendar,
    source: calendar.source,
    doubts: validateCalendar(calendar),
    ...(fallbackReason !== undefined && { fallbackReason }),
  };
}

/** The API's prices, asked for a few times a day. */
function freshPrices(api: ColourApi) {
  let last: { prices: PriceTable; askedMs: number } | undefined;
  return async (nowMs: number): Promise<{ prices?: PriceTable; warning?: string }> => {
    if (last && Math.abs(nowMs - last.askedMs) < pricesFreshFor_ms) return { prices: last.prices };
    try {
      last = { prices: await api.prices(tempoDayOf(nowMs)), askedMs: nowMs };
      return { prices: last.prices };
    } catch (error) {
      if (!(error instanceof TariffSourceError)) throw error;
      const inUse = last?.prices ?? tempoPrices.toSorted((a, b) => (a.from < b.from ? 1 : -1))[0];
      return {
        ...(last && { prices: last.prices }),
        warning: `${error.message}; prices of ${inUse.from} in use`,
      };
    }
  };
}
