/** Weather as a function of time: the one type that every source gives. */
import { hourMs } from "@azru/time";

export interface Location {
  readonly name: string;
  readonly latitude_deg: number; // north positive
  readonly longitude_deg: number; // east positive
}

/** The four quantities, one value an interval or step. All arrays have the same length. */
export interface WeatherArrays {
  readonly dryBulbTemperature_c: Float64Array;
  readonly directNormalIrradiance_w_m2: Float64Array;
  readonly diffuseHorizontalIrradiance_w_m2: Float64Array;
  readonly cloudCover: Float64Array; // 0 clear to 1 overcast
}

/**
 * Equally spaced weather. Interval `i` covers `[startMs + i dt, startMs + (i + 1) dt)`; all arrays have
 * the same length. Temperatures hold at the instant an interval begins and vary linearly between them;
 * irradiances and cloud cover are means of the interval.
 */
export interface WeatherSeries extends WeatherArrays {
  /** What the series is and where it came from, for people: "EPW FRA_Lyon-Bron", "Open-Meteo forecast". */
  readonly source: string;
  readonly location: Location;
  readonly startMs: number; // Unix time
  readonly dtSeconds: number;
  /** Where fresh weather could not be had and old weather stands in: of when it is, and why. */
  readonly stale?: Staleness;
}

export interface Staleness {
  readonly ofMs: number; // Unix time
  readonly reason: string;
}

/** Anything that has the weather of a stretch of time. */
export interface WeatherSource {
  readonly name: string;
  /**
   * The weather from `startMs` to `endMs` (Unix time), at least; the first interval begins at or before
   * `startMs`, and one instant at or after `endMs` is included, so that temperatures interpolate.
   *
   * @throws RangeError when the range is not a range of time or the source cannot cover it
   */
  series(startMs: number, endMs: number): Promise<WeatherSeries>;
}

/** The hours of a grid, the first at `startMs`. */
export interface HourGrid {
  readonly startMs: number;
  readonly count: number;
}

/**
 * The whole hours that a source must give to cover `[startMs, endMs]`: from the last one at or before
 * `startMs` to the first one at or after `endMs`, both included.
 *
 * @param utcOffset_h offset of the clock whose hours count; only its fraction of an hour matters
 * @throws RangeError when an end is not finite or the range is empty
 */
export function hoursCovering(startMs: number, endMs: number, utcOffset_h = 0): HourGrid {
  if (!Number.isFinite(startMs)) throw new RangeError(`startMs must be finite, got ${startMs}`);
  if (!Number.isFinite(endMs)) throw new RangeError(`endMs must be finite, got ${endMs}`);
  if (endMs <= startMs) throw new RangeError(`endMs must be after startMs (${startMs}), got ${endMs}`);
  const shiftMs = Math.round(utcOffset_h * hourMs);
  const first = Math.floor((startMs + shiftMs) / hourMs);
  const last = Math.ceil((endMs + shiftMs) / hourMs);
  return { startMs: first * hourMs - shiftMs, count: last - first + 1 };
}

/** Empty arrays of `count` values. */
export function allocateWeather(count: number): WeatherArrays {
  return {
    dryBulbTemperature_c: new Float64Array(count),
    directNormalIrradiance_w_m2: new Float64Array(count),
    diffuseHorizontalIrradiance_w_m2: new Float64Array(count),
    cloudCover: new Float64Array(count),
  };
}

/** What a value can plausibly be on earth; outside of it lies a wrong unit or a missing-value code. */
const plausible = {
  dryBulbTemperature_c: [-90, 60],
  directNormalIrradiance_w_m2: [0, 1500],
  diffuseHorizontalIrradiance_w_m2: [0, 1500],
  cloudCover: [0, 1],
} as const satisfies Record<keyof WeatherArrays, readonly [number, number]>;

/**
 * Checks a series that came from outside.
 *
 * @returns the same series
 * @throws RangeError naming the field, the index and the value: lengths that differ, fewer than two
 *   intervals, a value that is not finite or not within -90..60 degrees C, 0..1500 W/m2, 0..1
 */
export function validateSeries(series: WeatherSeries): WeatherSeries {
  if (!Number.isFinite(series.startMs))
    throw new RangeError(`weather.startMs must be finite, got ${series.startMs}`);
  if (!(series.dtSeconds > 0 && Number.isFinite(series.dtSeconds))) {
    throw new RangeError(`weather.dtSeconds must be > 0, got ${series.dtSeconds}`);
  }
  checkDegrees("latitude_deg", series.location.latitude_deg, 90);
  checkDegrees("longitude_deg", series.location.longitude_deg, 180);
  const length = series.dryBulbTemperature_c.length;
  if (length < 2) throw new RangeError(`weather needs at least 2 intervals, got ${length}`);
  for (const field of Object.keys(plausible) as (keyof WeatherArrays)[]) {
    const values = series[field];
    const [low, high] = plausible[field];
    if (values.length !== length) {
      throw new RangeError(`weather.${field} must have ${length} values, got ${values.length}`);
    }
    for (let i = 0; i < length; i++) {
      const value = values[i];
      if (!(value >= low && value <= high)) {
        throw new RangeError(`weather.${field}[${i}] must be within ${low}..${high}, got ${value}`);
      }
    }
  }
  return series;
}

function checkDegrees(field: string, value: number, limit: number): void {
  if (!(Math.abs(value) <= limit)) {
    throw new RangeError(`weather.location.${field} must be within -${limit}..${limit}, got ${value}`);
  }
}
