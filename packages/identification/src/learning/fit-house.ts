/** The most probable house of a structure behind a history. */
import type { Matrix } from "ml-matrix";
import { leastSquares } from "../levenberg-marquardt.ts";
import type { Drive } from "./drive.ts";
import { measuredSteps, rhythmSize, rhythmWaves, simulatedErrors } from "./simulated-error.ts";
import type { ParametricHouse, Parametrisation } from "./structure.ts";

export interface FittedHouse {
  readonly house: ParametricHouse;
  readonly rhythm: readonly number[];
  readonly starts: readonly number[]; // of the hidden temperatures in each stretch, see SimulatedPast
  /** On the scale of the priors, and their covariance; the structure's parameters only. */
  readonly x: Float64Array;
  readonly covariance: Matrix;
  readonly rms_k: number; // of the simulated errors
  readonly priorCost: number; // squared distance from the priors, in standard deviations
  readonly correlation_h: number; // how long an error lasts
}

const rhythmSd_w_m2 = 2.5;
const startSd_k = 1.5;
const sensorLeast_k = 0.03;
/** How long an error lasts, at first: until the errors themselves have shown it. */
const firstCorrelation_h = 8;
const near = 0.01; // a tenth of a standard deviation

/**
 * Fits a structure to a drive by the simulated errors. Errors of neighbouring steps are nearly the same: they count as
 * so many facts as they last shorter than the history, and how long they last is what they show after a first fit.
 *
 * @throws RangeError when the drive has fewer measurements than there are parameters
 */
export function fitHouse(
  drive: Drive,
  { structure, priors, houseAt }: Parametrisation,
  floorArea_m2: number,
): FittedHouse {
  const count = measuredSteps(drive);
  const waves = rhythmWaves(drive);
  const hidden = structure.layers + (structure.emitter === "none" ? 0 : 1);
  const starts = drive.stretches.length * hidden;
  const size = priors.length;
  const others = new Array<number>(rhythmSize + starts).fill(0);
  if (count <= size + others.length)
    throw new RangeError(`history must have more than ${size + others.length} measurements, got ${count}`);
  const residuals = (x: Float64Array, into: Float64Array) =>
    simulatedErrors(
      drive,
      waves,
      {
        house: houseAt(x),
        rhythm: x.subarray(size, size + rhythmSize),
        starts: x.subarray(size + rhythmSize),
      },
      into,
    );
  const independentOf = (correlation_h: number) =>
    Math.max(1, (count * drive.dtSeconds) / 3600 / correlation_h);
  const mean = [...priors.map(({ typical }) => typical), ...others];
  const fitFrom = (start: Iterable<number>, correlation_h: number) =>
    leastSquares({
      residuals,
      count,
      independent: independentOf(correlation_h),
      start,
      near,
      difference: [
        ...priors.map(({ scale }) => (scale === "linear" ? 1 : 1e-3)),
        ...new Array<number>(rhythmSize).fill(1),
        ...new Array<number>(starts).fill(1e-2),
      ],
      leastSd: sensorLeast_k,
      prior: {
        mean,
        sd: [
          ...priors.map(({ sd }) => sd),
          ...new Array<number>(rhythmSize).fill(rhythmSd_w_m2 * floorArea_m2),
          ...new Array<number>(starts).fill(startSd_k),
        ],
      },
    });
  const first = fitFrom(mean, firstCorrelation_h);
  const errors = new Float64Array(count);
  residuals(first.parameters, errors);
  const correlation_h = correlationTime_h(errors, drive.dtSeconds);
  const fitted = fitFrom(first.parameters, correlation_h);
  const { parameters } = fitted;
  return {
    house: houseAt(parameters),
    rhythm: [...parameters.subarray(size, size + rhythmSize)],
    starts: [...parameters.subarray(size + rhythmSize)],
    x: parameters.slice(0, size),
    covariance: fitted.covariance.subMatrix(0, size - 1, 0, size - 1),
    rms_k: Math.sqrt(fitted.variance),
    correlation_h,
    priorCost: fitted.objective - independentOf(correlation_h) * Math.log(fitted.variance),
  };
}

const furthest_h = 48;
/** A thermostat's cycles change the sign of errors within the hour; what people and weather bring lasts for longer. */
const shortest_h = 4;

/**
 * The integral of the autocorrelation of errors, over both signs of the lag, up to where it vanishes.
 *
 * @see Geyer, C. (1992), Practical Markov chain Monte Carlo, Statistical Science 7: the initial positive sequence
 */
function correlationTime_h(errors: Float64Array, dtSeconds: number): number {
  const stepHours = dtSeconds / 3600;
  const covariance = (lag: number) => {
    let sum = 0;
    for (let k = lag; k < errors.length; k++) sum += errors[k] * errors[k - lag];
    return sum / errors.length;
  };
  const variance = covariance(0);
  let time_h = stepHours;
  for (let lag = 1; lag * stepHours <= furthest_h; lag++) {
    const correlation = covariance(lag) / variance;
    if (!(correlation > 0)) break;
    time_h += 2 * stepHours * correlation;
  }
  return Math.max(shortest_h, time_h);
}
