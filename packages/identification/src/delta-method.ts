import type { Matrix } from "ml-matrix";

/**
 * Variance of a number that follows from estimated parameters, by the delta method.
 *
 * @param gradient of the number, by each parameter
 * @param covariance of the parameters
 */
export function deltaVariance(gradient: readonly number[], covariance: Matrix): number {
  let variance = 0;
  for (const [i, gi] of gradient.entries()) {
    for (const [j, gj] of gradient.entries()) variance += gi * gj * covariance.get(i, j);
  }
  return variance;
}
