/** The estimate of a home in the 5R1C zone: the temperature of its walls is the one state. */
import type { Forecast } from "@azru/control";
import { outputOf } from "@azru/house";
import {
  type AdaptiveEstimator,
  createAdaptiveEstimator,
  type MassEstimatorOptions,
  type NoiseEvidence,
  type StepForces,
} from "@azru/identification";
import type { Logger } from "@azru/runtime";
import { type Disturbances, informedForecast, type OutdoorMiss } from "@azru/simulation";
import type { HomeEstimate, HomeEstimator, Truth } from "./home-estimate.ts";
import { gainsTranslation, type HouseModel, translatedGains } from "./house-model.ts";
import { largestMiss_k, type Sample, Samples } from "./samples.ts";
import { shifted } from "./shifted.ts";

export interface ZoneEstimatorOptions {
  readonly model: HouseModel;
  /** For how long a measured outdoor temperature counts for more than the one foreseen. */
  readonly freshFor_ms: number;
  /** Distance to keep from the floor of comfort, in standard deviations of the air a step ahead. */
  readonly margin: number;
  readonly log: Pick<Logger, "warn">;
  /** What was stored of an instant, where it was. */
  readonly stored?: (instantMs: number) => Omit<MassEstimatorOptions, "noise"> | undefined;
  /** What was stored of the noise. */
  readonly evidence?: NoiseEvidence | undefined;
}

/** A time without change. */
interface Interval {
  /** At its beginning, as it was estimated. */
  readonly theta_m_c: number;
  readonly dtSeconds: number;
  readonly forces: StepForces;
  readonly theta_air_c: number | undefined;
  /** What that is known within, K. */
  readonly within_k?: number | undefined;
}

const firstGuess_k = 3; // standard deviation of the walls' temperature from the air's
const remodelled_k = 1; // that of the walls as one model has them from what another makes of them
/** Another model estimates the walls anew from so long a past. */
const replay_s = 72 * 3600;

/**
 * Kalman filters kept along with the home (`createAdaptiveEstimator`). A step is cut where the heat changes, so that
 * each air temperature is compared with the heat that made it; without a temperature the filter only predicts. It
 * starts at the air temperature, and is reset to it after a gap that the foreseen weather does not cover; what it
 * knows of the noise it keeps.
 */
export class ZoneEstimator implements HomeEstimator {
  readonly #options: ZoneEstimatorOptions;
  readonly #samples: Samples;
  #model: HouseModel;
  #estimator: AdaptiveEstimator | undefined;
  #evidence: NoiseEvidence | undefined;
  /** The past that another model would be replayed through. */
  #past: Interval[] = [];
  #miss: OutdoorMiss | undefined;
  #atMs = Number.NEGATIVE_INFINITY;
  #foreseen: Disturbances | undefined;
  #wasDoubted = false;

  constructor(options: ZoneEstimatorOptions) {
    this.#options = options;
    this.#model = options.model;
    this.#evidence = options.evidence;
    this.#samples = new Samples(options.freshFor_ms);
  }

