/** What was spent, day by day of the home's calendar. */
import { homeDay } from "@azru/runtime";

/** What the home and its baseline spent, EUR. */
export interface Spent {
  readonly paid_eur: number;
  readonly baseline_eur: number;
}

/** What was spent on a day of the home. */
export interface DaySpent extends Spent {
  readonly day: string; // 2026-01-15
}

/** What the home and its baseline have cost over the same time: that in which both are known. */
export interface Savings {
  readonly sinceMs: number; // home time
  /** How much of the time since then is counted. */
  readonly counted_ms: number;
  readonly cost_eur: number;
  readonly baseline_eur: number;
  readonly baselineHeat_kwh: number;
  /** At least those of the month in progress. */
  readonly days: readonly DaySpent[];
}

/** A month, and the days before it whose cost comes late. */
const mostDays = 40;

/** The days with more spent on one of them, those spent on last at the end. */
export function withSpent(
  days: readonly DaySpent[],
  day: string,
  { paid_eur = 0, baseline_eur = 0 }: Partial<Spent>,
): readonly DaySpent[] {
  const known = days.find((one) => one.day === day) ?? { paid_eur: 0, baseline_eur: 0 };
  const more = { paid_eur: known.paid_eur + paid_eur, baseline_eur: known.baseline_eur + baseline_eur };
  return [...days.filter((one) => one.day !== day), { day, ...more }].slice(-mostDays);
}

/** What was spent today and this month, as the home's calendar says at an instant of home time. */
export function spentUntil(days: readonly DaySpent[], nowMs: number): { today: Spent; month: Spent } {
  const today = homeDay(nowMs);
  return {
    today: total(days.filter(({ day }) => day === today)),
    month: total(days.filter(({ day }) => monthOf(day) === monthOf(today) && day <= today)),
  };
}

function total(days: readonly Spent[]): Spent {
  return days.reduce(
    (sum, { paid_eur, baseline_eur }) => ({
      paid_eur: sum.paid_eur + paid_eur,
      baseline_eur: sum.baseline_eur + baseline_eur,
    }),
    { paid_eur: 0, baseline_eur: 0 },
  );
}

function monthOf(day: string): string {
  return day.slice(0, 7);
}
