/** The weather to come: fetched in the background, at hand whenever a decision is due. */
import { isoTimeOf, type WeatherFallback, type WeatherKind } from "@azru/contracts";
import { homeMinute } from "@azru/runtime";
import {
  coveredUntilMs,
  stepMeans,
  type WeatherSeries,
  type WeatherSource,
  type WeatherSteps,
} from "@azru/weather";
import { type LastFailure, reasonOf } from "./failure.ts";

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

const hourMs = 3_600_000;

export function createWeatherOutlook(options: WeatherOutlookOptions): WeatherOutlook {
  const { source, substitute, reach_ms, needed_ms, freshFor_ms } = options;
  let good: { series: WeatherSeries; issuedMs: number } | undefined;
  let failure: LastFailure | undefined;
  let asking: Promise<boolean> | undefined;

  function isDue(nowMs: number): boolean {
    if (!good || good.series.stale) return true;
    if (nowMs < good.series.startMs || coveredUntilMs(good.series) < nowMs + needed_ms) return true;
    return nowMs - good.issuedMs >= freshFor_ms;
  }

  async function ask(nowMs: number): Promise<boolean> {
    const startMs = Math.floor(nowMs / hourMs) * hourMs;
    try {
      good = { series: await source.series(startMs, startMs + reach_ms), issuedMs: nowMs };
      failure = undefined;
      return true;
    } catch (error) {
      failure = { atMs: nowMs, reason: reasonOf(error) };
      return false;
    }
  }

  /** How many of the steps the last good weather covers, from the first on. */
  function covered(startMs: number, dtSeconds: number, count: number): number {
    if (!good || startMs < good.series.startMs) return 0;
    const whole = Math.floor((coveredUntilMs(good.series) - startMs) / (dtSeconds * 1000));
    return Math.max(0, Math.min(count, whole));
  }

  return {
    kind: options.kind,
    refresh(nowMs) {
      if (asking) return asking;
      if (!isDue(nowMs)) return Promise.resolve(false);
      asking = ask(nowMs).finally(() => {
        asking = undefined;
      });
      return asking;
    },
    async steps(startMs, dtSeconds, count) {
      const known = covered(startMs, dtSeconds, count);
      const head = good && known > 0 ? stepMeans(good.series, startMs, dtSeconds, known) : undefined;
      const reasons: string[] = [];
      if (failure) reasons.push(failure.reason);
      if (good?.series.stale) reasons.push(good.series.stale.reason);
      const cause = reasons.length > 0 ? "failed" : head ? "too_short" : "not_yet";
      if (head && good && reasons.length > 0) reasons.push(`weather of ${homeMinute(good.issuedMs)} in use`);
      if (!head && reasons.length === 0) reasons.push(`no weather of ${homeMinute(startMs)} yet`);
      if (head && good && known === count) {
        return foreseen(head, head.source, good.issuedMs, reasons, { cause });
      }
      const restMs = startMs + known * dtSeconds * 1000;
      const endMs = startMs + count * dtSeconds * 1000;
      const series = await substitute.series(restMs, endMs);
      const tail = stepMeans(series, restMs, dtSeconds, count - known);
      reasons.push(`${tail.source} from ${homeMinute(restMs)} on`);
      const fallback = { cause, reference_year_from: isoTimeOf(restMs) } as const;
      return head && good
        ? foreseen(
            joined(head, tail),
            `${head.source}, then ${tail.source}`,
            good.issuedMs,
            reasons,
            fallback,
          )
        : foreseen(tail, tail.source, startMs, reasons, fallback);
    },
  };
}

function foreseen(
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
