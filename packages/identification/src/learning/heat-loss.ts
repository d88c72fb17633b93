/**
 * The heat loss of a house, by the energy balance of its whole history: the heat that came in over the difference
 * between indoor and outdoor air. It is the heat transfer coefficient of EN 17887 and ISO 13789, with what goes into
 * the ground.
 *
 * @see ISO 9869-1, average method; IEA EBC Annex 71, characterisation from in-use data
 */
import { stepsADay } from "../day-ahead.ts";
import { deltaVariance } from "../delta-method.ts";
import { type Interval, logInterval } from "../identification.ts";
import type { Drive } from "./drive.ts";
import type { FittedHouse } from "./fit-house.ts";
import type { ParametricHouse, Parametrisation } from "./structure.ts";

/** A structure with its fit. */
interface FittedStructure {
  readonly parametrisation: Parametrisation;
  readonly fitted: FittedHouse;
}

/** What speaks of a heat loss. */
interface HeatLossEvidence {
  /** The structure chosen, fitted to `drive`. */
  readonly chosen: FittedStructure;
  readonly drive: Drive;
  /** Structures that predict the held-out days alike, the chosen one among them, fitted to `training`. */
  readonly alike: readonly FittedStructure[];
  readonly training: Drive;
}

/** An estimate with its variance. */
interface Estimated {
  readonly value: number;
  readonly variance: number;
}

/**
 * Standard deviation of the logarithm, between one stretch of a winter and another, of the heat loss that one house
 * shows: wind, ground, and the sun and the sky on its walls. Mean of 19 occupied dwellings, 20 days each time.
 *
 * @see Journal of Building Physics (2025), doi:10.1177/17442591251365953
 */
const seasonSd = 0.071;
const leastDifference_k = 1; // below it a balance shows nothing
const leastLoss_w_k = 1;
const leastPrecision = 0.01; // of the prior's

/**
 * The heat loss with its 95 % interval. Of the balance nobody measures the internal gains. Two things say how large
 * they are: the building file, within what homes of this size differ (the prior), and how the house answered to heat
 * and weather within the day (the fit, without the prior). Each makes a heat loss of its own; where they disagree by
 * more than their spreads allow, both spreads grow until they do not.
 */
export function heatLossOf({ chosen, drive, alike, training }: HeatLossEvidence): Interval {
  const balance = balanceOf(drive);
  const supplied = suppliedOf(chosen, drive, balance);
  const lossWith = (gains_w: Estimated): Estimated => ({
    value: (supplied.value + gains_w.value) / balance.difference_k,
    variance: gains_w.variance / balance.difference_k ** 2,
  });
  const usual = lossWith(usualGains_w(chosen));
  const shown_w = shownGains_w(chosen);
  const both = shown_w
    ? consensus(usual, spreadOver(lossWith(shown_w), structureSpread(alike, training)))
    : usual;
  const loss_w_k = Math.max(leastLoss_w_k, both.value);
  const variance = both.variance + supplied.variance / balance.difference_k ** 2; // of the supply, common to both
  return logInterval(loss_w_k, variance / loss_w_k ** 2 + seasonSd ** 2);
}

/**
 * The mean of two estimates of one thing, weighted by their variances. Where they differ by more than these allow,
 * a variance common to both is added, so large that the difference is what is to be expected.
 *
 * @see Paule, R. C., Mandel, J. (1982), Consensus values and weighting factors, J. Res. Natl. Bur. Stand. 87, for
 *   two laboratories
 */
export function consensus(a: Estimated, b: Estimated): Estimated {
  const between = Math.max(0, ((a.value - b.value) ** 2 - a.variance - b.variance) / 2);
  const [wa, wb] = [1 / (a.variance + between), 1 / (b.variance + between)];
  return { value: (wa * a.value + wb * b.value) / (wa + wb), variance: 1 / (wa + wb) };
}

/** Means over the stretches of a history. */
interface Balance {
  readonly difference_k: number; // air less outdoors
  readonly heat: number; // as in the drive
  readonly sun_w: number;
  readonly warming_k_s: number; // from the first day to the last
}

