/** Tariffs by the names that people type, for replays and live homes alike. */
import { hourMs } from "@azru/time";
import { type TempoCalendar, validateCalendar } from "../calendar.ts";
import { netConsumptionExpectation } from "../net-consumption-odds.ts";
import { peakOffPeakTariff } from "../peak-off-peak.ts";
import type { Gaps } from "../price-series.ts";
import { type PriceTable, priceAgeWarning, pricesAt, pricesFrom, tempoPrices } from "../prices.ts";
import { publishedSeasons } from "../published-seasons.ts";
import type { Tariff, TempoColour } from "../rate.ts";
import { scheduledTariff } from "../scheduled.ts";
import { type TempoTariffOptions, tempoTariff } from "../tempo.ts";
import { tempoDayOf } from "../tempo-day.ts";
import { cachedCalendar } from "./cached.ts";
import { calendarFile } from "./calendar-file.ts";
import { type CalendarSource, loadCalendar } from "./calendar-source.ts";
import { type ColourApi, type ColourApiOptions, colourApi } from "./colour-api.ts";
import { fallbackCalendar } from "./fallback.ts";
import { type RteOptions, rteOpenData } from "./rte.ts";
import { readTariffFile, spanOf } from "./tariff-file.ts";
import { TariffSourceError } from "./tariff-source-error.ts";

/** A text that is of none of `tariffSpecForms`. */
export class UnknownTariffError extends RangeError {
  override readonly name = "UnknownTariffError";
}

/** How tariffs may be named, for help texts. */
export const tariffSpecForms = [
  "tempo",
  "tempo:FILE",
  "tempo:api",
  "tempo:allotted",
  "base:PRICE",
  "hphc:PEAK/OFFPEAK[:HH:MM-HH:MM,...]",
  "file:FILE",
  "peak",
] as const;

/** Where a tariff's prices come from. */
export type TariffKind = "fixed" | "file" | "published" | "allotted";

type Expectation = NonNullable<TempoTariffOptions["expectation"]>;

type Allot = (
  startMs: number,
  endMs: number,
) => Promise<{ readonly calendar: TempoCalendar; readonly expectation?: Expectation | undefined }>;

export interface TariffSpecOptions {
  /** Where colours that were published are kept. */
  readonly cacheFolder: string;
  /** Prices of Tempo in the place of those that Azru knows. */
  readonly prices?: readonly PriceTable[];
  /**
   * A season made up to fit a weather that no real calendar fits, with its odds; absent where the weather is that of
   * real days.
   */
  readonly allot?: Allot;
  /** The odds of published colours; by RTE's method, without a temperature, where absent. */
  readonly expectation?: Expectation;
  /** Asks the calendar API for the prices in force, a few times a day: for a tariff of today. */
  readonly asksPrices?: boolean;
  /** What becomes of instants for which a dated series has no price; refused by default, as a replay needs them. */
  readonly gaps?: Gaps;
  readonly colourApi?: ColourApiOptions;
  readonly rte?: RteOptions;
}

export interface NamedTariff {
  readonly tariff: Tariff;
  readonly kind: TariffKind;
  /** Where the prices come from, for people. */
  readonly source: string;
  /** The colours, of Tempo alone. */
  readonly calendar?: TempoCalendar;
  /** What a person should know about where all this came from, one line each. */
  readonly notes: readonly string[];
  /** What went wrong or is missing, one line each. */
  readonly warnings: readonly string[];
  /** Colours that the rules of Tempo do not allow, one line each. */
  readonly doubts: readonly string[];
  /** Whether these are old data, because no fresh ones could be had. */
  readonly stale: boolean;
}

/** What a name stands for, ready to be loaded, again and again where it changes. */
export interface TariffByName {
  readonly isTempo: boolean;
  /**
   * The tariff of `[startMs, endMs)`, as far as it is known at `nowMs`, Unix time.
   *
   * @throws TariffSourceError when its source fails
   */
  load(startMs: number, endMs: number, nowMs: number): Promise<NamedTariff>;
}

