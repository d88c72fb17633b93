/** From a building file and a history to the corrections that the file needs. */
import type { Matrix } from "ml-matrix";
import { dailyRhythm, rhythmPrior } from "./daily-rhythm.ts";
import { stepsADay } from "./day-ahead.ts";
import { deltaVariance } from "./delta-method.ts";
import type { History } from "./history.ts";
import {
  type CalibratableBuilding,
  type Corrections,
  correctedZone,
  heatLoss_w_k,
  noCorrections,
} from "./house.ts";
import { houseModel } from "./house-model.ts";
import {
  type CorrectionName,
  type Estimate,
  type Identification,
  type Interval,
  interval,
  logInterval,
} from "./identification.ts";
import { type MostLikely, mostLikely, type Parameter } from "./likelihood.ts";
import { meteredPower } from "./metered-power.ts";

/** The file is somebody's best knowledge: a factor of more than two and a half either way is unlikely. */
const factorSd = 0.5;
const gainsSd_w = 300;
const outlierSd = 6;
const outlierLeast_k = 0.1; // no sensor is better

/**
 * Identifies the corrections of a building file: the most probable ones, with the file as a weak prior. Gains
 * that recur daily are sought along, but have no place in a file.
 *
 * Where the heat is metered, the heater's power is what meter and valve say of each other. Internal gains below
 * zero make no file; where they come out so, they are held at zero.
 *
 * @throws RangeError when the history has fewer measurements than there are parameters
 */
export function identify(building: CalibratableBuilding, history: History): Identification {
  const names = sought(history);
  const metered = meteredPower(building, history);
  const file = { ...noCorrections(building), ...(metered && { heaterPower: metered.value }) };
  const free = withoutOutliers(building, history, file, names);
  const found =
    free.corrections.internalGains_w >= 0
      ? free
      : withoutOutliers(
          building,
          history,
          { ...file, internalGains_w: 0 },
          names.filter((name) => name !== "internalGains_w"),
        );
  return metered ? withIndependent(found, metered) : found;
}

/** The corrections that a history could show at all. */
function sought(history: History): CorrectionName[] {
  return [
    "capacitance",
    "envelope",
    "airExchange",
    ...(history.solarGains === "windows" ? (["aperture"] as const) : []),
    ...(history.phi_HC_w ? [] : (["heaterPower"] as const)),
    "internalGains_w",
  ];
}

/** With one more estimate, which depends on none of the others. */
function withIndependent(found: Identification, estimate: Estimate): Identification {
  return {
    ...found,
    estimates: [...found.estimates, estimate],
    correlation: [...found.correlation.map((row) => [...row, 0]), [...found.estimates.map(() => 0), 1]],
  };
}

function withoutOutliers(
  building: CalibratableBuilding,
  history: History,
  file: Corrections,
  names: readonly CorrectionName[],
): Identification {
  const all = fit(building, history, file, names);
  const limit_k = Math.max(outlierLeast_k, outlierSd * 1.4826 * median(all.misses_k.map(Math.abs)));
  const outliers = all.steps.filter((_, i) => Math.abs(all.misses_k[i]) > limit_k);
  if (outliers.length === 0) return identification(building, file, names, all, 0);
  const theta_air_c = history.theta_air_c.slice();
  for (const k of outliers) theta_air_c[k] = Number.NaN;
  const rest = fit(building, { ...history, theta_air_c }, file, names);
  return identification(building, file, names, rest, outliers.length);
}

/** Parameters: the sought corrections, factors by their logarithm, then the daily rhythm. */
function fit(
  building: CalibratableBuilding,
  history: History,
  file: Corrections,
  names: readonly CorrectionName[],
): MostLikely {
  const rhythm = dailyRhythm(stepsADay(history));
  const parameters: Parameter[] = [
    ...names.map((name) =>
      name === "internalGains_w"
        ? { mean: file[name], sd: gainsSd_w, start: file[name], difference: 1 }
        : { mean: 0, sd: factorSd, start: 0, difference: 1e-3 },
    ),
    ...Array.from({ length: rhythmPrior.count }, () => ({ ...rhythmPrior, start: 0, difference: 1 })),
  ];
  return mostLikely(history, parameters, (x) => ({
    ...houseModel(building, correctionsAt(x, file, names), history.dtSeconds),
    dailyGains_w: rhythm(x.subarray(names.length)),
  }));
}

function correctionsAt(x: Float64Array, file: Corrections, names: readonly CorrectionName[]): Corrections {
  const corrections: { -readonly [Name in CorrectionName]: number } = { ...file };
  for (const [i, name] of names.entries())
    corrections[name] = name === "internalGains_w" ? x[i] : Math.exp(x[i]);
  return corrections;
}

function identification(
  building: CalibratableBuilding,
  file: Corrections,
  names: readonly CorrectionName[],
  found: MostLikely,
  outliers: number,
): Identification {
  const { parameters, steps, misses_k } = found;
  const covariance = found.covariance.subMatrix(0, names.length - 1, 0, names.length - 1);
  const corrections = correctionsAt(parameters, file, names);
  const estimates = names.map((name, i): Estimate => {
    const variance = covariance.get(i, i);
    return name === "internalGains_w"
      ? { name, ...interval(corrections[name], variance), shrinkage: 1 - variance / gainsSd_w ** 2 }
      : { name, ...logInterval(corrections[name], variance), shrinkage: 1 - variance / factorSd ** 2 };
  });
  return {
    corrections,
    estimates,
    correlation: correlationOf(covariance),
    heatLoss: heatLossOf(building, corrections, names, covariance),
    residual_k: Math.sqrt(misses_k.reduce((sum, miss_k) => sum + miss_k ** 2, 0) / misses_k.length),
    autocorrelation: autocorrelation(misses_k, steps),
    samples: steps.length,
    outliers,
  };
}

function correlationOf(covariance: Matrix): number[][] {
  const sd = covariance.diagonal().map(Math.sqrt);
  return sd.map((sdI, i) => sd.map((sdJ, j) => covariance.get(i, j) / (sdI * sdJ)));
}

/** By the delta method on the logarithms. */
function heatLossOf(
  building: CalibratableBuilding,
  corrections: Corrections,
  names: readonly CorrectionName[],
  covariance: Matrix,
): Interval {
  const lossAt = (c: Corrections) => heatLoss_w_k(correctedZone(building, c));
  const loss_w_k = lossAt(corrections);
  const h = 1e-4;
  const gradient = names.map((name) =>
    name === "envelope" || name === "airExchange"
      ? Math.log(lossAt({ ...corrections, [name]: corrections[name] * (1 + h) }) / loss_w_k) / h
      : 0,
  );
  return logInterval(loss_w_k, deltaVariance(gradient, covariance));
}

/** Of misses whose steps follow each other. */
function autocorrelation(misses_k: readonly number[], steps: readonly number[]): number {
  let products = 0;
  let before = 0;
  let after = 0;
  for (let i = 1; i < misses_k.length; i++) {
    if (steps[i] !== steps[i - 1] + 1) continue;
    products += misses_k[i] * misses_k[i - 1];
    before += misses_k[i - 1] ** 2;
    after += misses_k[i] ** 2;
  }
  return before * after > 0 ? products / Math.sqrt(before * after) : 0;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
