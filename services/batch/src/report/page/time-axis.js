/** Local time of the home on the charts' x axis, whatever the browser's own time zone. Times are Unix seconds. */

export const day_s = 86_400;

/** @param {Intl.DateTimeFormatOptions} options */
function timeFormat(options) {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Paris", ...options });
  return (/** @type {number} */ time_s) => format.format(time_s * 1000);
}

const hourText = timeFormat({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const weekdayText = timeFormat({ weekday: "short" });
const dayText = timeFormat({ day: "numeric", month: "short" });
const monthText = timeFormat({ month: "short", year: "numeric" });

export const instantText = timeFormat({
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/**
 * Ticks at round local hours, days, Mondays or months: the densest that fit, with their texts.
 *
 * @param {readonly number[]} midnights_s beginnings of the local days, and of the one after
 * @param {number} min_s
 * @param {number} max_s
 * @param {number} room number of ticks that fit
 * @returns {{ times_s: number[], text: (time_s: number) => string }}
 */
export function timeTicks(midnights_s, min_s, max_s, room) {
  const isShown = (/** @type {number} */ time_s) => time_s >= min_s && time_s <= max_s;
  for (const every of [1, 3, 6, 12]) {
    if ((max_s - min_s) / 3600 / every > room) continue;
    const times_s = midnights_s.slice(0, -1).flatMap((_, day) => hoursOf(midnights_s, day, every));
    return {
      times_s: times_s.filter(isShown),
      text: (time_s) => (midnights_s.includes(time_s) ? dayText : hourText)(time_s),
    };
  }
  const days = midnights_s.filter(isShown);
  for (const every of [1, 2, 4]) {
    if (days.length / every > room) continue;
    return { times_s: days.filter((time_s) => midnights_s.indexOf(time_s) % every === 0), text: dayText };
  }
  const mondays = days.filter((time_s) => weekdayText(time_s) === "Mon");
  if (mondays.length <= room) return { times_s: mondays, text: dayText };
  const months = days.filter((time_s) => dayText(time_s).startsWith("1 "));
  const every = Math.ceil(months.length / room);
  return { times_s: months.filter((_, i) => i % every === 0), text: monthText };
}

/**
 * The clock changes between 02:00 and 03:00, so later hours are counted back from the next midnight.
 *
 * @param {readonly number[]} midnights_s
 * @param {number} day
 * @param {number} every hours
 */
function hoursOf(midnights_s, day, every) {
  const times_s = [];
  for (let hour = 0; hour < 24; hour += every) {
    times_s.push(hour < 3 ? midnights_s[day] + hour * 3600 : midnights_s[day + 1] - (24 - hour) * 3600);
  }
  return times_s;
}