/**
 * The tariff that a text names.
 *
 * Plain `tempo` takes the colours that RTE published where Azru ships them, at any weather; on other days those of the
 * public sources, or a season allotted from the weather where that is not of real days.
 *
 * @throws RangeError when there is no such tariff, naming what is wrong and what is possible; `UnknownTariffError` where
 *   it is of no known form
 */
export function tariffFrom(spec: string, options: TariffSpecOptions): TariffByName {
  const colon = spec.indexOf(":");
  const kind = colon < 0 ? spec : spec.slice(0, colon);
  const rest = colon < 0 ? "" : spec.slice(colon + 1);
  switch (kind) {
    case "tempo":
      if (colon >= 0 && rest === "") break;
      return tempo(rest, options);
    case "base": {
      const price_eur_kwh = priceOf(rest, spec);
      return fixed(scheduledTariff(`${price_eur_kwh} EUR/kWh at all times`, [{ price_eur_kwh }]));
    }
    case "hphc":
      return fixed(hphc(rest, spec));
    case "file":
      if (rest !== "") return file(rest, options);
      break;
    case "peak":
      if (colon < 0) return fixed(peakOffPeakTariff());
      break;
  }
  throw new UnknownTariffError(`${spec} is unknown; possible: ${tariffSpecForms.join(", ")}`);
}

function fixed(tariff: Tariff): TariffByName {
  const named = {
    tariff,
    kind: "fixed",
    source: tariff.name,
    notes: [],
    warnings: [],
    doubts: [],
    stale: false,
  } as const;
  return { isTempo: false, load: async () => named };
}

function file(path: string, { gaps = "refused" }: TariffSpecOptions): TariffByName {
  return {
    isTempo: false,
    load: async () => {
      const tariff = await readTariffFile(path, { gaps });
      return { tariff, kind: "file", source: path, notes: [], warnings: [], doubts: [], stale: false };
    },
  };
}

function priceOf(text: string, spec: string): number {
  const price = Number(text.trim().replace(",", "."));
  if (text.trim() === "" || !Number.isFinite(price) || Math.abs(price) > 10)
    throw new RangeError(
      `${spec}: ${JSON.stringify(text)} is no price in EUR/kWh, as in base:0.20 or hphc:0.27/0.21`,
    );
  return price;
}

/** "0.27/0.21" or "0.27/0.21:22:00-06:00,12:30-14:30". */
function hphc(rest: string, spec: string): Tariff {
  const [, prices = rest, hours] = /^([^:]*):(.*)$/.exec(rest) ?? [];
  const [peak = "", offPeak, more] = prices.split("/");
  if (offPeak === undefined || more !== undefined)
    throw new RangeError(`${spec} needs two prices, as in hphc:0.27/0.21`);
  const spans = hours?.split(",").map((text) => spanOf(text, spec, "off-peak hours"));
  return peakOffPeakTariff({ peak: priceOf(peak, spec), offPeak: priceOf(offPeak, spec) }, spans);
}

function tempo(rest: string, options: TariffSpecOptions): TariffByName {
  const { allot } = options;
  if (rest === "allotted") {
    if (allot === undefined)
      throw new RangeError("tempo:allotted needs a weather that is not of real days, such as reference");
    return tempoByName((asked) => allotted({ ...options, allot }, asked));
  }
  if (rest !== "" && rest !== "api")
    return tempoByName((asked) => published(calendarFile(rest), "file", options, asked));
  const api = colourApi(options.colourApi);
  const source = publicSources(options, api);
  const ofTheDay = options.asksPrices ? freshPrices(api) : undefined;
  return tempoByName((asked) =>
    rest === "" && allot !== undefined && !isShipped(asked)
      ? allotted({ ...options, allot }, asked)
      : published(source, "published", options, asked, ofTheDay),
  );
}

function tempoByName(load: (asked: Asked) => Promise<NamedTariff>): TariffByName {
  return { isTempo: true, load: (startMs, endMs, nowMs) => load({ startMs, endMs, nowMs }) };
}

function isShipped({ startMs, endMs }: Asked): boolean {
  return [startMs, endMs].every((timeMs) => publishedSeasons.colours.has(tempoDayOf(timeMs)));
}

