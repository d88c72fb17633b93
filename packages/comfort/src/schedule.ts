/** The weekly schedule as instants. */
import { type Preset, type Schedule, type Weekday, weekdays } from "@azru/contracts";
import { homeDay, homeInstant } from "@azru/runtime";
import { addDays, weekday } from "@azru/tariff";

export interface ScheduleChange {
  readonly atMs: number;
  readonly preset: Preset;
}

/**
 * The entries that hold within `[startMs, endMs)`, in order, the first being the one in force at `startMs`.
 *
 * Times are those of Europe/Paris. On the night that spring shortens, an entry of the skipped hour begins with
 * the change of clocks; on the one that autumn lengthens, an entry begins when its time comes first.
 */
export function scheduleChanges(schedule: Schedule, startMs: number, endMs: number): ScheduleChange[] {
  const changes: ScheduleChange[] = [];
  const today = homeDay(startMs);
  for (let day = addDays(today, -7); ; day = addDays(day, 1)) {
    if (day > today && homeInstant(day, "00:00") >= endMs) break;
    for (const { time, preset } of schedule[weekdayOf(day)]) {
      const atMs = homeInstant(day, time);
      if (atMs >= endMs) continue;
      if (atMs <= startMs || changes.at(-1)?.atMs === atMs) changes.splice(changes.length - 1, 1);
      changes.push({ atMs, preset });
    }
  }
  return changes;
}

function weekdayOf(day: string): Weekday {
  return weekdays[(weekday(day) + 6) % 7];
}
