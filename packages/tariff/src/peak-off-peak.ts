/** Two prices: peak, and off-peak at agreed hours (HP/HC). */
import { timeOf } from "./local-time.ts";
import type { Period, Tariff } from "./rate.ts";
import { scheduledTariff, type TimeSpan } from "./scheduled.ts";

/** The off-peak hours where a contract agrees on no others: 22:00 to 06:00. */
const nightHours: readonly TimeSpan[] = [{ from_min: 22 * 60, to_min: 6 * 60 }];

/**
 * A tariff of peak and off-peak hours in Paris.
 *
 * @param prices_eur_kwh EUR/kWh; those of the prototype's scenarios, 0.25 and 0.15, by default
 * @param offPeak 22:00 to 06:00 by default
 * @throws RangeError naming the period whose price is not finite
 */
export function peakOffPeakTariff(
  prices_eur_kwh: Readonly<Record<Period, number>> = { peak: 0.25, offPeak: 0.15 },
  offPeak: readonly TimeSpan[] = nightHours,
): Tariff {
  const { peak, offPeak: low } = prices_eur_kwh;
  for (const period of ["peak", "offPeak"] as const) {
    if (!Number.isFinite(prices_eur_kwh[period])) {
      throw new RangeError(`prices_eur_kwh.${period} must be finite, got ${prices_eur_kwh[period]}`);
    }
  }
  const hours = offPeak.map(({ from_min, to_min }) => `${timeOf(from_min)}-${timeOf(to_min % 1440)}`);
  return scheduledTariff(`peak ${peak}, off-peak ${low} EUR/kWh (off-peak ${hours.join(", ")})`, [
    { price_eur_kwh: low, spans: offPeak, period: "offPeak" },
    { price_eur_kwh: peak, period: "peak" },
  ]);
}
