/** Peak and off-peak, in the words of pages and messages, for tariffs that do not say. */
import type { Period, Rate } from "./rate.ts";
import { tempoDayOf } from "./tempo-day.ts";

/**
 * The same rates, each with a period: its own, or peak where it is dearer than the mean of the rates of its day
 * (06:00 to 06:00).
 */
export function withPeriods(rates: readonly Rate[]): (Rate & { readonly period: Period })[] {
  const days = new Map<string, { sum: number; span: number }>();
  for (const { startMs, endMs, price_eur_kwh } of rates) {
    const key = tempoDayOf(startMs);
    const day = days.get(key) ?? { sum: 0, span: 0 };
    day.sum += price_eur_kwh * (endMs - startMs);
    day.span += endMs - startMs;
    days.set(key, day);
  }
  return rates.map((rate) => {
    if (rate.period !== undefined) return { ...rate, period: rate.period };
    const { sum, span } = days.get(tempoDayOf(rate.startMs))!;
    return { ...rate, period: rate.price_eur_kwh > sum / span + 1e-9 ? "peak" : "offPeak" };
  });
}
