/** Peak and off-peak stretches of time: 06:00 to 22:00 and 22:00 to 06:00 in Paris. */
import type { Period, Rate } from "./rate.ts";
import { checkRange } from "./scheduled.ts";
import { type TempoDay, tempoDayAt } from "./tempo-day.ts";

/**
 * One rate for each peak and off-peak stretch that overlaps `[startMs, endMs)`, in order, clipped to it.
 *
 * @throws RangeError when an instant is not finite or `endMs` is before `startMs`
 */
export function ratesByPeriod(
  startMs: number,
  endMs: number,
  priceOf: (day: TempoDay, period: Period) => Pick<Rate, "price_eur_kwh" | "colour">,
): Rate[] {
  checkRange(startMs, endMs);
  const rates: Rate[] = [];
  const add = (fromMs: number, toMs: number, day: TempoDay, period: Period) => {
    const clippedFromMs = Math.max(fromMs, startMs);
    const clippedToMs = Math.min(toMs, endMs);
    if (clippedFromMs < clippedToMs) {
      rates.push({ startMs: clippedFromMs, endMs: clippedToMs, period, ...priceOf(day, period) });
    }
  };
  for (let timeMs = startMs; timeMs < endMs; ) {
    const day = tempoDayAt(timeMs);
    add(day.startMs, day.offPeakMs, day, "peak");
    add(day.offPeakMs, day.endMs, day, "offPeak");
    timeMs = day.endMs;
  }
  return rates;
}