function balanceOf(drive: Drive): Balance {
  const { theta_air_c, theta_e_c, dtSeconds } = drive;
  const day = stepsADay(drive);
  const sum = { steps: 0, heat: 0, sun: 0, measured: 0, difference: 0, warmer: 0 };
  const air_c = (from: number, to: number) => meanOf(theta_air_c.subarray(from, to));
  for (const { from, to } of drive.stretches) {
    for (let k = from; k < to; k++) {
      sum.steps++;
      sum.heat += drive.heat[k];
      sum.sun += drive.phi_sol_w[k];
      if (Number.isNaN(theta_air_c[k])) continue;
      sum.measured++;
      sum.difference += theta_air_c[k] - theta_e_c[k];
    }
    const warmer_k = air_c(to - day, to) - air_c(from, from + day);
    if (!Number.isNaN(warmer_k)) sum.warmer += warmer_k;
  }
  return {
    difference_k: Math.max(leastDifference_k, sum.difference / sum.measured),
    heat: sum.heat / sum.steps,
    sun_w: sum.sun / sum.steps,
    warming_k_s: sum.warmer / (sum.steps * dtSeconds),
  };
}

function meanOf(values: Float64Array): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** Heat from heater and sun less what was stored, W, with what the fit leaves open of aperture, power and capacity. */
function suppliedOf(
  { parametrisation, fitted }: FittedStructure,
  { isMetered }: Drive,
  { heat, sun_w, warming_k_s }: Balance,
): Estimated {
  const at = ({ physics, aperture, heaterPower_w }: ParametricHouse) =>
    heat * (isMetered ? 1 : heaterPower_w) +
    aperture * sun_w -
    physics.nodes.reduce((sum, { C_j_k }) => sum + C_j_k, 0) * warming_k_s;
  const { x, covariance } = fitted;
  const value = at(fitted.house);
  const h = 1e-4;
  const gradient = [...x].map((_, i) => (at(parametrisation.houseAt(x.with(i, x[i] + h))) - value) / h);
  return { value, variance: deltaVariance(gradient, covariance) };
}

function gainsPrior({ parametrisation }: FittedStructure) {
  const place = parametrisation.priors.findIndex(({ name }) => name === "gains_w");
  return { place, ...parametrisation.priors[place] };
}

/** Internal gains as they are usual. */
function usualGains_w(structure: FittedStructure): Estimated {
  const { typical, sd } = gainsPrior(structure);
  return { value: typical, variance: sd ** 2 };
}

/** Internal gains as the house's answers alone have them; undefined where they say next to nothing beside the prior. */
function shownGains_w(structure: FittedStructure): Estimated | undefined {
  const { place, typical, sd } = gainsPrior(structure);
  const { x, covariance } = structure.fitted;
  const [before, after] = [1 / sd ** 2, 1 / covariance.get(place, place)];
  const precision = after - before;
  if (!(precision > leastPrecision * before)) return undefined;
  return { value: (x[place] * after - typical * before) / precision, variance: 1 / precision };
}

/**
 * How the balance differs among structures that predict alike: which of them is true, the days do not show. Mean of
 * the logarithm against the chosen one's, and its variance.
 *
 * @see Hoeting, J. A. et al. (1999), Bayesian model averaging: a tutorial, Statistical Science 14
 */
function structureSpread(alike: readonly FittedStructure[], training: Drive): Estimated {
  const balance = balanceOf(training);
  const total_w = (structure: FittedStructure) =>
    Math.max(1, suppliedOf(structure, training, balance).value + structure.fitted.house.gains_w);
  const logs = alike.map((structure) => Math.log(total_w(structure) / total_w(alike[0])));
  const value = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  return { value, variance: logs.reduce((sum, log) => sum + (log - value) ** 2, 0) / logs.length };
}

function spreadOver({ value, variance }: Estimated, spread: Estimated): Estimated {
  const moved = value * Math.exp(spread.value);
  return { value: moved, variance: variance + spread.variance * moved ** 2 };
}
