import { isoTimeOf, type Rate as RateMessage } from "@azru/contracts";
import type { Rate } from "@azru/tariff";

/** A rate as the contracts write it. */
export function rateMessage({ startMs, endMs, price_eur_kwh, period, colour }: Rate): RateMessage {
  return {
    start: isoTimeOf(startMs),
    end: isoTimeOf(endMs),
    price: price_eur_kwh,
    period: period === "peak" ? "peak" : "off_peak",
    ...(colour && { colour }),
  };
}
