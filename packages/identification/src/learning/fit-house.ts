/** The most probable house of a structure behind a history. */
import type { Matrix } from "ml-matrix";
import { leastSquares } from "../levenberg-marquardt.ts";
import type { Drive } from "./drive.ts";
import { measuredSteps, rhythmSize, rhythmWaves, simulatedErrors } from "./simulated-error.ts";
import type { ParametricHouse, Parametrisation } from "./structure.ts";

export interface FittedHouse {
  readonly house: ParametricHouse;
  readonly rhythm: readonly number[];
  /** On the scale of the priors, and their covariance; the structure's parameters only. */
  readonly x: Float64Array;
  readonly covariance: Matrix;
  readonly rms_k: number; // of the simulated errors
  readonly objective: number;
}

const rhythmSd_w_m2 = 2.5;
const startSd_k = 1.5;
const sensorLeast_k = 0.03;
/** Errors of neighbouring steps are nearly the same: one in so many hours counts as a fact of its own. */
const independentEvery_h = 2;

/**
 * Fits a structure to a drive by the simulated errors.
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
  if (count <= size + rhythmSize + starts)
    throw new RangeError(
      `history must have more than ${size + rhythmSize + starts} measurements, got ${count}`,
    );
  const fitted = leastSquares({
    residuals: (x, into) =>
      simulatedErrors(
        drive,
        waves,
        {
          house: houseAt(x),
          rhythm: x.subarray(size, size + rhythmSize),
          starts: x.subarray(size + rhythmSize),
        },
        into,
      ),
    count,
    independent: (count * drive.dtSeconds) / 3600 / independentEvery_h,
    start: [...priors.map(({ typical }) => typical), ...new Array<number>(rhythmSize + starts).fill(0)],
    difference: [
      ...priors.map(({ scale }) => (scale === "linear" ? 1 : 1e-3)),
      ...new Array<number>(rhythmSize).fill(1),
      ...new Array<number>(starts).fill(1e-2),
    ],
    leastSd: sensorLeast_k,
    prior: {
      mean: [...priors.map(({ typical }) => typical), ...new Array<number>(rhythmSize + starts).fill(0)],
      sd: [
        ...priors.map(({ sd }) => sd),
        ...new Array<number>(rhythmSize).fill(rhythmSd_w_m2 * floorArea_m2),
        ...new Array<number>(starts).fill(startSd_k),
      ],
    },
  });
  const { parameters } = fitted;
  return {
    house: houseAt(parameters),
    rhythm: [...parameters.subarray(size, size + rhythmSize)],
    x: parameters.slice(0, size),
    covariance: fitted.covariance.subMatrix(0, size - 1, 0, size - 1),
    rms_k: Math.sqrt(fitted.variance),
    objective: fitted.objective,
  };
}
