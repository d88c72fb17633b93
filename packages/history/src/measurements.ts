/** What was recorded of a house, as it was recorded: samples at any times. */

/** Values in order of time. */
export interface Samples {
  readonly timesMs: readonly number[]; // Unix time
  readonly values: readonly number[];
}

/** Absent where nothing was recorded. A step's value stands at its beginning. */
export interface Measurements {
  /** Where they came from, for people. */
  readonly source: string;
  readonly air_c: Samples;
  readonly valve_percent?: Samples;
  /** Electric power of the heating. */
  readonly electric_w?: Samples;
  readonly outdoor_c?: Samples;
  readonly solar_w?: Samples;
}

/** The samples of `[startMs, endMs)`. */
export function samplesBetween({ timesMs, values }: Samples, startMs: number, endMs: number): Samples {
  const chosen = timesMs.flatMap((timeMs, i) => (timeMs >= startMs && timeMs < endMs ? [i] : []));
  return { timesMs: chosen.map((i) => timesMs[i]), values: chosen.map((i) => values[i]) };
}

/** Means of the samples of each step, NaN where there is none. */
export function stepMeans(
  { timesMs, values }: Samples,
  startMs: number,
  dtMs: number,
  steps: number,
): Float64Array {
  const sums = new Float64Array(steps);
  const counts = new Float64Array(steps);
  for (const [i, timeMs] of timesMs.entries()) {
    const k = Math.floor((timeMs - startMs) / dtMs);
    if (k < 0 || k >= steps) continue;
    sums[k] += values[i];
    counts[k]++;
  }
  return sums.map((sum, k) => sum / counts[k]);
}

/** As `stepMeans`; a step without a sample keeps the value of the one before, for as long as `longestMs`. */
export function heldSteps(
  samples: Samples,
  startMs: number,
  dtMs: number,
  steps: number,
  longestMs: number,
): Float64Array {
  const means = stepMeans(samples, startMs, dtMs, steps);
  const longest = Math.floor(longestMs / dtMs);
  for (let k = 1, held = 0; k < steps; k++) {
    held = Number.isNaN(means[k]) ? held + 1 : 0;
    if (held > 0 && held <= longest) means[k] = means[k - 1];
  }
  return means;
}
