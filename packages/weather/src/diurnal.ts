/** A day's temperature from its extremes. */

/** When, on the local standard clock, a day is coldest and warmest. */
export interface DailyExtremeHours {
  readonly min_h: number;
  readonly max_h: number;
}

/**
 * The temperature at hour `hour` (0 to 24) of a day: half cosines from the day's minimum to its maximum and
 * on to the next day's minimum, so that the curve and its slope are continuous across days.
 *
 * @param previousMax_c the maximum of the day before, from which the night comes
 * @param nextMin_c the minimum of the day after, to which the evening goes
 */
export function diurnalTemperature_c(
  hour: number,
  at: DailyExtremeHours,
  previousMax_c: number,
  min_c: number,
  max_c: number,
  nextMin_c: number,
): number {
  const night_h = 24 - (at.max_h - at.min_h);
  if (hour < at.min_h) return halfCosine(previousMax_c, min_c, (hour + 24 - at.max_h) / night_h);
  if (hour < at.max_h) return halfCosine(min_c, max_c, (hour - at.min_h) / (at.max_h - at.min_h));
  return halfCosine(max_c, nextMin_c, (hour - at.max_h) / night_h);
}

function halfCosine(from: number, to: number, share: number): number {
  return from + ((to - from) * (1 - Math.cos(Math.PI * share))) / 2;
}
