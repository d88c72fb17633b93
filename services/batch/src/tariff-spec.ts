import { UsageError } from "@azru/command-line";
import { seasonTemperatures } from "@azru/simulation";
import {
  allotCalendar,
  type CalendarSource,
  cachedCalendar,
  calendarFile,
  colourApi,
  fallbackCalendar,
  firstPricedDay,
  loadCalendar,
  peakOffPeakTariff,
  pricesFrom,
  rteOpenData,
  type Tariff,
  type TempoCalendar,
  type TempoTariffOptions,
  type temperatureExpectation,
  tempoDayOf,
  tempoTariff,
} from "@azru/tariff";
import type { WeatherSource } from "@azru/weather";

export interface TariffContext {
  readonly startMs: number; // Unix time
  readonly endMs: number;
  readonly nowMs: number;
  readonly cacheFolder: string;
  readonly weather: WeatherSource;
  /** Whether the weather is what a real place had on those very days, so that the real colours fit it. */
  readonly isRealWeather: boolean;
  /** How likely colours are that are not published yet, in an allotted season; by rules and quotas when absent. */
  readonly odds?: (
    means_c: ReadonlyMap<string, number>,
  ) => Promise<ReturnType<typeof temperatureExpectation>>;
}

export interface NamedTariff {
  readonly tariff: Tariff;
  /** What a person should know about where the colours came from. */
  readonly notes: readonly string[];
}

/**
 * The tariff that a text names: `peak`, `tempo`, `tempo:api`, `tempo:FILE`. Plain `tempo` takes the colours
 * that were published when the weather is that of real days, and allots the season from the weather otherwise.
 *
 * @throws UsageError when there is no such tariff; TariffSourceError when its source fails
 */
export async function tariffFrom(spec: string, context: TariffContext): Promise<NamedTariff> {
  if (spec === "peak") return { tariff: peakOffPeakTariff(), notes: [] };
  if (spec === "tempo" && !context.isRealWeather) {
    const means_c = await seasonTemperatures(context.weather, context.startMs, context.endMs);
    return tempo(allotCalendar(means_c), context, [], await context.odds?.(means_c));
  }
  if (spec === "tempo" || spec === "tempo:api") return published(publicSources(context.cacheFolder), context);
  if (spec.startsWith("tempo:") && spec.length > "tempo:".length) {
    return published(calendarFile(spec.slice("tempo:".length)), context);
  }
  throw new UsageError(`--tariff ${spec} is unknown; possible: tempo, tempo:FILE, tempo:api, peak`);
}

function publicSources(cacheFolder: string): CalendarSource {
  return cachedCalendar(fallbackCalendar([colourApi(), rteOpenData()]), cacheFolder);
}

async function published(source: CalendarSource, context: TariffContext): Promise<NamedTariff> {
  const { startMs, endMs, nowMs } = context;
  const calendar = await loadCalendar(source, tempoDayOf(startMs), tempoDayOf(endMs), nowMs);
  return tempo(calendar, context, calendar.warnings);
}

/** Before the first prices that we know, those are used, and the notes say so. */
function tempo(
  calendar: TempoCalendar,
  { startMs }: TariffContext,
  notes: readonly string[],
  expectation?: TempoTariffOptions["expectation"],
): NamedTariff {
  const firstDay = tempoDayOf(startMs);
  const prices = pricesFrom(firstDay);
  const tariff = tempoTariff({ calendar, prices, ...(expectation && { expectation }) });
  if (firstDay >= firstPricedDay) return { tariff, notes };
  return {
    tariff,
    notes: [...notes, `Tempo prices are known from ${firstPricedDay} on; earlier days are billed at those.`],
  };
}
