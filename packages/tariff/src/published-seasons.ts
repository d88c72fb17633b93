/**
 * The colour of every Tempo day from 1 September 2014 to 31 August 2025, as RTE published them.
 *
 * Gathered from public repositories that mirror the calendars of RTE (services-rte.com, open data "tempo") and EDF.
 * Each season has 22 red and 43 white days, 2019-2020 but 18 and 47: four red days were not used in the mild spring
 * of 2020. A season is added to the JSON when it is over: for each month a letter a day, B blue, W white, R red.
 */
import type { TempoCalendar } from "./calendar.ts";
import months from "./published-seasons.json" with { type: "json" };
import type { TempoColour } from "./rate.ts";

const colourOfLetter: Readonly<Record<string, TempoColour>> = { B: "blue", W: "white", R: "red" };

/** The seasons that are over and shipped with Azru, whole. */
export const publishedSeasons: TempoCalendar = {
  source: "RTE, 2014-2015 to 2024-2025",
  colours: new Map(
    Object.entries(months).flatMap(([month, letters]) =>
      [...letters].map((letter, i) => [`${month}-${String(i + 1).padStart(2, "0")}`, colourOfLetter[letter]]),
    ),
  ),
};
