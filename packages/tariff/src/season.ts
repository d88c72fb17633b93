/** The Tempo season: 1 September to 31 August, named by its two years, "2024-2025". */
import { dayNumber, dayOfNumber } from "./day.ts";

/**
 * The season in which a Tempo day lies.
 *
 * @throws RangeError unless `day` is a real date YYYY-MM-DD
 */
export function seasonOf(day: string): string {
  dayNumber(day);
  const first = Number(day.slice(0, 4)) - (day.slice(5) < "09-01" ? 1 : 0);
  return `${String(first).padStart(4, "0")}-${String(first + 1).padStart(4, "0")}`;
}

const daysOfSeasons = new Map<string, readonly string[]>();

/**
 * All days of a season in order, 365 or 366.
 *
 * @throws RangeError unless `season` is two consecutive years, as in "2024-2025"
 */
export function seasonDays(season: string): readonly string[] {
  let days = daysOfSeasons.get(season);
  if (days === undefined) {
    const [, first, second] = /^(\d{4})-(\d{4})$/.exec(season) ?? [];
    if (first === undefined || Number(second) !== Number(first) + 1) {
      throw new RangeError(
        `season must be two consecutive years such as 2024-2025, got ${JSON.stringify(season)}`,
      );
    }
    const start = dayNumber(`${first}-09-01`);
    const count = dayNumber(`${second}-09-01`) - start;
    days = Array.from({ length: count }, (_, i) => dayOfNumber(start + i));
    daysOfSeasons.set(season, days);
  }
  return days;
}
