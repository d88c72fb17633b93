/** Today's and tomorrow's prices, hour by hour. */
import { type HomePrices, isoTimeOf } from "@azru/contracts";
import { homeDay, homeInstant, hourMs } from "@azru/runtime";
import type { Rate } from "@azru/tariff";
import type { Core } from "../core.ts";

/** Into the next day from any time of a day that begins at midnight, whatever the clocks do. */
const nextDay_ms = 26 * hourMs;

/**
 * The prices of the calendar day that `nowMs` (home time) lies in, and of the next. An hour of a day whose colour is
 * not published has no price yet.
 */
export function homePricesOf(core: Pick<Core, "rates">, nowMs: number): HomePrices {
  const todayMs = midnightOf(nowMs);
  const tomorrowMs = midnightOf(todayMs + nextDay_ms);
  const endMs = midnightOf(tomorrowMs + nextDay_ms);
  const rates = core.rates(todayMs, endMs);
  const raw_tomorrow = hoursOf(rates, tomorrowMs, endMs);
  return {
    currency: "EUR",
    unit: "kWh",
    raw_today: hoursOf(rates, todayMs, tomorrowMs),
    raw_tomorrow,
    tomorrow_valid: core.rates(tomorrowMs, endMs).every(({ colour }) => colour !== "unknown"),
  };
}

/** An hour within which the price changes becomes two entries. */
function hoursOf(rates: readonly Rate[], fromMs: number, untilMs: number): HomePrices["raw_today"] {
  const hours: HomePrices["raw_today"] = [];
  for (let hour = fromMs; hour < untilMs; hour += hourMs) {
    for (const { startMs, endMs, price_eur_kwh, colour } of rates) {
      const start = Math.max(hour, startMs);
      const end = Math.min(hour + hourMs, endMs);
      if (start >= end || colour === "unknown") continue;
      hours.push({ start: isoTimeOf(start), end: isoTimeOf(end), value: Number(price_eur_kwh.toFixed(6)) });
    }
  }
  return hours;
}

function midnightOf(timeMs: number): number {
  return homeInstant(homeDay(timeMs), "00:00");
}
