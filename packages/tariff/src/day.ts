/** Civil days as text, "YYYY-MM-DD": arithmetic on the calendar, without time zones. */
import { dayMs } from "@azru/time";

/**
 * The number of a day counted from 1970-01-01.
 *
 * @throws RangeError unless `day` is a real date written YYYY-MM-DD
 */
export function dayNumber(day: string): number {
  const ms = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  // Date.parse lets some days past a month's end roll over into the next month.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day) {
    throw new RangeError(`day must be a date YYYY-MM-DD, got ${JSON.stringify(day)}`);
  }
  return ms / dayMs;
}

/**
 * The day of a number counted from 1970-01-01; the inverse of `dayNumber`.
 *
 * @throws RangeError when the day lies outside the years 0000 to 9999
 */
export function dayOfNumber(number: number): string {
  const date = new Date(number * dayMs);
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) throw new RangeError(`day number ${number} is outside years 0 to 9999`);
  return date.toISOString().slice(0, 10);
}

/** The day `count` days after (before, when negative). */
export function addDays(day: string, count: number): string {
  return dayOfNumber(dayNumber(day) + count);
}

/** Day of the week: 0 Sunday to 6 Saturday. */
export function weekday(day: string): number {
  return (((dayNumber(day) + 4) % 7) + 7) % 7;
}
