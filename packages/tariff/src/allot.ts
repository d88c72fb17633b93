/** A made-up season for studies without a real calendar: the coldest days get the dear colours. */
import { seasonQuota, seasonRules, type TempoCalendar } from "./calendar.ts";
import { dayNumber } from "./day.ts";
import type { TempoColour } from "./rate.ts";
import { seasonOf } from "./season.ts";

/**
 * Allots colours by the rules: in each season the coldest days that may be red become red (22), the coldest
 * of the rest that may be white become white (43), all others blue. Among equally cold days the earlier
 * comes first.
 *
 * Where the temperatures cover a part of a season only, each quota is reduced to the share of the season's
 * days admissible for that colour that are covered, rounded to whole days.
 *
 * @param dailyMeanTemperature_c mean outdoor temperature of Tempo days, YYYY-MM-DD, degrees C (see
 *   `tempoDayMeans`); exactly these days get a colour
 * @throws RangeError naming a key that is no date or a temperature that is not finite
 */
export function allotCalendar(dailyMeanTemperature_c: ReadonlyMap<string, number>): TempoCalendar {
  const seasons = new Set<string>();
  for (const [day, temperature_c] of dailyMeanTemperature_c) {
    dayNumber(day);
    if (!Number.isFinite(temperature_c)) {
      throw new RangeError(`dailyMeanTemperature_c of ${day} must be finite, got ${temperature_c}`);
    }
    seasons.add(seasonOf(day));
  }
  const colours = new Map<string, TempoColour>();
  for (const season of [...seasons].sort()) allotSeason(season, dailyMeanTemperature_c, colours);
  return { source: "allotted from the weather (no real calendar)", colours };
}

function allotSeason(
  season: string,
  dailyMeanTemperature_c: ReadonlyMap<string, number>,
  colours: Map<string, TempoColour>,
): void {
  const rules = seasonRules(season);
  const covered = rules.filter(({ day }) => dailyMeanTemperature_c.has(day));
  for (const { day } of covered) colours.set(day, "blue");
  const coldestFirst = covered.toSorted(
    (a, b) => dailyMeanTemperature_c.get(a.day)! - dailyMeanTemperature_c.get(b.day)!,
  );
  for (const [colour, rule] of [
    ["red", "mayBeRed"],
    ["white", "mayBeWhite"],
  ] as const) {
    const admissible = coldestFirst.filter((each) => each[rule]);
    const share = admissible.length / rules.filter((each) => each[rule]).length;
    const quota = Math.round(seasonQuota[colour] * share);
    const open = admissible.filter(({ day }) => colours.get(day) === "blue");
    for (const { day } of open.slice(0, quota)) colours.set(day, colour);
  }
}
