/** The prices in use, as `home/tariff` and `GET /tariff` publish them. */
import { isoTimeOf, rateMessage, sentenceOf, type TariffDay, type TariffState } from "@azru/contracts";
import {
  addDays,
  lastPublishedDay,
  publishedCalendar,
  type Rate,
  remainingQuota,
  type TempoCalendar,
  type TempoDay,
  tempoDay,
  tempoDayOf,
} from "@azru/tariff";
import type { TariffOutlook } from "./tariff-outlook.ts";

/** What is known of today's and tomorrow's prices at an instant of home time. */
export function tariffMessage(outlook: TariffOutlook, nowMs: number): TariffState {
  const { calendar, source, fallbackReason } = outlook.loaded;
  const today = tempoDay(tempoDayOf(nowMs));
  const tomorrow = tempoDay(tempoDayOf(today.endMs));
  const rates = outlook.rates(today.startMs, tomorrow.endMs, nowMs);
  return {
    issued_at: isoTimeOf(nowMs),
    tariff: outlook.name,
    source: source.slice(0, 200),
    ...(fallbackReason !== undefined && { fallback_reason: sentenceOf(fallbackReason) }),
    today: dayMessage(today, rates),
    tomorrow: dayMessage(tomorrow, rates),
    ...(calendar && calendar.colours.size > 0 && { remaining_days: remainingDays(calendar, nowMs) }),
    rates: rates.map(rateMessage),
  };
}

function dayMessage({ day, startMs, endMs }: TempoDay, rates: readonly Rate[]): TariffDay {
  const ofDay = rates.filter((rate) => rate.startMs < endMs && rate.endMs > startMs);
  const prices = ofDay.map(({ price_eur_kwh }) => price_eur_kwh);
  const colour = ofDay[0]?.colour;
  return {
    date: day,
    ...(colour && { colour }),
    peak_price: Math.max(...prices),
    off_peak_price: Math.min(...prices),
  };
}

/** Days of each colour that are left to be drawn after those published. */
function remainingDays(calendar: TempoCalendar, nowMs: number): NonNullable<TariffState["remaining_days"]> {
  const nextDraw = addDays(lastPublishedDay(nowMs), 1);
  return remainingQuota(publishedCalendar(calendar, nowMs), nextDraw);
}
