/** What was measured of a house: the columns that identification reads. */

/** One value a step in every column, means over the step; NaN where nothing is known. */
export interface History {
  readonly startMs: number; // Unix time
  readonly dtSeconds: number;
  readonly theta_air_c: Float64Array;
  readonly valve: Float64Array; // 0 to 1
  /** Heat from the heating where it is metered; absent, it is the valve's share of the file's power. */
  readonly phi_HC_w?: Float64Array;
  readonly theta_e_c: Float64Array;
  readonly phi_sol_w: Float64Array;
  /**
   * Where the solar gains come from: weather through the building file's windows, whose aperture can then be
   * judged, or a measurement.
   */
  readonly solarGains: "windows" | "measured";
}

/**
 * Checks a history's form.
 *
 * @throws RangeError naming the field and the value: a step that is not positive or longer than 2 h, columns
 *   of different lengths, a valve outside 0..1, a value that is infinite
 */
export function checkHistory(history: History): void {
  const { dtSeconds, theta_air_c } = history;
  if (!(dtSeconds > 0 && dtSeconds <= 7200))
    throw new RangeError(`history.dtSeconds must be within 0..7200, got ${dtSeconds}`);
  for (const [name, column] of Object.entries(history)) {
    if (!(column instanceof Float64Array)) continue;
    if (column.length !== theta_air_c.length)
      throw new RangeError(`history.${name} must have ${theta_air_c.length} values, got ${column.length}`);
    const k = column.findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY);
    if (k >= 0) throw new RangeError(`history.${name}[${k}] must be finite or NaN, got ${column[k]}`);
  }
  const k = history.valve.findIndex((valve) => valve < 0 || valve > 1);
  if (k >= 0) throw new RangeError(`history.valve[${k}] must be within 0..1, got ${history.valve[k]}`);
}

/** The steps `[from, to)` of a history, not copied. */
export function historyBetween(history: History, from: number, to: number): History {
  return {
    ...history,
    startMs: history.startMs + from * history.dtSeconds * 1000,
    theta_air_c: history.theta_air_c.subarray(from, to),
    valve: history.valve.subarray(from, to),
    theta_e_c: history.theta_e_c.subarray(from, to),
    phi_sol_w: history.phi_sol_w.subarray(from, to),
    ...(history.phi_HC_w && { phi_HC_w: history.phi_HC_w.subarray(from, to) }),
  };
}
