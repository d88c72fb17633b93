/**
 * Readings that are known within some kelvin only: of a sensor of coarse steps, or of one that is silent as long as
 * its value changes little.
 *
 * Within that width the reading does not contradict the model, and corrects nothing. Beyond it, what is beyond counts,
 * with the variance of a uniform error: (2 w)^2 / 12 for a width of w to either side.
 */

/** What of a difference from the expected the width does not explain, K. */
export function beyondWidth_k(difference_k: number, within_k: number): number {
  return Math.sign(difference_k) * Math.max(0, Math.abs(difference_k) - within_k);
}

/** Variance of an error that is uniform within the width to either side, K2. */
export function widthVariance_k2(within_k: number): number {
  return within_k ** 2 / 3;
}
