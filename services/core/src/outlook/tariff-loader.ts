/** The tariff of a home by its name, loaded again and again. */
import { hourMs } from "@azru/runtime";
import { allottedSeasons } from "@azru/simulation";
import {
  type ColourApiOptions,
  type NamedTariff,
  peakOffPeakTariff,
  type RteOptions,
  readPriceFile,
  seasonOf,
  type TariffByName,
  type TempoCalendar,
  tariffFrom,
  tariffSpecForms,
  tempoDay,
  tempoDayOf,
  tempoTariff,
  UnknownTariffError,
} from "@azru/tariff";
import type { WeatherSource } from "@azru/weather";
import type { LoadedTariff, TariffLoader } from "./tariff-outlook.ts";

export interface TariffLoaderOptions {
  /** One of `tariffSpecForms`. */
  readonly spec: string;
  /** Where colours that were published are kept. */
  readonly cacheFolder: string;
  /** A weather that no real calendar fits: plain `tempo` allots its seasons. Absent: the public sources. */
  readonly allotFrom?: WeatherSource;
  /** Tempo prices in the place of those that Azru knows. */
  readonly pricesFile?: string | undefined;
  readonly colourApi?: ColourApiOptions;
  readonly rte?: RteOptions;
}

/** The tariff of a live home alone that is pushed at run time. */
export const pushedSpec = "pushed";

/**
 * Checks the name of a tariff.
 *
 * @throws RangeError when there is no such tariff
 */
export function checkTariffSpec(spec: string): void {
  if (spec === pushedSpec) return;
  const allot = async () => ({ calendar: { source: "", colours: new Map() } });
  known(() => tariffFrom(spec, { cacheFolder: "", allot }));
}

/**
 * The loader of the tariff that a text names.
 *
 * @throws RangeError when there is no such tariff
 */
export function tariffLoader(options: TariffLoaderOptions): TariffLoader {
  const { spec, pricesFile } = options;
  let named: TariffByName = byName(options);
  let hasPrices = pricesFile === undefined;
  return {
    name: spec.split(":", 1)[0],
    initial: named.isTempo ? rulesAlone() : notReadYet(spec),
    async load(nowMs) {
      if (!hasPrices && pricesFile !== undefined) {
        named = byName(options, await readPriceFile(pricesFile));
        hasPrices = true;
      }
      const today = tempoDay(tempoDayOf(nowMs));
      return loadedOf(await named.load(Math.min(nowMs, today.startMs), today.endMs, nowMs));
    },
  };
}

function byName(
  { spec, allotFrom, ...options }: TariffLoaderOptions,
  prices?: Awaited<ReturnType<typeof readPriceFile>>,
): TariffByName {
  return known(() =>
    tariffFrom(spec, {
      ...options,
      gaps: "expected",
      asksPrices: prices === undefined,
      ...(prices && { prices }),
      ...(allotFrom && { allot: allotted(allotFrom) }),
    }),
  );
}

function known(find: () => TariffByName): TariffByName {
  try {
    return find();
  } catch (error) {
    const forms = `tariff must be ${[...tariffSpecForms, pushedSpec].join(", ")}`;
    if (error instanceof UnknownTariffError) throw new RangeError(forms, { cause: error });
    const reason = error instanceof Error ? error.message : String(error);
    throw new RangeError(`${forms}: ${reason}`, { cause: error });
  }
}

/** Seasons made up once each, with two days ahead. */
function allotted(weather: WeatherSource) {
  let last: { seasons: string; calendar: TempoCalendar } | undefined;
  return async (startMs: number) => {
    const endMs = tempoDay(tempoDayOf(startMs + 48 * hourMs)).endMs;
    const seasons = `${seasonOf(tempoDayOf(startMs))} ${seasonOf(tempoDayOf(endMs))}`;
    if (last?.seasons !== seasons)
      last = { seasons, calendar: await allottedSeasons(weather, startMs, endMs) };
    return { calendar: last.calendar };
  };
}

function loadedOf({ kind, tariff, calendar, source, warnings, doubts, stale }: NamedTariff): LoadedTariff {
  return {
    kind,
    tariff,
    source,
    doubts,
    ...(calendar && { calendar }),
    ...(warnings.length > 0 && { fallbackReason: warnings.join("; ") }),
    ...(stale && { fallbackCause: "failed" }),
  };
}

function rulesAlone(): LoadedTariff {
  const calendar: TempoCalendar = { source: "rules and quotas alone", colours: new Map() };
  return {
    kind: "rules",
    tariff: tempoTariff({ calendar }),
    calendar,
    source: calendar.source,
    doubts: [],
    fallbackReason: "no colours yet: prices are expectations",
    fallbackCause: "not_yet",
  };
}

function notReadYet(spec: string): LoadedTariff {
  const tariff = peakOffPeakTariff();
  const isPeak = spec === "peak";
  return {
    kind: "fixed",
    tariff,
    source: tariff.name,
    ...(!isPeak && { fallbackReason: `${spec} is not read yet: ${tariff.name}`, fallbackCause: "not_yet" }),
  };
}
