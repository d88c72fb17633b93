/**
 * How RTE chooses colours: a day's forecast net consumption of France (consumption less wind and solar power),
 * normalised, against two thresholds that sink as the season goes on and depend on what is left of the quotas.
 *
 * The thresholds are RTE's, as published, in its normalised unit. Net consumption is not public a day ahead without a key, so a day's is
 * taken for normal, with a mean that follows from temperature, weekday, season and the colour of the day before, which
 * stands for wind and cold that last. The coefficients are the most probable ones given the colours of
 * `publishedSeasons`; `pnpm bench:odds` learns and tests them.
 *
 * @see RTE (2016), Méthode de choix des jours Tempo
 */

import { cumulativeNormal } from "@azru/weather/normal";
import { type SeasonDay, seasonQuota } from "./calendar.ts";
import { weekday } from "./day.ts";
import { isPublicHoliday } from "./holidays.ts";
import type { ColourProbabilities } from "./probabilities.ts";
import type { TempoColour } from "./rate.ts";

/** What is left of a season's quotas; fractions where days before are not decided yet. */
export interface Stock {
  readonly red: number;
  readonly white: number;
}

/** The normalised net consumption above which a day is white or red, and above which it is red. */
function thresholds(dayOfSeason: number, { red, white }: Stock): { dear: number; red: number } {
  return {
    dear: 4 - 0.015 * dayOfSeason - 0.026 * (red + white),
    red: 3.15 - 0.01 * dayOfSeason - 0.031 * red,
  };
}

/** What the mean of a day's normalised net consumption is a sum of: coefficient times feature. */
export const netConsumptionTerms = [
  "constant",
  "heatingDegree_k",
  "monday",
  "saturday",
  "holiday",
  "christmas",
  "yearCosine",
  "yearSine",
  "afterWhite",
  "afterRed",
] as const;

type Term = (typeof netConsumptionTerms)[number];

export interface NetConsumptionModel {
  readonly coefficients: Readonly<Record<Term, number>>;
  /** Standard deviation of the normalised net consumption about its mean. */
  readonly deviation: number;
}

const heatingBase_c = 15;

/**
 * The features of a day.
 *
 * @param dayOfSeason 1 on 1 September
 * @param temperature_c mean of the day in France; undefined where it is not known
 */
export function netConsumptionFeatures(
  day: string,
  dayOfSeason: number,
  previous: TempoColour,
  temperature_c: number | undefined,
): Record<Term, number> {
  const dayOfWeek = weekday(day);
  const monthDay = day.slice(5);
  const phase = (2 * Math.PI * (dayOfSeason - 1)) / 365.25;
  return {
    constant: 1,
    heatingDegree_k: temperature_c === undefined ? 0 : Math.max(0, heatingBase_c - temperature_c),
    monday: Number(dayOfWeek === 1),
    saturday: Number(dayOfWeek === 6),
    holiday: Number(isPublicHoliday(day)),
    christmas: Number(monthDay >= "12-21" || monthDay <= "01-03"),
    yearCosine: Math.cos(phase),
    yearSine: Math.sin(phase),
    afterWhite: Number(previous === "white"),
    afterRed: Number(previous === "red"),
  };
}

/** A day's normalised net consumption: a normal distribution. */
export interface NetConsumption {
  readonly mean: number;
  readonly deviation: number;
}

/** @param temperatureError_k standard deviation of the temperature in `features` */
export function netConsumption(
  { coefficients, deviation }: NetConsumptionModel,
  features: Readonly<Record<Term, number>>,
  temperatureError_k: number,
): NetConsumption {
  let mean = 0;
  for (const term of netConsumptionTerms) mean += coefficients[term] * features[term];
  return { mean, deviation: Math.hypot(deviation, coefficients.heatingDegree_k * temperatureError_k) };
}

/**
 * The probabilities of a day's colours: those of its net consumption to lie above the thresholds, as far as rules and
 * stock let it. Where as many red days are left as days that may be red, the day is most often red whatever its net
 * consumption. Days of the red quota that were not used by 31 March become white, as in 2020.
 *
 * @param redDaysToCome days of the season that may be red, this one and later ones
 */
export function coloursAbove(
  { mean, deviation }: NetConsumption,
  { day, mayBeRed, mayBeWhite }: SeasonDay,
  dayOfSeason: number,
  left: Stock,
  redDaysToCome: number,
): ColourProbabilities {
  const threshold = thresholds(dayOfSeason, left);
  const above = (limit: number) => cumulativeNormal((mean - limit) / deviation);
  const isForced = mayBeRed && left.red > redDaysToCome - 0.5;
  const chosenRed = mayBeRed ? above(threshold.red) * within(left.red) : 0;
  const red = isForced ? Math.max(chosenRed, forced) : chosenRed;
  const monthDay = day.slice(5);
  const redIsOver = monthDay >= "04-01" && monthDay < "09-01";
  const whiteLeft = redIsOver ? left.white + left.red : left.white;
  const chosenWhite = mayBeWhite ? Math.max(0, above(threshold.dear) - chosenRed) * within(whiteLeft) : 0;
  const white = chosenRed < 1 ? (chosenWhite * (1 - red)) / (1 - chosenRed) : 0;
  return { blue: 1 - white - red, white, red };
}

/** Of the three seasons that came to it, 2016-2017 and 2023-2024 used their red days up, 2019-2020 did not. */
const forced = 2 / 3;

/** Below one day left, the chance that there is one. */
function within(daysLeft: number): number {
  return Math.min(1, Math.max(0, daysLeft));
}

/** The stock on 1 September. */
export const fullStock: Stock = seasonQuota;

/** The stock after a day, as expected of its odds; white days beyond their quota come out of the red one. */
export function stockAfter(left: Stock, odds: ColourProbabilities): Stock {
  const white = left.white - odds.white;
  return { white: Math.max(0, white), red: Math.max(0, left.red - odds.red + Math.min(0, white)) };
}

/**
 * Where the mean temperature of the day in France is known. A kelvin counts 0.099: with 2,400 MW/K, what RTE gives
 * for winter evenings, a unit of the normalised net consumption is some 20,000 MW.
 */
export const withTemperature: NetConsumptionModel = {
  coefficients: {
    constant: -0.1059,
    heatingDegree_k: 0.0993,
    monday: 0.132,
    saturday: -0.3889,
    holiday: -0.3817,
    christmas: -0.2707,
    yearCosine: -0.2163,
    yearSine: 0.3284,
    afterWhite: 0.1702,
    afterRed: 0.322,
  },
  deviation: 0.1951,
};

/** Where it is not: season and the colour of the day before stand for the cold. */
export const withoutTemperature: NetConsumptionModel = {
  coefficients: {
    constant: 0.1037,
    heatingDegree_k: 0,
    monday: 0.3538,
    saturday: -0.3966,
    holiday: -0.4996,
    christmas: -0.2404,
    yearCosine: -0.4828,
    yearSine: 0.672,
    afterWhite: 0.4733,
    afterRed: 0.8333,
  },
  deviation: 0.3238,
};
