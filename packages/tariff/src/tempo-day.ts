/** The Tempo day: 06:00 to 06:00 in Paris, peak until 22:00, on every day of the year. */
import { dayMs } from "@azru/time";
import { dayNumber, dayOfNumber } from "./day.ts";
import { parisMs } from "./local-time.ts";

/** One Tempo day; instants are Unix time. 24 h long, 23 h or 25 h where it contains a clock change. */
export interface TempoDay {
  /** The civil date on which it begins. */
  readonly day: string;
  readonly startMs: number; // 06:00
  readonly offPeakMs: number; // 22:00
  readonly endMs: number; // 06:00 of the next date
  readonly publishedMs: number; // 11:00 of the date before, when its colour is known
}

// Time zone rules cost tens of microseconds an instant; a replayed year asks for the same 365 days 35,000 times.
const tempoDays = new Map<number, TempoDay>();

function tempoDayOfNumber(number: number): TempoDay {
  let found = tempoDays.get(number);
  if (found === undefined) {
    const day = dayOfNumber(number);
    found = {
      day,
      startMs: parisMs(day, "06:00"),
      offPeakMs: parisMs(day, "22:00"),
      endMs: parisMs(dayOfNumber(number + 1), "06:00"),
      publishedMs: parisMs(dayOfNumber(number - 1), "11:00"),
    };
    tempoDays.set(number, found);
  }
  return found;
}

/**
 * The instants of the Tempo day that begins on a date.
 *
 * @throws RangeError unless `day` is a real date YYYY-MM-DD
 */
export function tempoDay(day: string): TempoDay {
  return tempoDayOfNumber(dayNumber(day));
}

/**
 * The Tempo day in which an instant lies.
 *
 * @throws RangeError when `timeMs` is not finite or lies outside the years 0 to 9999
 */
export function tempoDayAt(timeMs: number): TempoDay {
  if (!Number.isFinite(timeMs)) throw new RangeError(`timeMs must be finite, got ${timeMs}`);
  let number = Math.floor(timeMs / dayMs);
  while (tempoDayOfNumber(number).startMs > timeMs) number--;
  return tempoDayOfNumber(number);
}

/** The date (YYYY-MM-DD) of the Tempo day in which an instant lies: before 06:00 in Paris, the day before. */
export function tempoDayOf(timeMs: number): string {
  return tempoDayAt(timeMs).day;
}

/** The last Tempo day whose colour is published at an instant: tomorrow's from 11:00 in Paris, else today's. */
export function lastPublishedDay(timeMs: number): string {
  const today = tempoDayAt(timeMs);
  const tomorrow = tempoDayAt(today.endMs);
  return tomorrow.publishedMs <= timeMs ? tomorrow.day : today.day;
}

/**
 * Means of a series over whole Tempo days, for example daily mean outdoor temperatures.
 *
 * @param startMs Unix time at which the first interval begins
 * @param values one value an interval of `dtSeconds`, the interval's mean
 * @returns one mean for each Tempo day that the series covers entirely, in order; an interval that a day's
 *   boundary cuts counts for each day by its share
 * @throws RangeError when `startMs` or a value is not finite or `dtSeconds` is not positive
 */
export function tempoDayMeans(
  startMs: number,
  dtSeconds: number,
  values: ArrayLike<number>,
): Map<string, number> {
  if (!(dtSeconds > 0 && Number.isFinite(dtSeconds))) {
    throw new RangeError(`dtSeconds must be > 0, got ${dtSeconds}`);
  }
  const dtMs = dtSeconds * 1000;
  const endMs = startMs + values.length * dtMs;
  const means = new Map<string, number>();
  let day = tempoDayAt(startMs);
  if (day.startMs < startMs) day = tempoDayAt(day.endMs);
  for (; day.endMs <= endMs; day = tempoDayAt(day.endMs)) {
    let sum = 0;
    const last = Math.min(Math.ceil((day.endMs - startMs) / dtMs), values.length);
    for (let i = Math.floor((day.startMs - startMs) / dtMs); i < last; i++) {
      const value = values[i];
      if (!Number.isFinite(value)) throw new RangeError(`values[${i}] must be finite, got ${value}`);
      const fromMs = Math.max(day.startMs, startMs + i * dtMs);
      const toMs = Math.min(day.endMs, startMs + (i + 1) * dtMs);
      sum += value * (toMs - fromMs);
    }
    means.set(day.day, sum / (day.endMs - day.startMs));
  }
  return means;
}