/** What Azru ships, then the calendar API, RTE's open data where that fails, and what they once gave. */
function publicSources({ cacheFolder, rte }: TariffSpecOptions, api: ColourApi): CalendarSource {
  return shippedFirst(cachedCalendar(fallbackCalendar([api, rteOpenData(rte)]), cacheFolder));
}

/** Asks a source for those days alone whose colours are not shipped. */
function shippedFirst(source: CalendarSource): CalendarSource {
  return {
    name: source.name,
    async colours(days, nowMs) {
      const colours = new Map<string, TempoColour>();
      for (const day of days) {
        const colour = publishedSeasons.colours.get(day);
        if (colour !== undefined) colours.set(day, colour);
      }
      const others = days.filter((day) => !colours.has(day));
      const known = { source: publishedSeasons.source, colours, warnings: [], stale: false };
      if (others.length === 0) return known;
      const answer = await source.colours(others, nowMs);
      if (colours.size === 0) return answer;
      return {
        ...answer,
        source: `${publishedSeasons.source} + ${answer.source}`,
        colours: new Map([...colours, ...answer.colours]),
      };
    },
  };
}

interface Asked {
  readonly startMs: number;
  readonly endMs: number;
  readonly nowMs: number;
}

async function published(
  source: CalendarSource,
  kind: "file" | "published",
  options: TariffSpecOptions,
  asked: Asked,
  ofTheDay?: ReturnType<typeof freshPrices>,
): Promise<NamedTariff> {
  const { startMs, endMs, nowMs } = asked;
  const [calendar, today] = await Promise.all([
    loadCalendar(source, tempoDayOf(startMs), tempoDayOf(endMs), nowMs),
    ofTheDay?.(nowMs),
  ]);
  const warnings = [...calendar.warnings, ...(today?.warning === undefined ? [] : [today.warning])];
  const prices = [...(options.prices ?? tempoPrices), ...(today?.prices ? [today.prices] : [])];
  const notes: string[] = [];
  if (options.allot !== undefined && kind === "published")
    notes.push(
      "Real colours with weather of other days: the red days are not the cold ones of this weather.",
    );
  const expectation = options.expectation ?? netConsumptionExpectation();
  return {
    ...tempoOf({ calendar, expectation }, kind, prices, asked, notes, warnings),
    stale: calendar.stale,
  };
}

async function allotted(options: TariffSpecOptions & { allot: Allot }, asked: Asked): Promise<NamedTariff> {
  const season = await options.allot(asked.startMs, asked.endMs);
  return tempoOf(season, "allotted", options.prices ?? tempoPrices, asked, [], []);
}

/** Before the first prices that are known, those are used, and the notes say so. */
function tempoOf(
  { calendar, expectation }: Awaited<ReturnType<Allot>>,
  kind: TariffKind,
  tables: readonly PriceTable[],
  { startMs, endMs, nowMs }: Asked,
  notes: readonly string[],
  warnings: readonly string[],
): NamedTariff {
  const firstDay = tempoDayOf(startMs);
  const firstPriced = tables.map(({ from }) => from).sort()[0];
  const prices = pricesFrom(firstDay, tables);
  const about = [...notes];
  if (firstDay < firstPriced)
    about.push(`Tempo prices are known from ${firstPriced} on; earlier days are billed at those.`);
  const old = priceAgeWarning(tables, Math.min(endMs, nowMs));
  return {
    tariff: tempoTariff({ calendar, prices, ...(expectation && { expectation }) }),
    kind,
    source: calendar.source,
    calendar,
    notes: about,
    warnings: old === undefined ? warnings : [...warnings, old],
    doubts: validateCalendar(calendar),
    stale: false,
  };
}

const pricesFreshFor_ms = 6 * hourMs;

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
      const inUse = last?.prices ?? pricesAt(tempoDayOf(nowMs), pricesFrom(tempoDayOf(nowMs)));
      return {
        ...(last && { prices: last.prices }),
        warning: `${error.message}; prices of ${inUse.from} in use`,
      };
    }
  };
}
