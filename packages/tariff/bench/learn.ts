/** The net consumption that makes the published colours most probable. */
import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { seasonRules } from "../src/calendar.ts";
import {
  coloursAbove,
  fullStock,
  type NetConsumption,
  type NetConsumptionModel,
  netConsumption,
  netConsumptionFeatures,
  netConsumptionTerms,
  stockAfter,
} from "../src/net-consumption.ts";
import { type ColourProbabilities, certainly } from "../src/probabilities.ts";
import { publishedSeasons } from "../src/published-seasons.ts";
import type { TempoColour } from "../src/rate.ts";

const otherwise = 1e-3; // chance of each colour on a day for which RTE decides otherwise: no day outweighs all others
const difference = 1e-3; // of a parameter, for derivatives: far above the error of the normal distribution
const ridge = 1e-3; // weight of the squared parameters: those that no day determines stay 0

/** Daily mean temperature of France by day; absent where it is not to be used. */
export type Temperatures = ReadonlyMap<string, number> | undefined;

/** What is known of a day before its colour, and the colour. */
interface DayRow {
  readonly features: ReturnType<typeof netConsumptionFeatures>;
  readonly colour: TempoColour;
  readonly odds: (consumption: NetConsumption) => ColourProbabilities;
}

function rowsOf(season: string, temperatures: Temperatures): DayRow[] {
  const days = seasonRules(season);
  let redDaysToCome = days.filter(({ mayBeRed }) => mayBeRed).length;
  let left = fullStock;
  let previous: TempoColour = "blue";
  return days.map((rules, i) => {
    const features = netConsumptionFeatures(rules.day, i + 1, previous, temperatures?.get(rules.day));
    const [stock, toCome] = [left, redDaysToCome];
    const colour = publishedSeasons.colours.get(rules.day)!;
    if (rules.mayBeRed) redDaysToCome--;
    left = stockAfter(left, certainly(colour));
    previous = colour;
    return {
      features,
      colour,
      odds: (consumption) => coloursAbove(consumption, rules, i + 1, stock, toCome),
    };
  });
}

function modelOf(parameters: readonly number[]): NetConsumptionModel {
  const coefficients = Object.fromEntries(netConsumptionTerms.map((term, i) => [term, parameters[i]]));
  return {
    coefficients: coefficients as NetConsumptionModel["coefficients"],
    deviation: Math.exp(parameters.at(-1)!),
  };
}

/**
 * Learns from seasons, by the steps of Berndt, Hall, Hall and Hausman (1974): the Fisher information is the sum of the
 * squared scores of the days.
 */
export function learn(seasons: readonly string[], temperatures: Temperatures): NetConsumptionModel {
  const rows = seasons.flatMap((season) => rowsOf(season, temperatures));
  /** The log probability of each day's colour. */
  const days = (parameters: readonly number[]) => {
    const model = modelOf(parameters);
    return rows.map(({ features, colour, odds }) =>
      Math.log((1 - 3 * otherwise) * odds(netConsumption(model, features, 0))[colour] + otherwise),
    );
  };
  const objective = (values: readonly number[], parameters: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) - ridge * parameters.reduce((sum, x) => sum + x * x, 0);
  let parameters: number[] = netConsumptionTerms.map((term) =>
    term === "heatingDegree_k" && temperatures ? 0.1 : 0,
  );
  parameters.push(-0.5);
  let values = days(parameters);
  for (let iteration = 0; iteration < 200; iteration++) {
    const scores = parameters.map((x, i) => {
      const below = days(parameters.with(i, x - difference));
      return days(parameters.with(i, x + difference)).map(
        (value, k) => (value - below[k]) / (2 * difference),
      );
    });
    const gradient = scores.map((score, i) => score.reduce((a, b) => a + b, 0) - 2 * ridge * parameters[i]);
    const information = new Matrix(
      scores.map((a, i) =>
        scores.map((b, j) => a.reduce((sum, x, k) => sum + x * b[k], 0) + (i === j ? 2 * ridge : 0)),
      ),
    );
    const step = new CholeskyDecomposition(information).solve(Matrix.columnVector(gradient)).to1DArray();
    const expected = step.reduce((sum, each, i) => sum + each * gradient[i], 0);
    if (expected < 1e-4) break;
    const now = objective(values, parameters);
    for (let share = 1; share > 1e-4; share /= 2) {
      const tried = parameters.map((x, i) => x + share * step[i]);
      const triedValues = days(tried);
      if (objective(triedValues, tried) > now + 1e-4 * share * expected) {
        parameters = tried;
        values = triedValues;
        break;
      }
      if (share / 2 <= 1e-4) return modelOf(parameters);
    }
  }
  return modelOf(parameters);
}
