/** Weather as a function of time: the one type that every source gives. */

export interface Location {
  readonly name: string;
  readonly latitude_deg: number; // north positive
  readonly longitude_deg: number; // east positive
}

/**
 * Equally spaced weather. Interval `i` covers `[startMs + i dt, startMs + (i + 1) dt)`; all arrays have
 * the same length. Temperatures hold at the instant an interval begins and vary linearly between them;
 * irradiances and cloud cover are means of the interval.
 */
export interface WeatherSeries {
  /** What the series is and where it came from, for people: "EPW FRA_Lyon-Bron", "Open-Meteo forecast". */
  readonly source: string;
  readonly location: Location;
  readonly startMs: number; // Unix time
  readonly dtSeconds: number;
  readonly dryBulbTemperature_c: Float64Array;
  readonly directNormalIrradiance_w_m2: Float64Array;
  readonly diffuseHorizontalIrradiance_w_m2: Float64Array;
  readonly cloudCover: Float64Array; // 0 clear to 1 overcast
}

/** Anything that can tell the weather of a stretch of time. */
export interface WeatherSource {
  readonly name: string;
  /**
   * The weather from `startMs` to `endMs` (Unix time), at least; the first interval begins at or before
   * `startMs`, and one instant at or after `endMs` is included, so that temperatures interpolate.
   */
  series(startMs: number, endMs: number): Promise<WeatherSeries>;
}
