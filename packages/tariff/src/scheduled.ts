/** Prices that recur: by month, kind of day and time of day, in Paris. */
import { weekday } from "./day.ts";
import { isPublicHoliday } from "./holidays.ts";
import { civilDayAt, parisMs, timeOf } from "./local-time.ts";
import type { Period, Rate, Tariff } from "./rate.ts";

/** Minutes after midnight; where `to` is not after `from`, the stretch goes on past midnight. */
export interface TimeSpan {
  readonly from_min: number;
  readonly to_min: number;
}

/** A price and when it holds; what is absent holds always. */
export interface PriceRule {
  readonly price_eur_kwh: number;
  /** 1 January to 12 December. */
  readonly months?: readonly number[];
  /** 0 Sunday to 6 Saturday. */
  readonly weekdays?: readonly number[];
  /** Beside the weekdays. */
  readonly onHolidays?: boolean;
  readonly spans?: readonly TimeSpan[];
  readonly period?: Period;
}

const minutesPerDay = 1440;

/**
 * A tariff of rules: at each moment the first rule that fits gives the price.
 *
 * @throws RangeError naming the rule and value of a price that is not finite, a month or a weekday that is none, and
 *   a moment of the week for which there is no rule
 */
export function scheduledTariff(name: string, rules: readonly PriceRule[]): Tariff {
  for (const [i, rule] of rules.entries()) checkRule(i, rule);
  const days = new Map<string, readonly Segment[]>();
  const segmentsOf = (day: string): readonly Segment[] => {
    const key = `${day.slice(5, 7)} ${weekday(day)} ${isPublicHoliday(day)}`;
    let segments = days.get(key);
    if (segments === undefined) {
      segments = segmentsBy(rules, day);
      days.set(key, segments);
    }
    return segments;
  };
  for (let month = 1; month <= 12; month++) {
    for (let dayOfMonth = 1; dayOfMonth <= 7; dayOfMonth++)
      segmentsOf(`2026-${String(month).padStart(2, "0")}-0${dayOfMonth}`);
  }
  return {
    name,
    rates(startMs, endMs) {
      checkRange(startMs, endMs);
      const rates: Rate[] = [];
      for (let day = civilDayAt(startMs); day.startMs < endMs; day = civilDayAt(day.endMs)) {
        const segments = segmentsOf(day.day);
        const bounds = [...segments.map(({ from_min }) => parisMs(day.day, timeOf(from_min))), day.endMs];
        for (const [i, { rule }] of segments.entries()) {
          const fromMs = Math.max(startMs, bounds[i]);
          const toMs = Math.min(endMs, bounds[i + 1]);
          if (fromMs >= toMs) continue;
          const last = rates.at(-1);
          const { price_eur_kwh, period } = rule;
          if (last?.endMs === fromMs && last.price_eur_kwh === price_eur_kwh && last.period === period)
            rates[rates.length - 1] = { ...last, endMs: toMs };
          else rates.push({ startMs: fromMs, endMs: toMs, price_eur_kwh, ...(period && { period }) });
        }
      }
      return rates;
    },
  };
}

/** @throws RangeError when an instant is not finite or `endMs` is before `startMs` */
export function checkRange(startMs: number, endMs: number): void {
  if (!Number.isFinite(startMs)) throw new RangeError(`startMs must be finite, got ${startMs}`);
  if (!Number.isFinite(endMs)) throw new RangeError(`endMs must be finite, got ${endMs}`);
  if (endMs < startMs) throw new RangeError(`endMs must not be before startMs ${startMs}, got ${endMs}`);
}

interface Segment {
  readonly from_min: number;
  readonly rule: PriceRule;
}

function segmentsBy(rules: readonly PriceRule[], day: string): readonly Segment[] {
  const today = rules.filter((rule) => fits(rule, day));
  const bounds = new Set([0]);
  for (const { from_min, to_min } of today.flatMap(({ spans }) => spans ?? [])) {
    bounds.add(from_min % minutesPerDay).add(to_min % minutesPerDay);
  }
  return [...bounds]
    .sort((a, b) => a - b)
    .map((from_min) => {
      const rule = today.find(({ spans }) => spans?.some((span) => isWithin(from_min, span)) ?? true);
      if (rule === undefined)
        throw new RangeError(`no price for ${day.slice(5)} (weekday ${weekday(day)}) at ${timeOf(from_min)}`);
      return { from_min, rule };
    });
}

function fits({ months, weekdays, onHolidays }: PriceRule, day: string): boolean {
  if (months && !months.includes(Number(day.slice(5, 7)))) return false;
  if (weekdays === undefined && onHolidays === undefined) return true;
  return (weekdays?.includes(weekday(day)) ?? false) || (onHolidays === true && isPublicHoliday(day));
}

function isWithin(at_min: number, { from_min, to_min }: TimeSpan): boolean {
  return from_min < to_min ? from_min <= at_min && at_min < to_min : from_min <= at_min || at_min < to_min;
}

function checkRule(i: number, { price_eur_kwh, months, weekdays, spans }: PriceRule): void {
  if (!Number.isFinite(price_eur_kwh))
    throw new RangeError(`rules[${i}].price_eur_kwh must be finite, got ${price_eur_kwh}`);
  const check = (field: string, values: readonly number[] | undefined, least: number, most: number) => {
    const wrong = values?.find((value) => !(Number.isInteger(value) && value >= least && value <= most));
    if (wrong !== undefined)
      throw new RangeError(
        `rules[${i}].${field} must be whole numbers from ${least} to ${most}, got ${wrong}`,
      );
  };
  check("months", months, 1, 12);
  check("weekdays", weekdays, 0, 6);
  check(
    "spans",
    spans?.flatMap(({ from_min, to_min }) => [from_min, to_min]),
    0,
    minutesPerDay,
  );
}
