/** Rates turned into one price a step, for controllers and costs. */
import type { Rate } from "./rate.ts";

/**
 * The time-weighted mean price of each of `count` steps of `dtSeconds` from `startMs` on, EUR/kWh.
 *
 * @param rates in order, without gap or overlap, covering all steps
 * @throws RangeError when a parameter is out of range, or naming the instant that no rate covers
 */
export function stepPrices(
  rates: readonly Rate[],
  startMs: number,
  dtSeconds: number,
  count: number,
): Float64Array {
  if (!Number.isFinite(startMs)) throw new RangeError(`startMs must be finite, got ${startMs}`);
  if (!(dtSeconds > 0 && Number.isFinite(dtSeconds))) {
    throw new RangeError(`dtSeconds must be > 0, got ${dtSeconds}`);
  }
  if (!(Number.isInteger(count) && count >= 0)) {
    throw new RangeError(`count must be a whole number >= 0, got ${count}`);
  }
  const dtMs = dtSeconds * 1000;
  const prices = new Float64Array(count);
  let i = 0;
  const rateAt = (timeMs: number): Rate => {
    while (i < rates.length && rates[i].endMs <= timeMs) i++;
    const rate = rates[i];
    if (rate === undefined || rate.startMs > timeMs) {
      throw new RangeError(`rates do not cover ${new Date(timeMs).toISOString()}`);
    }
    return rate;
  };
  for (let step = 0; step < count; step++) {
    const endMs = startMs + (step + 1) * dtMs;
    let timeMs = startMs + step * dtMs;
    let rate = rateAt(timeMs);
    if (rate.endMs >= endMs) {
      prices[step] = rate.price_eur_kwh;
      continue;
    }
    let sum = 0;
    while (rate.endMs < endMs) {
      sum += rate.price_eur_kwh * (rate.endMs - timeMs);
      timeMs = rate.endMs;
      rate = rateAt(timeMs);
    }
    prices[step] = (sum + rate.price_eur_kwh * (endMs - timeMs)) / dtMs;
  }
  return prices;
}
