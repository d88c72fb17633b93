/** How likely each colour is when it is known how cold it will be: the dear days are the cold ones. */
import { cumulativeNormal } from "@azru/weather/normal";
import type { SeasonDay, TempoCalendar } from "./calendar.ts";
import { type ColourProbabilities, certainly, undecidedDays } from "./probabilities.ts";
import { seasonOf } from "./season.ts";

/** What is thought of the mean temperature of days, 06:00 to 06:00, at a home or in the country. */
export interface TemperatureOutlook {
  /** The long-term mean of a Tempo day, YYYY-MM-DD, degrees C. */
  readonly normal_c: (day: string) => number;
  /** Standard deviation of a day's mean about the normal; 4 K by default. */
  readonly spread_k?: number;
  /**
   * What a day's mean was forecast to be at an instant, Unix time; undefined where there was no forecast. Asked
   * for each undecided day of the season.
   */
  readonly forecast_c?: (day: string, knownAtMs: number) => number | undefined;
  /**
   * Standard deviation of what the forecast does not show: its error, other places' weather and how cold the
   * rest of the season will be; 2 K by default.
   */
  readonly forecastError_k?: number;
}

/**
 * An expectation for `tempoTariff` from rules, quotas and temperatures.
 *
 * Each undecided day's temperature is normal: about its forecast with `forecastError_k` where there is one,
 * about the season's normal with `spread_k` elsewhere. Red are the undecided days that may be red and are
 * colder than a threshold, and the threshold is where their expected number is the number of red days left:
 *
 *     sum over days that may be red of Phi((threshold - mean) / deviation) = red days left
 *
 * White are those that may be white, are not red and are colder than a second threshold, where likewise
 * their expected number is the number of white days left. So, summed over the undecided days, probabilities
 * give exactly the days left, as long as the season has room for them; with no day left there is no chance, with
 * as many left as days that may have them no doubt. A decided day has its colour for certain.
 *
 * Temperatures of days are taken for independent and the thresholds for sharp, so these odds are not those of a
 * drawing without replacement: today's odds of the day after tomorrow are only about the mean of what
 * tomorrow's odds will be.
 *
 * @throws RangeError naming a deviation that is not positive; the expectation throws one naming the day whose
 *   temperature is not finite
 */
export function temperatureExpectation(
  outlook: TemperatureOutlook,
): (day: string, known: TempoCalendar, knownAtMs?: number) => ColourProbabilities {
  const { normal_c, forecast_c, spread_k = 4, forecastError_k = 2 } = outlook;
  for (const [field, value] of Object.entries({ spread_k, forecastError_k })) {
    if (!(value > 0 && Number.isFinite(value))) throw new RangeError(`${field} must be > 0, got ${value}`);
  }

  const normals = new Map<string, Temperature>();
  const normalOf = (day: string): Temperature => {
    let normal = normals.get(day);
    if (normal === undefined) {
      normal = { mean_c: finite(day, normal_c(day)), deviation_k: spread_k };
      normals.set(day, normal);
    }
    return normal;
  };
  // Asked again, a calendar most often meets the forecast of the last time.
  const lastThresholds = new WeakMap<TempoCalendar, { readonly key: string; readonly found: Thresholds }>();

  return (day, known, knownAtMs) => {
    const decided = known.colours.get(day);
    if (decided !== undefined) return certainly(decided);
    const undecided = undecidedDays(day, known);
    let key = seasonOf(day);
    const days = undecided.days.map((each): OpenDay => {
      const said_c = knownAtMs === undefined ? undefined : forecast_c?.(each.day, knownAtMs);
      if (said_c === undefined) return { rules: each, temperature: normalOf(each.day) };
      key += ` ${each.day} ${said_c}`;
      return { rules: each, temperature: { mean_c: finite(each.day, said_c), deviation_k: forecastError_k } };
    });
    let last = lastThresholds.get(known);
    if (last?.key !== key) {
      last = { key, found: thresholds(days, undecided.redToCome, undecided.whiteToCome) };
      lastThresholds.set(known, last);
    }
    const asked = days.find(({ rules }) => rules.day === day)!;
    const red = redChance(asked, last.found.red_c);
    const dear = asked.rules.mayBeWhite ? Math.max(red, colderThan(last.found.white_c, asked)) : red;
    return { blue: 1 - dear, white: dear - red, red };
  };
}

function finite(day: string, mean_c: number): number {
  if (!Number.isFinite(mean_c)) throw new RangeError(`temperature of ${day} must be finite, got ${mean_c}`);
  return mean_c;
}

/** A normal distribution. */
interface Temperature {
  readonly mean_c: number;
  readonly deviation_k: number;
}

interface OpenDay {
  readonly rules: SeasonDay;
  readonly temperature: Temperature;
}

interface Thresholds {
  readonly red_c: number;
  readonly white_c: number;
}

function colderThan(threshold_c: number, { temperature: { mean_c, deviation_k } }: OpenDay): number {
  return cumulativeNormal((threshold_c - mean_c) / deviation_k);
}

function redChance(day: OpenDay, red_c: number): number {
  return day.rules.mayBeRed ? colderThan(red_c, day) : 0;
}

function thresholds(days: readonly OpenDay[], redToCome: number, whiteToCome: number): Thresholds {
  const maybeRed = days.filter(({ rules }) => rules.mayBeRed);
  const maybeWhite = days.filter(({ rules }) => rules.mayBeWhite);
  const red_c = threshold_c(maybeRed, redToCome, () => 0);
  return { red_c, white_c: threshold_c(maybeWhite, whiteToCome, (day) => redChance(day, red_c)) };
}

/**
 * The temperature below which `count` days are expected, not counting what is `taken` of each day already;
 * infinite where it is none or all.
 */
function threshold_c(days: readonly OpenDay[], count: number, taken: (day: OpenDay) => number): number {
  const takenOf = days.map(taken);
  const excess = (x_c: number) =>
    days.reduce((sum, day, i) => sum + Math.max(0, colderThan(x_c, day) - takenOf[i]), -count);
  if (count === 0) return Number.NEGATIVE_INFINITY;
  if (excess(Number.POSITIVE_INFINITY) < 0.5) return Number.POSITIVE_INFINITY; // a whole number but for rounding
  let low_c = Math.min(...days.map(({ temperature: { mean_c, deviation_k } }) => mean_c - 9 * deviation_k));
  let high_c = Math.max(...days.map(({ temperature: { mean_c, deviation_k } }) => mean_c + 9 * deviation_k));
  let atLow = excess(low_c);
  let atHigh = excess(high_c);
  let x_c = low_c;
  // False position; an end that stays counts half (Illinois), so that the other comes near.
  for (let moved = 0; high_c - low_c > 1e-9; ) {
    x_c = high_c - (atHigh * (high_c - low_c)) / (atHigh - atLow);
    const at = excess(x_c);
    if (Math.abs(at) < 1e-9) break;
    if (at < 0) {
      [low_c, atLow] = [x_c, at];
      if (moved < 0) atHigh /= 2;
      moved = -1;
    } else {
      [high_c, atHigh] = [x_c, at];
      if (moved > 0) atLow /= 2;
      moved = 1;
    }
  }
  return x_c;
}
