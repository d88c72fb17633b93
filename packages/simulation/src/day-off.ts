/** The days on which people in France are off. */
import { isPublicHoliday, weekday } from "@azru/tariff";
import { homeDay, homeHour } from "@azru/time";

// A filter asks for the same days a thousand times a decision.
const known = new Map<number, boolean>();

/** Whether a Unix time, ms, falls on a Saturday, a Sunday or a public holiday in Europe/Paris. */
export function isDayOff(timeMs: number): boolean {
  // Midnight in Paris is an hour or two before that of UTC.
  const day = Math.round((timeMs / 3_600_000 - homeHour(timeMs)) / 24);
  let isOff = known.get(day);
  if (isOff === undefined) {
    const date = homeDay(timeMs);
    isOff = weekday(date) % 6 === 0 || isPublicHoliday(date);
    known.set(day, isOff);
  }
  return isOff;
}
