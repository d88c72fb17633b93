/** From a series to the steps of a controller or a twin: exact means of what the series says. */
import { allocateWeather, type Location, type WeatherArrays, type WeatherSeries } from "./series.ts";

/** Means over equal steps; step `k` covers `[startMs + k dt, startMs + (k + 1) dt)`. */
export interface WeatherSteps extends WeatherArrays {
  readonly source: string;
  readonly location: Location;
  readonly startMs: number; // Unix time
  readonly dtSeconds: number;
}

/**
 * The instant until which a series is complete: its last temperature's, beyond which nothing interpolates.
 */
export function coveredUntilMs(series: WeatherSeries): number {
  return series.startMs + (series.dryBulbTemperature_c.length - 1) * series.dtSeconds * 1000;
}

/** `count` steps from step `from` on, without copying. */
export function cutSteps(weather: WeatherSteps, from: number, count: number): WeatherSteps {
  const part = (column: Float64Array) => column.subarray(from, from + count);
  return {
    ...weather,
    startMs: weather.startMs + from * weather.dtSeconds * 1000,
    dryBulbTemperature_c: part(weather.dryBulbTemperature_c),
    directNormalIrradiance_w_m2: part(weather.directNormalIrradiance_w_m2),
    diffuseHorizontalIrradiance_w_m2: part(weather.diffuseHorizontalIrradiance_w_m2),
    cloudCover: part(weather.cloudCover),
  };
}

/**
 * The means of a series over `count` steps of `dtSeconds` from `startMs`. Temperature is the mean of the
 * piecewise linear curve through the series' instants; irradiance and cloud cover are means of the
 * piecewise constant intervals, so that energy is conserved. Exact for steps shorter and longer than the
 * series' own, aligned or not; linear in the number of steps and intervals.
 *
 * @throws RangeError when a step or the count is not positive, or naming the instants that the series
 *   does not cover
 */
export function stepMeans(
  series: WeatherSeries,
  startMs: number,
  dtSeconds: number,
  count: number,
): WeatherSteps {
  if (!(dtSeconds > 0 && Number.isFinite(dtSeconds))) {
    throw new RangeError(`dtSeconds must be > 0, got ${dtSeconds}`);
  }
  if (!(Number.isInteger(count) && count > 0)) {
    throw new RangeError(`count must be a whole number > 0, got ${count}`);
  }
  const dtMs = dtSeconds * 1000;
  checkCoverage(series, startMs, startMs + count * dtMs);

  const intervalMs = series.dtSeconds * 1000;
  const theta = series.dryBulbTemperature_c;
  const direct = series.directNormalIrradiance_w_m2;
  const diffuse = series.diffuseHorizontalIrradiance_w_m2;
  const cloud = series.cloudCover;
  const means = allocateWeather(count);
  const last = theta.length - 2; // the last interval with a temperature at both ends
  const offsetMs = startMs - series.startMs;

  for (let k = 0; k < count; k++) {
    const beginMs = offsetMs + k * dtMs;
    const endMs = offsetMs + (k + 1) * dtMs;
    const firstInterval = Math.min(Math.floor(beginMs / intervalMs), last);
    const lastInterval = Math.min(Math.ceil(endMs / intervalMs) - 1, last);
    for (let i = firstInterval; i <= lastInterval; i++) {
      const from = Math.max(beginMs, i * intervalMs);
      const to = Math.min(endMs, (i + 1) * intervalMs);
      const weight = (to - from) / dtMs;
      const middle = ((from + to) / 2 - i * intervalMs) / intervalMs;
      means.dryBulbTemperature_c[k] += weight * (theta[i] + (theta[i + 1] - theta[i]) * middle);
      means.directNormalIrradiance_w_m2[k] += weight * direct[i];
      means.diffuseHorizontalIrradiance_w_m2[k] += weight * diffuse[i];
      means.cloudCover[k] += weight * cloud[i];
    }
  }
  return { source: series.source, location: series.location, startMs, dtSeconds, ...means };
}

function checkCoverage(series: WeatherSeries, startMs: number, endMs: number): void {
  if (!(Number.isFinite(startMs) && Number.isFinite(endMs))) {
    throw new RangeError(`startMs must be finite, got ${startMs}`);
  }
  const missing: string[] = [];
  if (startMs < series.startMs) missing.push(`${iso(startMs)} to ${iso(series.startMs)}`);
  const untilMs = coveredUntilMs(series);
  if (endMs > untilMs) missing.push(`${iso(Math.max(untilMs, startMs))} to ${iso(endMs)}`);
  if (missing.length > 0) {
    throw new RangeError(`weather "${series.source}" does not cover ${missing.join(" and ")}`);
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
