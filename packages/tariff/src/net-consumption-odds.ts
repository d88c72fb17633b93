/** How likely each colour is by RTE's own method of choosing days. */
import { seasonRules, type TempoCalendar } from "./calendar.ts";
import { dayNumber, dayOfNumber } from "./day.ts";
import {
  coloursAbove,
  fullStock,
  type NetConsumptionModel,
  netConsumption,
  netConsumptionFeatures,
  stockAfter,
  withoutTemperature,
  withTemperature,
} from "./net-consumption.ts";
import { type ColourProbabilities, certainly } from "./probabilities.ts";
import type { TempoColour } from "./rate.ts";
import { seasonOf } from "./season.ts";

export interface NetConsumptionOutlook {
  /**
   * The mean temperature of France on a Tempo day (YYYY-MM-DD), degrees C, as forecast at an instant (Unix time);
   * undefined where there was no forecast. Absent: season, weekday, stock and the colours before alone.
   */
  readonly temperature_c?: (day: string, knownAtMs: number) => number | undefined;
  /** Standard deviation of that forecast, K; 1 by default. */
  readonly temperatureError_k?: number;
  /** What net consumption depends on; as learnt from `publishedSeasons` by default. */
  readonly models?: { readonly with: NetConsumptionModel; readonly without: NetConsumptionModel };
}

const colours = ["blue", "white", "red"] as const;

/**
 * An expectation for `tempoTariff` of real seasons: RTE's published thresholds, and net consumption as a normal
 * distribution given what a home knows (see `net-consumption.ts`).
 *
 * Days between the last known colour and the day asked for are gone through one by one: each one's odds are the
 * means over the colours that the day before may have, and the stock shrinks by what is expected of it. In a tree
 * of prices, where the days before are given, nothing of that is left to be expected.
 *
 * Calendars must not change between questions.
 *
 * @throws RangeError when `temperatureError_k` is negative; the expectation throws one naming the day whose
 *   temperature is not finite
 */
export function netConsumptionExpectation({
  temperature_c,
  temperatureError_k = 1,
  models = { with: withTemperature, without: withoutTemperature },
}: NetConsumptionOutlook = {}): (
  day: string,
  known: TempoCalendar,
  knownAtMs?: number,
) => ColourProbabilities {
  if (!(temperatureError_k >= 0 && Number.isFinite(temperatureError_k))) {
    throw new RangeError(`temperatureError_k must be >= 0, got ${temperatureError_k}`);
  }

  const forecast_c = (day: string, knownAtMs: number | undefined): number | undefined => {
    const mean_c = knownAtMs === undefined ? undefined : temperature_c?.(day, knownAtMs);
    if (mean_c !== undefined && !Number.isFinite(mean_c))
      throw new RangeError(`temperature of ${day} must be finite, got ${mean_c}`);
    return mean_c;
  };

  /** The odds of a season's days in order, up to one of them. */
  const walk = (day: string, known: TempoCalendar, knownAtMs: number | undefined): ColourProbabilities[] => {
    const days = seasonRules(seasonOf(day));
    let redDaysToCome = days.filter(({ mayBeRed }) => mayBeRed).length;
    let left = fullStock;
    let before = certainly("blue"); // 31 August is blue
    const walked: ColourProbabilities[] = [];
    for (const [i, rules] of days.entries()) {
      if (rules.day > day) break;
      const colour = known.colours.get(rules.day);
      if (colour === undefined) {
        const mean_c = forecast_c(rules.day, knownAtMs);
        before = mixed(before, (previous) => {
          const features = netConsumptionFeatures(rules.day, i + 1, previous, mean_c);
          const consumption =
            mean_c === undefined
              ? netConsumption(models.without, features, 0)
              : netConsumption(models.with, features, temperatureError_k);
          return coloursAbove(consumption, rules, i + 1, left, redDaysToCome);
        });
      } else {
        before = certainly(colour);
      }
      walked.push(before);
      left = stockAfter(left, before);
      if (rules.mayBeRed) redDaysToCome--;
    }
    return walked;
  };

  interface Walk {
    readonly season: string;
    readonly knownAtMs: number | undefined;
    readonly odds: readonly ColourProbabilities[];
  }
  // Asked for one day after the other, a calendar is walked through once.
  const walks = new WeakMap<TempoCalendar, Walk>();

  return (day, known, knownAtMs) => {
    const decided = known.colours.get(day);
    if (decided !== undefined) return certainly(decided);
    const season = seasonOf(day);
    const index = dayNumber(day) - dayNumber(`${season.slice(0, 4)}-09-01`);
    const atMs = temperature_c && knownAtMs;
    const last = walks.get(known);
    const found = last?.season === season && last.knownAtMs === atMs ? last.odds[index] : undefined;
    if (found !== undefined) return found;
    // A week more: whoever asks for a day asks for the next ones.
    const until = dayOfNumber(Math.min(dayNumber(day) + 7, dayNumber(`${season.slice(5)}-08-31`)));
    const odds = walk(until, known, atMs);
    walks.set(known, { season, knownAtMs: atMs, odds });
    return odds[index];
  };
}

/** The mean of what each colour of the day before gives. */
function mixed(
  before: ColourProbabilities,
  given: (previous: TempoColour) => ColourProbabilities,
): ColourProbabilities {
  let white = 0;
  let red = 0;
  for (const previous of colours) {
    if (before[previous] === 0) continue;
    const odds = given(previous);
    white += before[previous] * odds.white;
    red += before[previous] * odds.red;
  }
  return { blue: Math.max(0, 1 - white - red), white, red };
}
