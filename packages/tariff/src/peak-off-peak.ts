/** A plain two-price tariff: peak from 06:00 to 22:00 in Paris, off-peak at night. */
import { ratesByPeriod } from "./periods.ts";
import type { Period, Tariff } from "./rate.ts";

/**
 * The prototype's scenario tariff.
 *
 * @param prices_eur_kwh EUR/kWh; 0.25 and 0.15 by default
 * @throws RangeError naming the period whose price is not finite
 */
export function peakOffPeakTariff(
  prices_eur_kwh: Readonly<Record<Period, number>> = { peak: 0.25, offPeak: 0.15 },
): Tariff {
  for (const period of ["peak", "offPeak"] as const) {
    if (!Number.isFinite(prices_eur_kwh[period])) {
      throw new RangeError(`prices_eur_kwh.${period} must be finite, got ${prices_eur_kwh[period]}`);
    }
  }
  return {
    name: "peak/off-peak",
    rates: (startMs, endMs) =>
      ratesByPeriod(startMs, endMs, (_day, period) => ({ price_eur_kwh: prices_eur_kwh[period] })),
  };
}
