/** How well the air temperature is predicted for a day ahead, as a controller needs it. */
import { airTemperature_c } from "@azru/physics";
import type { History } from "./history.ts";
import { forcesOn, type HouseModel, isDriven } from "./house-model.ts";
import { type FilterState, predict } from "./kalman.ts";
import { createMassEstimator, homeNoise, type MassEstimator } from "./mass-estimator.ts";

/** Air temperatures predicted from step `origin` on, knowing the measurements before it and the forces after. */
export interface DayAhead {
  readonly origin: number;
  readonly theta_air_c: Float64Array; // one a step of the day
}

export interface DayAheadErrors {
  readonly rmse_k: number; // over all steps of all days
  /** By how far ahead: one value a step, the first being the next step's. */
  readonly byLead_k: Float64Array;
  readonly predictions: number;
}

/** Air temperatures measured, one a step; NaN where there was none. */
type Measured = Pick<History, "dtSeconds" | "theta_air_c">;

/** Steps of a day. */
export function stepsADay({ dtSeconds }: Pick<Measured, "dtSeconds">): number {
  return Math.round(86_400 / dtSeconds);
}

/**
 * Lets a model that sees the measurements up to each origin go on alone for a day, on the forces that came.
 *
 * @param origins rising steps; those within a day of the end, after a step with unknown forces or before one are
 *   left out
 */
export function daysAhead(history: History, house: HouseModel, origins: readonly number[]): DayAhead[] {
  const steps = stepsADay(history);
  const forcesAt = forcesOn(house, history);
  const predictions: DayAhead[] = [];
  const wanted = new Set(origins.filter((origin) => isDrivenFor(history, origin, steps)));
  let estimator: MassEstimator | undefined;
  for (let k = 0; k < history.theta_air_c.length; k++) {
    const theta_air_c = history.theta_air_c[k];
    if (estimator && wanted.has(k)) {
      predictions.push({ origin: k, theta_air_c: goOn(estimator.state, house, forcesAt, k, steps) });
    }
    if (!isDriven(history, k)) estimator = undefined;
    else {
      if (!Number.isNaN(theta_air_c)) estimator ??= createMassEstimator({ theta_m_c: theta_air_c });
      estimator?.advance(house.step, forcesAt(k), theta_air_c);
    }
  }
  return predictions;
}

function goOn(
  from: Readonly<FilterState>,
  { step }: HouseModel,
  forcesAt: ReturnType<typeof forcesOn>,
  origin: number,
  steps: number,
): Float64Array {
  const state = { ...from };
  const theta_air_c = new Float64Array(steps);
  for (let lead = 0; lead < steps; lead++) {
    const forces = forcesAt(origin + lead);
    const { phi_HC_w, theta_e_c, phi_sol_w, phi_int_w } = forces;
    const gains_w = phi_int_w + state.phi_u_w;
    theta_air_c[lead] = airTemperature_c(step, state.theta_m_c, phi_HC_w, theta_e_c, phi_sol_w, gains_w);
    predict(state, step, forces, homeNoise);
  }
  return theta_air_c;
}

function isDrivenFor(history: History, origin: number, steps: number): boolean {
  if (origin + steps > history.theta_air_c.length) return false;
  for (let k = origin; k < origin + steps; k++) if (!isDriven(history, k)) return false;
  return true;
}

/** The naive prediction: the air is as warm as in the mean of the day before each origin. */
export function persistence(history: Measured, origins: readonly number[]): DayAhead[] {
  const steps = stepsADay(history);
  return origins.flatMap((origin) => {
    const dayBefore = history.theta_air_c.subarray(Math.max(0, origin - steps), origin);
    const known = dayBefore.filter((theta) => !Number.isNaN(theta));
    if (known.length === 0) return [];
    const mean_c = known.reduce((sum, theta) => sum + theta, 0) / known.length;
    return [{ origin, theta_air_c: new Float64Array(steps).fill(mean_c) }];
  });
}

/** What predictions missed of the air temperatures measured. */
export function dayAheadErrors(history: Measured, predictions: readonly DayAhead[]): DayAheadErrors {
  const steps = stepsADay(history);
  const squares = new Float64Array(steps);
  const counts = new Float64Array(steps);
  for (const { origin, theta_air_c } of predictions) {
    for (let lead = 0; lead < steps; lead++) {
      const missed_k = history.theta_air_c[origin + lead] - theta_air_c[lead];
      if (Number.isNaN(missed_k)) continue;
      squares[lead] += missed_k ** 2;
      counts[lead]++;
    }
  }
  const total = (column: Float64Array) => column.reduce((sum, value) => sum + value, 0);
  return {
    rmse_k: Math.sqrt(total(squares) / total(counts)),
    byLead_k: squares.map((sum, lead) => Math.sqrt(sum / counts[lead])),
    predictions: predictions.length,
  };
}
