/** Nonlinear least squares. */
import { CholeskyDecomposition, Matrix } from "ml-matrix";

/** Residuals at some parameters, written into `into`. */
type Residuals = (parameters: Float64Array, into: Float64Array) => void;

export interface LeastSquaresProblem {
  readonly residuals: Residuals;
  readonly count: number; // of residuals
  /** As how many independent residuals they count, where neighbours resemble each other; `count` when absent. */
  readonly independent?: number;
  readonly start: Iterable<number>;
  /** Squared distance to the optimum that will do, in standard deviations; 1e-4 when absent. */
  readonly near?: number;
  /** Steps of the central differences, one a parameter: small against the standard deviation of the parameter. */
  readonly difference: readonly number[];
  /** Standard deviation that a residual has at least; keeps perfect data from weighing infinitely much. */
  readonly leastSd: number;
  /** What each parameter is taken to be before the residuals are seen. */
  readonly prior: { readonly mean: readonly number[]; readonly sd: readonly number[] };
}

export interface LeastSquaresResult {
  readonly parameters: Float64Array;
  /** Variance of a residual. */
  readonly variance: number;
  /** Of the parameters: the inverse of the Fisher information of residuals and prior. */
  readonly covariance: Matrix;
  /** What was least. */
  readonly objective: number;
  readonly converged: boolean;
}

const maxIterations = 100;
const defaultNear = 1e-4;

/**
 * The parameters that are most probable when residuals are normal with one unknown variance and the parameters
 * have normal priors: the least of  n ln(sum r^2 / n + least^2) + sum ((x - mean) / sd)^2  by Levenberg-Marquardt.
 *
 * @throws RangeError when the residuals are not finite at the start
 * @see Marquardt, D. W. (1963), J. SIAM 11; Madsen, Nielsen, Tingleff (2004), Methods for non-linear least
 *   squares problems, 3.2
 */
export function leastSquares(problem: LeastSquaresProblem): LeastSquaresResult {
  const { residuals, count, start, near = defaultNear } = problem;
  let x = Float64Array.from(start);
  const size = x.length;
  let r = new Float64Array(count);
  let trialR = new Float64Array(count);
  residuals(x, r);
  let cost = objective(problem, x, r);
  if (!Number.isFinite(cost)) throw new RangeError(`the residuals at the start must be finite, got ${cost}`);

  let damping = 1e-3;
  let iterations = 0;
  let system = normalEquations(problem, x, r);
  for (; iterations < maxIterations && distance(system) > near && damping < 1e8; iterations++) {
    const damped = system.information.clone();
    for (let i = 0; i < size; i++) damped.set(i, i, damped.get(i, i) * (1 + damping));
    const step = new CholeskyDecomposition(damped).solve(system.descent);
    const trial = x.map((value, i) => value + step.get(i, 0));
    residuals(trial, trialR);
    const trialCost = objective(problem, trial, trialR);
    if (trialCost < cost) {
      [x, r, trialR, cost] = [trial, trialR, r, trialCost];
      damping = Math.max(damping / 10, 1e-9);
      system = normalEquations(problem, x, r);
    } else damping *= 5;
  }
  const identity = Matrix.eye(size);
  return {
    parameters: x,
    variance: variance(problem, r),
    covariance: new CholeskyDecomposition(system.information).solve(identity),
    objective: cost,
    converged: distance(system) <= near,
  };
}

/** Twice the negative log of what is to be most probable, but for a constant. */
function objective(problem: LeastSquaresProblem, x: Float64Array, r: Float64Array): number {
  const { mean, sd } = problem.prior;
  const prior = x.reduce((sum, value, i) => sum + ((value - mean[i]) / sd[i]) ** 2, 0);
  return (problem.independent ?? problem.count) * Math.log(variance(problem, r)) + prior;
}

function variance({ count, leastSd }: LeastSquaresProblem, r: Float64Array): number {
  return dot(r, r) / count + leastSd ** 2;
}

interface NormalEquations {
  readonly information: Matrix;
  readonly descent: Matrix;
}

/** How far Gauss and Newton's step would go, in standard deviations, squared. */
function distance({ information, descent }: NormalEquations): number {
  return descent.dot(new CholeskyDecomposition(information).solve(descent));
}

/** Fisher information and direction of steepest descent, both over the residuals' variance. */
function normalEquations(problem: LeastSquaresProblem, x: Float64Array, r: Float64Array): NormalEquations {
  const { residuals, count, independent = count, difference, prior } = problem;
  const size = x.length;
  const weight = independent / count / variance(problem, r);
  const columns = difference.map((h, i) => {
    const up = new Float64Array(count);
    const down = new Float64Array(count);
    residuals(x.with(i, x[i] + h), up);
    residuals(x.with(i, x[i] - h), down);
    for (let k = 0; k < count; k++) up[k] = (up[k] - down[k]) / (2 * h);
    return up;
  });
  const information = new Matrix(size, size);
  const descent = new Matrix(size, 1);
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      const entry = weight * dot(columns[i], columns[j]);
      information.set(i, j, entry);
      information.set(j, i, entry);
    }
    const precision = 1 / prior.sd[i] ** 2;
    information.set(i, i, information.get(i, i) + precision);
    descent.set(i, 0, -weight * dot(columns[i], r) - precision * (x[i] - prior.mean[i]));
  }
  return { information, descent };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
