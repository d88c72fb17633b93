/** What a history shows of a house. */
import type { Corrections } from "./house.ts";

export type CorrectionName = keyof Corrections;

/** A value and its 95 % interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What was found for one correction. */
export interface Estimate extends Interval {
  readonly name: CorrectionName;
  /**
   * What the data add to what the file says: 1 less the ratio of the variances after and before. Near 0 the data
   * are silent and the value is the file's.
   */
  readonly shrinkage: number;
}

export interface Identification {
  readonly corrections: Corrections;
  /** Of the corrections that were sought. */
  readonly estimates: readonly Estimate[];
  /** Correlations of the estimates, row by row in their order; factors by their logarithm. */
  readonly correlation: readonly (readonly number[])[];
  /** Of the whole house, W/K: what the envelope and the air exchange make together. */
  readonly heatLoss: Interval;
  /** Of a measurement of the air, given everything before, K: sensor noise and all that the model misses. */
  readonly residual_k: number;
  /** Correlation of neighbouring residuals: near 0 where the model explains all that can be explained. */
  readonly autocorrelation: number;
  readonly samples: number;
  /** Measurements that no correction explains, left out. */
  readonly outliers: number;
}

/** The 95 % interval of a normal value. */
export function interval(value: number, variance: number): Interval {
  const half = 1.96 * Math.sqrt(variance);
  return { value, low: value - half, high: value + half };
}

/** That of a value whose logarithm is normal, of the logarithm's variance. */
export function logInterval(value: number, variance: number): Interval {
  const half = Math.exp(1.96 * Math.sqrt(variance));
  return { value, low: value / half, high: value * half };
}
