/** An estimator that finds out for itself how noisy the home is: many filters, of which the likeliest counts. */
import type { AffineStep } from "@azru/physics";
import { type FilterNoise, innovate, type StepForces } from "./kalman.ts";
import { createMassEstimator, type MassEstimate, type MassEstimatorOptions } from "./mass-estimator.ts";
import { airSpread_k } from "./rehearsal.ts";

/**
 * How likely each noise is: log-likelihood less the likeliest's, nats, by the noise's name. What is missing is as
 * good as ruled out.
 */
export type NoiseEvidence = Readonly<Record<string, number>>;

export interface AdaptiveEstimator {
  /** As `MassEstimator` does. */
  advance(model: AffineStep, forces: StepForces, theta_air_c?: number, within_k?: number): void;
  readonly estimate: MassEstimate;
  gainsAhead_w(phi_int_w: Float64Array, dtSeconds: number): Float64Array;
  /** How far the air will be from what is expected a step ahead, standard deviation, K; see `airSpread_k`. */
  spreadAhead_k(model: AffineStep, phi_sol_w: Float64Array): Float64Array;
  /** What the likeliest filter takes for noise. */
  readonly noise: FilterNoise;
  /** What the measurements so far show of the noise: an estimator that begins with it need not learn it anew. */
  readonly evidence: NoiseEvidence;
}

const remembers_h = 336; // of the measurements that the likelihood counts: nights show nothing of the sun
const gainsLast_h = 72;
const outlier = 5; // standard deviations: beyond, a measurement counts as if it were so far off
const ruledOut_nats = -30; // weeks of measurements may speak against a noise, hours must be able to bring it back

/**
 * From the roughest to the quietest: a tie, as at the start, goes to the rougher. None takes the sun to be foreseen
 * exactly: a filter that learnt so at night would be caught by the first cloud.
 */
const candidates: readonly FilterNoise[] = [
  { mass_k_sqrth: 0.05, gains_w: 200 },
  { mass_k_sqrth: 0.02, gains_w: 60 },
  { mass_k_sqrth: 0.01, gains_w: 20 },
  { mass_k_sqrth: 0.005, gains_w: 5 },
].flatMap((model) =>
  [0.8, 0.3].flatMap((sunShare) =>
    [0.3, 0.2, 0.1, 0.05].map((sensor_k) => ({ ...model, sunShare, sensor_k, gainsLast_h })),
  ),
);

/** Sensor, model, gains and sun: evidence by name outlives a change of the grid. */
function nameOf({ sensor_k, mass_k_sqrth, gains_w, sunShare }: FilterNoise): string {
  return [sensor_k, mass_k_sqrth, gains_w, sunShare].join(" ");
}

/**
 * Runs a filter for each of a grid of noises (sensor, model, gains, sun) and listens to the one under which the
 * measurements of the last days were likeliest.
 *
 * @param start of each filter: the mass temperature before the first measurement, best the air's
 * @param evidence of an earlier estimator of the same home; empty: nothing is known of the noise
 * @throws RangeError when the start is not finite
 */
export function createAdaptiveEstimator(
  start: Omit<MassEstimatorOptions, "noise">,
  evidence: NoiseEvidence = {},
): AdaptiveEstimator {
  const isInformed = Object.keys(evidence).length > 0;
  const filters = candidates.map((noise) => ({
    noise,
    estimator: createMassEstimator({ ...start, noise }),
    logLikelihood: isInformed ? Math.max(ruledOut_nats, evidence[nameOf(noise)] ?? ruledOut_nats) : 0,
  }));
  const innovation = { value_k: 0, variance_k2: 1 };
  let best = likeliest();

  function likeliest(): (typeof filters)[number] {
    return filters.reduce((a, b) => (b.logLikelihood > a.logLikelihood ? b : a));
  }

  return {
    advance(model, forces, theta_air_c, within_k = 0) {
      const kept = Math.exp(-model.dtSeconds / 3600 / remembers_h);
      for (const filter of filters) {
        if (theta_air_c !== undefined && Number.isFinite(theta_air_c)) {
          innovate(filter.estimator.state, model, forces, theta_air_c, filter.noise, innovation, within_k);
          const { value_k, variance_k2 } = innovation;
          const square = Math.min(value_k ** 2 / variance_k2, outlier ** 2);
          // What lies within a coarse reading says nothing of the noise.
          if (within_k === 0 || value_k !== 0)
            filter.logLikelihood = kept * filter.logLikelihood - (square + Math.log(variance_k2)) / 2;
        }
        filter.estimator.advance(model, forces, theta_air_c, within_k);
      }
      best = likeliest();
    },
    get estimate() {
      return best.estimator.estimate;
    },
    gainsAhead_w: (phi_int_w, dtSeconds) => best.estimator.gainsAhead_w(phi_int_w, dtSeconds),
    spreadAhead_k: (model, phi_sol_w) => airSpread_k(best.estimator.state, model, phi_sol_w, best.noise),
    get noise() {
      return best.noise;
    },
    get evidence() {
      const relative = filters.map(
        ({ noise, logLikelihood }) =>
          [nameOf(noise), Math.round(10 * (logLikelihood - best.logLikelihood)) / 10] as const,
      );
      return Object.fromEntries(relative.filter(([, nats]) => nats > ruledOut_nats));
    },
  };
}