  get now(): HomeEstimate | undefined {
    if (!this.#estimator) return undefined;
    const { estimate, noise, evidence } = this.#estimator;
    const outdoor = this.#miss && { outdoorError_k: this.#miss.measured_c - this.#miss.foreseen_c };
    const forces = this.#past.at(-1)?.forces;
    const { operative } = this.#model.planModels;
    const felt = forces && {
      theta_op_c: outputOf(operative, [estimate.theta_m_c], forces.phi_HC_w, forces),
    };
    return { ...estimate, ...felt, sensor_k: noise.sensor_k, ...outdoor, evidence };
  }

  sample(timeMs: number, sample: Sample): void {
    this.#samples.add(timeMs, sample, this.#model.maxPower_w);
    if (sample.theta_e_c !== undefined) this.#logDoubt(timeMs, sample.theta_e_c);
  }

  order(timeMs: number, phi_HC_w: number): void {
    this.#samples.order(timeMs, phi_HC_w);
  }

  advance(instantMs: number, theta_air_c: number | undefined): void {
    const foreseen = this.#foreseen;
    this.#miss = foreseen && this.#missBefore(instantMs, foreseen);
    if (this.#estimator && foreseen && this.#isCovered(foreseen, instantMs)) {
      this.#filter(this.#estimator, foreseen, instantMs);
    } else {
      this.#evidence = this.#estimator?.evidence ?? this.#evidence;
      this.#estimator = this.#initialised(instantMs, theta_air_c);
      this.#past = [];
    }
    this.#atMs = instantMs;
    this.#samples.forgetBefore(instantMs);
  }

  foresee(disturbances: Disturbances): void {
    this.#foreseen = disturbances;
  }

  gainsAhead_w(phi_int_w: Float64Array): Float64Array {
    return this.#estimator?.gainsAhead_w(phi_int_w, this.#model.step.dtSeconds) ?? phi_int_w;
  }

  /**
   * The forecast from the last instant on, corrected by what the home shows (see `informedForecast`). As it is before
   * the first measurement.
   */
  corrected(forecast: Forecast): Forecast {
    if (!this.#estimator) return forecast;
    const { margin } = this.#options;
    const known = { estimator: this.#estimator, model: this.#model.step, margin, outdoor: this.#miss };
    return informedForecast(forecast, known);
  }

  /**
   * From here on the house is another model. The walls are estimated anew, by the last three days as the new model has
   * them; what the old one did not explain is forgotten.
   */
  changeModel(next: HouseModel): void {
    const translate = gainsTranslation(this.#model, next);
    const power = next.maxPower_w / this.#model.maxPower_w;
    this.#samples.scaleHeat(power);
    this.#past = this.#past.map(({ forces, ...interval }) => ({
      ...interval,
      forces: { ...forces, ...translate(forces), phi_HC_w: forces.phi_HC_w * power },
    }));
    if (this.#foreseen) this.#foreseen = translatedGains(this.#foreseen, translate);
    this.#model = next;
    if (this.#estimator) this.#estimator = this.#replayed(this.#estimator.estimate.theta_m_c);
  }

  shiftTime(shift_ms: number): void {
    this.#samples.shiftTime(shift_ms);
    this.#atMs += shift_ms;
    this.#foreseen = this.#foreseen && shifted(this.#foreseen, shift_ms);
  }

  reconsider(age_ms: number, truth: Truth): void {
    if (!this.#estimator) return;
    let left_s = age_ms / 1000;
    this.#past = this.#past
      .toReversed()
      .map((interval) => {
        const isMeant = left_s > 0;
        left_s -= interval.dtSeconds;
        if (!isMeant) return interval;
        if ("theta_air_c" in truth) return { ...interval, ...truth };
        return { ...interval, forces: { ...interval.forces, ...truth } };
      })
      .toReversed();
    this.#estimator = this.#replayed(this.#estimator.estimate.theta_m_c);
  }

  get #step_ms(): number {
    return this.#model.step.dtSeconds * 1000;
  }

  #filter(estimator: AdaptiveEstimator, foreseen: Disturbances, toMs: number): void {
    let startMs = this.#atMs;
    for (const endMs of this.#samples.cuts(startMs, toMs, this.#step_ms)) {
      const k = Math.floor((startMs - foreseen.startMs) / this.#step_ms);
      const foreseen_c = foreseen.theta_e_c[k];
      const forces = {
        phi_HC_w: this.#samples.heatAt_w(startMs),
        theta_e_c: this.#samples.outdoor_c(startMs, endMs, foreseen_c) ?? foreseen_c,
        phi_sol_w: foreseen.phi_sol_w[k],
        phi_int_w: foreseen.phi_int_w[k],
      };
      const { theta_m_c } = estimator.estimate;
      const dtSeconds = (endMs - startMs) / 1000;
      const { theta_air_c, within_k } = this.#samples.air(startMs, endMs) ?? {};
      estimator.advance(this.#model.stepOf(dtSeconds), forces, theta_air_c, within_k);
      this.#past.push({ theta_m_c, dtSeconds, forces, theta_air_c, within_k });
      startMs = endMs;
    }
    this.#past = lastOf(this.#past, replay_s);
  }

  /** Logs once where what is measured outside is not used. */
  #logDoubt(timeMs: number, theta_e_c: number): void {
    const foreseen = this.#foreseen;
    const foreseen_c = foreseen?.theta_e_c[Math.ceil((timeMs - foreseen.startMs) / this.#step_ms) - 1];
    if (foreseen_c === undefined) return;
    const isDoubted = Math.abs(theta_e_c - foreseen_c) > largestMiss_k;
    if (isDoubted && !this.#wasDoubted)
      this.#options.log.warn(
        { theta_e_c, foreseen_c },
        `the outdoor temperature measured is more than ${largestMiss_k} K from the one foreseen and is not used`,
      );
    this.#wasDoubted = isDoubted;
  }

  /** How the outdoor temperature of the step before an instant was foreseen, where it was measured. */
  #missBefore(instantMs: number, { startMs, theta_e_c }: Disturbances): OutdoorMiss | undefined {
    const fromMs = instantMs - this.#step_ms;
    const k = (fromMs - startMs) / this.#step_ms;
    const foreseen_c = theta_e_c[k];
    if (foreseen_c === undefined) return undefined;
    const measured_c = this.#samples.outdoor_c(fromMs, instantMs, foreseen_c);
    return measured_c === undefined ? undefined : { measured_c, foreseen_c, next_c: theta_e_c[k + 1] };
  }

  /** Whether the weather of all the time up to an instant was foreseen. */
  #isCovered({ startMs, theta_e_c }: Disturbances, toMs: number): boolean {
    const endMs = startMs + theta_e_c.length * this.#step_ms;
    return startMs <= this.#atMs && this.#atMs <= toMs && toMs <= endMs;
  }

  /** The estimator as it would be had the present model been used all along: its noise is another too. */
  #replayed(theta_m_c: number): AdaptiveEstimator {
    const estimator = createAdaptiveEstimator({
      theta_m_c: this.#past[0]?.theta_m_c ?? theta_m_c,
      theta_m_sd_k: remodelled_k,
    });
    for (const { dtSeconds, forces, theta_air_c, within_k } of this.#past) {
      estimator.advance(this.#model.stepOf(dtSeconds), forces, theta_air_c, within_k);
    }
    return estimator;
  }

  #initialised(instantMs: number, theta_air_c: number | undefined): AdaptiveEstimator | undefined {
    const isFirst = this.#atMs === Number.NEGATIVE_INFINITY;
    const stored = isFirst ? this.#options.stored?.(instantMs) : undefined;
    if (stored) return createAdaptiveEstimator(stored, this.#evidence);
    if (theta_air_c === undefined) return undefined;
    return createAdaptiveEstimator({ theta_m_c: theta_air_c, theta_m_sd_k: firstGuess_k }, this.#evidence);
  }
}

/** The last intervals, of `length_s` or a little more in all. */
function lastOf(intervals: Interval[], length_s: number): Interval[] {
  let kept_s = 0;
  let first = intervals.length;
  while (first > 0 && kept_s < length_s) kept_s += intervals[--first].dtSeconds;
  return intervals.slice(first);
}
