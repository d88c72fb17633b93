/**
 * The most probable house behind a history: maximum likelihood over the innovations of a Kalman filter, with
 * normal priors.
 *
 * The filter has two noises: the sensor's, of variance r^2, and gains of g W that nobody knows, which last for
 * some hours. With r^2 as unit the innovations e[k] have variance r^2 s[k], where s depends on g/r and a little
 * on the house, and r^2 has a closed form. What remains of twice the negative log-likelihood is
 *
 *     n ln(sum e[k]^2 / s[k]) + sum ln s[k]  =  n ln(sum (e[k] sqrt(G / s[k]))^2),   G the geometric mean of s,
 *
 * least squares in the house's parameters, and a search along a line in g/r. The two take turns until nothing
 * changes; all at once is slower, as a Gauss-Newton step in g/r hardly ever fits.
 *
 * @see Schweppe, F. C. (1965), Evaluation of likelihood functions for Gaussian signals, IEEE Trans. IT-11;
 *   Ljung, L. (1999), System Identification, 7.4; Madsen, H. and Holst, J. (1995), Estimation of
 *   continuous-time models for the heat dynamics of a building, Energy and Buildings 22
 */
import type { Matrix } from "ml-matrix";
import type { History } from "./history.ts";
import type { HouseModel } from "./house-model.ts";
import { innovations } from "./innovations.ts";
import type { FilterNoise } from "./kalman.ts";
import { leastSquares } from "./levenberg-marquardt.ts";
import { lowest } from "./line-search.ts";

/** A parameter of a house before the history is seen. */
export interface Parameter {
  readonly mean: number;
  readonly sd: number;
  readonly start: number;
  /** Step of differences: small against the standard deviation of the parameter. */
  readonly difference: number;
}

export interface MostLikely {
  readonly parameters: Float64Array;
  /** Inverse of the Fisher information, the priors' included. */
  readonly covariance: Matrix;
  /** The steps of the history that were compared, and what each missed of what was expected, K. */
  readonly steps: readonly number[];
  readonly misses_k: readonly number[];
}

/** Logarithms of g/r, W/K: from no unknown gains to far too many. */
const gainsRange = { from: 0, to: 12, start: Math.log(1000) };
const gainsLast_h = 6;
const sensorLeast_k = 1e-3; // keeps perfect data from weighing infinitely much
const rounds = 20;
const settled = 1e-3; // change of twice the log-likelihood in a round

/**
 * The most probable parameters of a house.
 *
 * @param houseAt the house of some parameters
 * @throws RangeError when the history has no more measurements than there are parameters
 */
export function mostLikely(
  history: History,
  parameters: readonly Parameter[],
  houseAt: (x: Float64Array) => HouseModel,
): MostLikely {
  let x: Float64Array = Float64Array.from(parameters, ({ start }) => start);
  let logGains = gainsRange.start;
  const steps: number[] = [];
  innovations(history, houseAt(x), noiseOf(logGains), (k) => steps.push(k));
  const count = steps.length;
  if (count <= x.length)
    throw new RangeError(`history must have more than ${x.length} measurements, got ${count}`);

  const s = new Float64Array(count);
  const weighted = (at: Float64Array, gains: number, into: Float64Array) => {
    let i = 0;
    let logs = 0;
    innovations(history, houseAt(at), noiseOf(gains), (_, value_k, variance) => {
      into[i] = value_k;
      s[i++] = variance;
      logs += Math.log(variance);
    });
    const geometricMean = Math.exp(logs / count);
    for (let k = 0; k < count; k++) into[k] *= Math.sqrt(geometricMean / s[k]);
  };
  const scratch = new Float64Array(count);
  const unlikelihood = (gains: number) => {
    weighted(x, gains, scratch);
    const squares = scratch.reduce((sum, value) => sum + value * value, 0);
    return count * Math.log(squares / count + sensorLeast_k ** 2);
  };

  for (let round = 0, before = Number.POSITIVE_INFINITY; ; round++) {
    const fitted = leastSquares({
      residuals: (at, into) => weighted(at, logGains, into),
      count,
      start: x,
      difference: parameters.map(({ difference }) => difference),
      leastSd: sensorLeast_k,
      prior: { mean: parameters.map(({ mean }) => mean), sd: parameters.map(({ sd }) => sd) },
    });
    x = fitted.parameters;
    const noise = lowest(unlikelihood, gainsRange.from, gainsRange.to);
    if (before - noise.value < settled || round === rounds) {
      const misses_k: number[] = [];
      innovations(history, houseAt(x), noiseOf(logGains), (_, value_k) => misses_k.push(value_k));
      return { parameters: x, covariance: fitted.covariance, steps, misses_k };
    }
    before = noise.value;
    logGains = noise.at;
  }
}

/** The filter's noises with the sensor's as unit. */
function noiseOf(logGains: number): FilterNoise {
  return { sensor_k: 1, mass_k_sqrth: 0, gains_w: Math.exp(logGains), gainsLast_h };
}
