/** Local time of the home on the charts' x axis, whatever the browser's own time zone. Times are Unix seconds. */

export const day_s = 86_400;

/** Writes instants of the home in one language. */
export type TimeFormat = ReturnType<typeof createTimeFormat>;

/** @param locale BCP 47 */
export function createTimeFormat(locale: string) {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const text = new Intl.DateTimeFormat(locale, { timeZone: "Europe/Paris", hourCycle: "h23", ...options });
    return (time_s: number) => text.format(time_s * 1000);
  };
  const hourAndMinute = { hour: "2-digit", minute: "2-digit" } as const;
  return {
    hour: format(hourAndMinute),
    day: format({ day: "numeric", month: "short" }),
    month: format({ month: "short", year: "numeric" }),
    /** "Sun, 1 Feb 2026, 00:00" */
    instant: format({
      weekday: "short",
      day: "numeric",
      month: "short",
      year: "numeric",
      ...hourAndMinute,
    }),
  };
}

const english = createTimeFormat("en-GB");
const weekday = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Paris", weekday: "short" });

/** Where an axis is marked, and how. */
export interface TimeTicks {
  readonly times_s: number[];
  readonly text: (time_s: number) => string;
}

/**
 * Ticks at round local hours, days, Mondays or months: the densest that fit.
 *
 * @param midnights_s beginnings of the local days in sight, and of the one after
 * @param room number of ticks that fit
 */
export function timeTicks(
  midnights_s: readonly number[],
  min_s: number,
  max_s: number,
  room: number,
  format: TimeFormat = english,
): TimeTicks {
  const isShown = (time_s: number) => time_s >= min_s && time_s <= max_s;
  for (const every of [1, 3, 6, 12]) {
    if ((max_s - min_s) / 3600 / every > room) continue;
    const times_s = new Set(midnights_s.slice(0, -1).flatMap((_, day) => hoursOf(midnights_s, day, every)));
    const text = (time_s: number) => (midnights_s.includes(time_s) ? format.day : format.hour)(time_s);
    return { times_s: [...times_s].filter(isShown), text };
  }
  const days = midnights_s.filter(isShown);
  for (const every of [1, 2, 4]) {
    if (days.length / every > room) continue;
    return { times_s: days.filter((time_s) => midnights_s.indexOf(time_s) % every === 0), text: format.day };
  }
  const mondays = days.filter((time_s) => weekday.format(time_s * 1000) === "Mon");
  if (mondays.length <= room) return { times_s: mondays, text: format.day };
  const months = days.filter((time_s) => english.day(time_s).startsWith("1 "));
  const every = Math.ceil(months.length / room);
  return { times_s: months.filter((_, i) => i % every === 0), text: format.month };
}

/** The clock changes between 02:00 and 03:00, so later hours are counted back from the next midnight. */
function hoursOf(midnights_s: readonly number[], day: number, every: number): number[] {
  const times_s = [];
  for (let hour = 0; hour < 24; hour += every) {
    times_s.push(hour < 3 ? midnights_s[day] + hour * 3600 : midnights_s[day + 1] - (24 - hour) * 3600);
  }
  return times_s;
}
