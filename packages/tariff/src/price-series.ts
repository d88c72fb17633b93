/** Prices of a dated series: a spot market's, by the hour or the quarter of an hour. */
import { dayMs, homeHour, hourMs } from "@azru/time";
import { addDays } from "./day.ts";
import { civilDayAt, endOfDay, parisMs } from "./local-time.ts";
import type { Rate, Tariff } from "./rate.ts";
import { checkRange } from "./scheduled.ts";

/** One known price, from `startMs` (inclusive) to `endMs` (exclusive), Unix time. */
export interface DatedPrice {
  readonly startMs: number;
  readonly endMs: number;
  readonly price_eur_kwh: number;
}

export interface PriceSeriesOptions {
  readonly name: string;
  /** In order, without overlap; see `orderedPrices`. */
  readonly prices: readonly DatedPrice[];
  /**
   * Local time at which the prices of the next civil day are published, "HH:MM"; 13:00 by default, when the European
   * day-ahead auction is out. Absent by `null`: all that the series holds is known at once.
   */
  readonly published?: string | null;
  /** `refused` by default. */
  readonly gaps?: Gaps;
}

/**
 * What becomes of instants within a series, or before it, that have no price: `refused`, as a replay must not pay what
 * nobody asked; or `expected` to cost what is usual at that time, as a live home has to decide in any case.
 */
export type Gaps = "refused" | "expected";

const estimateDays = 7;
const slotMs = 900_000;

/**
 * A tariff from a series. What was not published at `knownAtMs`, and what lies after the end, is expected to cost what
 * the same quarter of an hour cost in the mean of the seven days before that are known; such a rate has `isExpected`.
 *
 * @throws RangeError when there is no price; where gaps are refused, `rates` throws one naming the instant that the
 *   series does not cover and that no day before has
 */
export function priceSeriesTariff({
  name,
  prices,
  published = "13:00",
  gaps = "refused",
}: PriceSeriesOptions): Tariff {
  if (prices.length === 0) throw new RangeError("prices must not be empty, got 0");
  const seriesEndMs = prices.at(-1)!.endMs;

  const knownUntil = (knownAtMs: number | undefined): number => {
    if (knownAtMs === undefined || published === null) return seriesEndMs;
    const { day, endMs } = civilDayAt(knownAtMs);
    const isOut = knownAtMs >= parisMs(day, published);
    return Math.min(seriesEndMs, isOut ? endOfDay(addDays(day, 1)) : endMs);
  };

  /** Index of the first price that ends after an instant. */
  const indexAt = (timeMs: number): number => {
    let low = 0;
    let high = prices.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (prices[middle].endMs > timeMs) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const priceAt = (timeMs: number): DatedPrice | undefined => {
    const price = prices[indexAt(timeMs)];
    return price !== undefined && price.startMs <= timeMs ? price : undefined;
  };
  const expected = (timeMs: number, untilMs: number): number => {
    const before = Math.ceil((timeMs - untilMs + 1) / dayMs); // days back to what is known
    let sum = 0;
    let count = 0;
    for (let back = Math.max(1, before); back < before + estimateDays; back++) {
      const earlierMs = daysBefore(timeMs, back);
      const price = earlierMs < untilMs ? priceAt(earlierMs) : undefined;
      if (price === undefined) continue;
      sum += price.price_eur_kwh;
      count++;
    }
    if (count > 0) return sum / count;
    if (gaps === "refused") throw noPrice(timeMs);
    return usualPrice(prices, timeMs);
  };
  const noPrice = (timeMs: number) =>
    new RangeError(`${name} has no price for ${new Date(timeMs).toISOString()}`);

  return {
    name,
    rates(startMs, endMs, knownAtMs) {
      checkRange(startMs, endMs);
      const untilMs = knownUntil(knownAtMs);
      const rates: Rate[] = [];
      for (let timeMs = startMs; timeMs < endMs; ) {
        const price = timeMs < untilMs ? priceAt(timeMs) : undefined;
        if (price === undefined && timeMs < untilMs && gaps === "refused") throw noPrice(timeMs);
        const toMs = price
          ? Math.min(endMs, untilMs, price.endMs)
          : Math.min(endMs, (Math.floor(timeMs / slotMs) + 1) * slotMs);
        rates.push(
          price
            ? { startMs: timeMs, endMs: toMs, price_eur_kwh: price.price_eur_kwh }
            : { startMs: timeMs, endMs: toMs, price_eur_kwh: expected(timeMs, untilMs), isExpected: true },
        );
        timeMs = toMs;
      }
      return rates;
    },
  };
}

/** The instant at which clocks in Paris showed the same some days before. */
function daysBefore(timeMs: number, days: number): number {
  const sameUtcMs = timeMs - days * dayMs;
  const clockAhead_h = Math.round(homeHour(timeMs) - homeHour(sameUtcMs)); // an hour where clocks changed between
  return sameUtcMs + (clockAhead_h - 24 * Math.round(clockAhead_h / 24)) * hourMs;
}

/** The mean of all prices that hold at a time of day; of all prices where none does. */
function usualPrice(prices: readonly DatedPrice[], timeMs: number): number {
  const atThatTime = prices.filter(({ startMs, endMs }) => {
    const next = startMs + ((((timeMs - startMs) % dayMs) + dayMs) % dayMs);
    return next < endMs;
  });
  const counted = atThatTime.length > 0 ? atThatTime : prices;
  return counted.reduce((sum, { price_eur_kwh }) => sum + price_eur_kwh, 0) / counted.length;
}

/**
 * Puts prices in order. A later entry for the same start replaces an earlier one; an entry without an end holds until
 * the next begins, the last one as long as the one before.
 *
 * @throws RangeError when two overlap, or when the only price has no end
 */
export function orderedPrices(
  entries: readonly { startMs: number; endMs?: number; price_eur_kwh: number }[],
): DatedPrice[] {
  const byStart = [...new Map(entries.map((entry) => [entry.startMs, entry])).values()].sort(
    (a, b) => a.startMs - b.startMs,
  );
  const lastStep_ms = byStart.length > 1 ? byStart.at(-1)!.startMs - byStart.at(-2)!.startMs : undefined;
  return byStart.map(({ startMs, endMs, price_eur_kwh }, i) => {
    const next = byStart[i + 1];
    const ends = endMs ?? next?.startMs ?? (lastStep_ms && startMs + lastStep_ms);
    if (ends === undefined || ends <= startMs)
      throw new RangeError(`the price of ${new Date(startMs).toISOString()} needs an end after it`);
    if (next !== undefined && ends > next.startMs)
      throw new RangeError(
        `prices of ${new Date(startMs).toISOString()} and ${new Date(next.startMs).toISOString()} overlap`,
      );
    return { startMs, endMs: ends, price_eur_kwh };
  });
}
