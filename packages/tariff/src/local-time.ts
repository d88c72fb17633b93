/** Instants of local times in Paris. */
import { dayMs } from "@azru/time";
import { Temporal } from "temporal-polyfill";
import { dayNumber, dayOfNumber } from "./day.ts";

const timeZone = "Europe/Paris";

// Time zone rules cost tens of microseconds an instant; replays ask for the same days thousands of times.
const starts = new Map<number, number>();

/** The instant of a local time, "HH:MM", of a day, Unix time; a time that spring skips is an hour later. */
export function parisMs(day: string, time: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds;
}

function startOfDayNumber(number: number): number {
  let found = starts.get(number);
  if (found === undefined) {
    found = parisMs(dayOfNumber(number), "00:00");
    starts.set(number, found);
  }
  return found;
}

/** The civil day in Paris in which an instant lies, and its bounds. */
export function civilDayAt(timeMs: number): { day: string; startMs: number; endMs: number } {
  let number = Math.floor(timeMs / dayMs) + 1;
  while (startOfDayNumber(number) > timeMs) number--;
  return { day: dayOfNumber(number), startMs: startOfDayNumber(number), endMs: startOfDayNumber(number + 1) };
}

/** Midnight in Paris after a day, Unix time. */
export function endOfDay(day: string): number {
  return startOfDayNumber(dayNumber(day) + 1);
}

/** Whole minutes after midnight of "HH:MM", 00:00 to 24:00; undefined where the text is none. */
export function minutesOf(time: string): number | undefined {
  const [, hours, minutes] = /^(\d?\d):(\d\d)$/.exec(time.trim()) ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  return hours !== undefined && Number(minutes) < 60 && total <= 1440 ? total : undefined;
}

/** "HH:MM" of minutes after midnight, below 24 h. */
export function timeOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}
