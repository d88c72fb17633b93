/** How likely each colour is on a day that is not decided yet. */
import { type SeasonDay, seasonQuota, seasonRules, type TempoCalendar } from "./calendar.ts";
import type { TempoColour } from "./rate.ts";
import { seasonOf } from "./season.ts";

/** A probability for each colour; they sum to 1. */
export type ColourProbabilities = Readonly<Record<TempoColour, number>>;

/**
 * Probabilities of a day's colour from the rules and what is left of the quotas alone.
 *
 * Every undecided day of the season that may be red is equally likely to be one of the red days left:
 * `P(red) = redLeft / undecided red-admissible days`. Of the undecided white-admissible days that do not
 * become red, each is equally likely to be one of the white days left. Summed over the undecided days the
 * probabilities give exactly the days left, as long as the season has room for them. Colours that the
 * calendar lacks for past days are undecided days like any other. A decided day has its colour for certain.
 *
 * @param day YYYY-MM-DD
 * @param known what is known at the moment of asking (see `publishedCalendar`)
 * @throws RangeError unless `day` is a real date YYYY-MM-DD
 */
export function colourProbabilities(day: string, known: TempoCalendar): ColourProbabilities {
  const decided = known.colours.get(day);
  if (decided !== undefined) return certainly(decided);

  const { days, redToCome, whiteToCome } = undecidedDays(day, known);
  const openToRed = days.filter(({ mayBeRed }) => mayBeRed).length;
  const openToWhite = days.filter(({ mayBeWhite }) => mayBeWhite).length;
  const { mayBeRed, mayBeWhite } = days.find((each) => each.day === day)!;
  const red = mayBeRed ? redToCome / openToRed : 0;
  const white = mayBeWhite && whiteToCome > 0 ? (1 - red) * (whiteToCome / (openToWhite - redToCome)) : 0;
  return { blue: 1 - red - white, white, red };
}

/** The probabilities of a day that has its colour. */
export function certainly(colour: TempoColour): ColourProbabilities {
  return { blue: 0, white: 0, red: 0, [colour]: 1 };
}

/**
 * The days of a day's season that have no colour yet, and how many of them become red and white: what is left
 * of the quotas, as far as there is room.
 *
 * @throws RangeError unless `day` is a real date YYYY-MM-DD
 */
export function undecidedDays(
  day: string,
  { colours }: TempoCalendar,
): { readonly days: readonly SeasonDay[]; readonly redToCome: number; readonly whiteToCome: number } {
  const days: SeasonDay[] = [];
  let redLeft: number = seasonQuota.red;
  let whiteLeft: number = seasonQuota.white;
  let openToRed = 0;
  let openToWhite = 0;
  for (const each of seasonRules(seasonOf(day))) {
    const colour = colours.get(each.day);
    if (colour === "red") redLeft--;
    else if (colour === "white") whiteLeft--;
    else if (colour === undefined) {
      days.push(each);
      if (each.mayBeRed) openToRed++;
      if (each.mayBeWhite) openToWhite++;
    }
  }
  const redToCome = Math.min(Math.max(redLeft, 0), openToRed);
  return { days, redToCome, whiteToCome: Math.min(Math.max(whiteLeft, 0), openToWhite - redToCome) };
}
