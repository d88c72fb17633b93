/** The weather to come: fetched in the background, at hand whenever a decision is due. */
import { isoTimeOf, type WeatherFallback, type WeatherKind } from "@azru/contracts";
import { homeMinute, hourMs } from "@azru/runtime";
import {
  coveredUntilMs,
  stepMeans,
  type WeatherSeries,
  type WeatherSource,
  type WeatherSteps,
} from "@azru/weather";
import { type Coordinator, createCoordinator } from "./coordinator.ts";

/** Weather for a decision, and what it is worth. */
export interface WeatherForecast {
  readonly steps: WeatherSteps;
  readonly source: string;
  readonly issuedMs: number; // home time
  /** Why a substitute is in use; absent where none is. */
  readonly fallbackReason?: string;
  /** The same for programs. */
  readonly fallback?: WeatherFallback;
}

export interface WeatherOutlook {
  /** What kind of source `source` is. */
  readonly kind: WeatherKind;
  /**
   * Asks the source anew where that is due; one question at a time. Never rejects: a failure is kept, with the
   * last good weather.
   *
   * @returns whether weather came
   */
  refresh(nowMs: number): Promise<boolean>;
  /** The weather of `count` steps from `startMs` on: the last good one, and the substitute where that ends. */
  steps(startMs: number, dtSeconds: number, count: number): Promise<WeatherForecast>;
}

export interface WeatherOutlookOptions {
  readonly kind: WeatherKind;
  readonly source: WeatherSource;
  /** Stands in where the source has nothing: needs no network, covers any time. */
  readonly substitute: WeatherSource;
  /** How far ahead to ask. */
  readonly reach_ms: number;
  /** Weather that reaches this far ahead is asked for again only when it is older than `freshFor_ms`. */
  readonly needed_ms: number;
  readonly freshFor_ms: number;
}

export function createWeatherOutlook(options: WeatherOutlookOptions): WeatherOutlook {
  const { kind, source, substitute, reach_ms } = options;
  const coordinator = createCoordinator((nowMs) => {
    const startMs = Math.floor(nowMs / hourMs) * hourMs;
    return source.series(startMs, startMs + reach_ms);
  });
  return {
    kind,
    async refresh(nowMs) {
      return isDue(coordinator.good, options, nowMs) && (await coordinator.refresh(nowMs));
    },
    async steps(startMs, dtSeconds, count) {
      const { good } = coordinator;
      const known = good ? coveredSteps(good.value, startMs, dtSeconds, count) : 0;
      const head = good && known > 0 ? stepMeans(good.value, startMs, dtSeconds, known) : undefined;
      const failures = [coordinator.failure, good?.value.stale?.reason].filter((why) => why !== undefined);
      const cause = failures.length > 0 ? "failed" : head ? "too_short" : "not_yet";
      const reasons = [...failures];
      if (head && good && failures.length > 0) reasons.push(`weather of ${homeMinute(good.atMs)} in use`);
      if (!head && failures.length === 0) reasons.push(`no weather of ${homeMinute(startMs)} yet`);
      if (head && good && known === count)
        return forecastOf(head, head.source, good.atMs, reasons, { cause });

      const restMs = startMs + known * dtSeconds * 1000;
      const series = await substitute.series(restMs, startMs + count * dtSeconds * 1000);
      const tail = stepMeans(series, restMs, dtSeconds, count - known);
      reasons.push(`${tail.source} from ${homeMinute(restMs)} on`);
      const fallback = { cause, reference_year_from: isoTimeOf(restMs) } as const;
      if (!head || !good) return forecastOf(tail, tail.source, startMs, reasons, fallback);
      const sources = `${head.source}, then ${tail.source}`;
      return forecastOf(joined(head, tail), sources, good.atMs, reasons, fallback);
    },
  };
}

/** Whether the source is to be asked again. */
function isDue(
  good: Coordinator<WeatherSeries>["good"],
  { needed_ms, freshFor_ms }: WeatherOutlookOptions,
  nowMs: number,
): boolean {
  if (!good || good.value.stale) return true;
  if (nowMs < good.value.startMs || coveredUntilMs(good.value) < nowMs + needed_ms) return true;
  return nowMs - good.atMs >= freshFor_ms;
}

/** How many of the steps a series covers, from the first on. */
function coveredSteps(series: WeatherSeries, startMs: number, dtSeconds: number, count: number): number {
  if (startMs < series.startMs) return 0;
  const whole = Math.floor((coveredUntilMs(series) - startMs) / (dtSeconds * 1000));
  return Math.max(0, Math.min(count, whole));
}

function forecastOf(
  steps: WeatherSteps,
  source: string,
  issuedMs: number,
  reasons: readonly string[],
  fallback: WeatherFallback,
): WeatherForecast {
  const weather = { steps, source, issuedMs };
  return reasons.length > 0 ? { ...weather, fallbackReason: reasons.join("; "), fallback } : weather;
}

function joined(head: WeatherSteps, tail: WeatherSteps): WeatherSteps {
  const both = (a: Float64Array, b: Float64Array) => Float64Array.of(...a, ...b);
  return {
    ...head,
    dryBulbTemperature_c: both(head.dryBulbTemperature_c, tail.dryBulbTemperature_c),
    directNormalIrradiance_w_m2: both(head.directNormalIrradiance_w_m2, tail.directNormalIrradiance_w_m2),
    diffuseHorizontalIrradiance_w_m2: both(
      head.diffuseHorizontalIrradiance_w_m2,
      tail.diffuseHorizontalIrradiance_w_m2,
    ),
    cloudCover: both(head.cloudCover, tail.cloudCover),
  };
}
