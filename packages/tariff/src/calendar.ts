/** The colours of Tempo days and the rules by which they are drawn. */
import { weekday } from "./day.ts";
import { isPublicHoliday } from "./holidays.ts";
import type { TempoColour } from "./rate.ts";
import { seasonDays, seasonOf } from "./season.ts";
import { lastPublishedDay } from "./tempo-day.ts";

/** The colours that are known; a day that is absent is undecided. */
export interface TempoCalendar {
  /** Where the colours come from, for people. */
  readonly source: string;
  /** By Tempo day, YYYY-MM-DD. */
  readonly colours: ReadonlyMap<string, TempoColour>;
}

/** How many days of a season are red and white; the rest is blue. */
export const seasonQuota = { red: 22, white: 43 } as const;

/**
 * Whether the rules let a day have a colour: red from 1 November to 31 March, Monday to Friday, not on a
 * public holiday; white on any day but Sunday; blue always.
 *
 * "At most five red days in a row" needs no check of its own: five is a whole Monday to Friday.
 *
 * @throws RangeError unless `day` is a real date YYYY-MM-DD
 * @see RTE, Calendrier des offres de fourniture de type Tempo
 */
export function admissible(day: string, colour: TempoColour): boolean {
  return inadmissibleBecause(day, colour) === undefined;
}

function inadmissibleBecause(day: string, colour: TempoColour): string | undefined {
  const dayOfWeek = weekday(day);
  if (colour === "blue") return undefined;
  if (dayOfWeek === 0) return "it is a Sunday";
  if (colour === "white") return undefined;
  const monthDay = day.slice(5);
  if (monthDay >= "04-01" && monthDay <= "10-31") return "it is not within 1 November to 31 March";
  if (dayOfWeek === 6) return "it is a Saturday";
  if (isPublicHoliday(day)) return "it is a public holiday";
  return undefined;
}

/** A day of a season and what it may be. */
export interface SeasonDay {
  readonly day: string;
  readonly mayBeRed: boolean;
  readonly mayBeWhite: boolean;
}

const rulesOfSeasons = new Map<string, readonly SeasonDay[]>();

/**
 * All days of a season in order, with what the rules let them be.
 *
 * @throws RangeError unless `season` is two consecutive years, as in "2024-2025"
 */
export function seasonRules(season: string): readonly SeasonDay[] {
  let rules = rulesOfSeasons.get(season);
  if (rules === undefined) {
    rules = seasonDays(season).map((day) => ({
      day,
      mayBeRed: admissible(day, "red"),
      mayBeWhite: admissible(day, "white"),
    }));
    rulesOfSeasons.set(season, rules);
  }
  return rules;
}

/**
 * What a calendar says against the rules, one line each: a day that may not have its colour, a quota
 * exceeded and by which days, a complete season with a quota not used up. Empty for a lawful calendar.
 */
export function validateCalendar(calendar: TempoCalendar): string[] {
  const warnings: string[] = [];
  const seasons = new Set<string>();
  for (const [day, colour] of [...calendar.colours].sort(([a], [b]) => (a < b ? -1 : 1))) {
    seasons.add(seasonOf(day));
    const reason = inadmissibleBecause(day, colour);
    if (reason !== undefined) warnings.push(`${day} cannot be ${colour}: ${reason}`);
  }
  for (const season of seasons) {
    const all = seasonDays(season);
    const isComplete = all.every((day) => calendar.colours.has(day));
    for (const colour of ["red", "white"] as const) {
      const days = all.filter((day) => calendar.colours.get(day) === colour);
      const quota = seasonQuota[colour];
      const count = `season ${season} has ${days.length} ${colour} days, the quota is ${quota}`;
      const beyond = days.slice(quota);
      if (beyond.length > 0) warnings.push(`${count}: beyond it ${beyond.join(", ")}`);
      else if (isComplete && days.length < quota) warnings.push(count);
    }
  }
  return warnings;
}

/**
 * How many days of each colour are left to draw in a day's season, given those drawn before the day.
 * Days that the calendar does not know count as not drawn; never below 0.
 *
 * @throws RangeError unless `day` is a real date YYYY-MM-DD
 */
export function remainingQuota(calendar: TempoCalendar, day: string): Record<TempoColour, number> {
  const days = seasonDays(seasonOf(day));
  const { red, white } = seasonQuota;
  const left: Record<TempoColour, number> = { red, white, blue: days.length - red - white };
  for (const earlier of days) {
    if (earlier >= day) break;
    const colour = calendar.colours.get(earlier);
    if (colour !== undefined) left[colour] = Math.max(0, left[colour] - 1);
  }
  return left;
}

/** The part of a calendar that was published at an instant (Unix time): nobody knew more then. */
export function publishedCalendar(calendar: TempoCalendar, knownAtMs: number): TempoCalendar {
  const last = lastPublishedDay(knownAtMs);
  const colours = new Map<string, TempoColour>();
  for (const [day, colour] of calendar.colours) if (day <= last) colours.set(day, colour);
  return { source: calendar.source, colours };
}
