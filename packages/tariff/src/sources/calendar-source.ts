/** What every source of Tempo colours is, and what is made of one. */
import type { TempoCalendar } from "../calendar.ts";
import type { TempoColour } from "../rate.ts";
import { seasonDays, seasonOf } from "../season.ts";
import { lastPublishedDay } from "../tempo-day.ts";

/** The colours that a source gave for the days it was asked. */
export interface CalendarAnswer extends TempoCalendar {
  /** What went wrong on the way, one line each, for a log; empty when all is well. */
  readonly warnings: readonly string[];
  /** Whether these are old data, because no fresh ones could be had. */
  readonly stale: boolean;
}

export interface CalendarSource {
  readonly name: string;
  /**
   * The colours of Tempo days (YYYY-MM-DD) as far as they are decided; undecided ones are absent.
   *
   * @param nowMs the present, Unix time
   * @throws TariffSourceError when the source cannot be reached or gives something else than colours
   */
  colours(days: readonly string[], nowMs: number): Promise<CalendarAnswer>;
}

/**
 * The calendar from the beginning of the season of `firstDay` (which the quotas need) to `lastDay`, as far as
 * colours are published at `nowMs`. Days in between that the source lacks are reported in `warnings`.
 *
 * @throws TariffSourceError when the source fails; RangeError unless the days are dates YYYY-MM-DD in order
 */
export async function loadCalendar(
  source: CalendarSource,
  firstDay: string,
  lastDay: string,
  nowMs: number,
): Promise<CalendarAnswer> {
  if (lastDay < firstDay) throw new RangeError(`lastDay must not be before ${firstDay}, got ${lastDay}`);
  const published = lastPublishedDay(nowMs);
  const days: string[] = [];
  const lastSeason = seasonOf(lastDay);
  for (let season = seasonOf(firstDay); season <= lastSeason; season = nextSeason(season)) {
    for (const day of seasonDays(season)) if (day <= lastDay && day <= published) days.push(day);
  }
  if (days.length === 0) {
    return { source: source.name, colours: new Map<string, TempoColour>(), warnings: [], stale: false };
  }
  const answer = await source.colours(days, nowMs);
  const missing = days.filter((day) => !answer.colours.has(day));
  if (missing.length === 0) return answer;
  const which = missing.length > 3 ? `${missing[0]} to ${missing.at(-1)}` : missing.join(", ");
  return {
    ...answer,
    warnings: [
      ...answer.warnings,
      `${answer.source}: no colour for ${missing.length} of ${days.length} days (${which})`,
    ],
  };
}

function nextSeason(season: string): string {
  const second = Number(season.slice(5));
  return `${season.slice(5)}-${String(second + 1).padStart(4, "0")}`;
}
