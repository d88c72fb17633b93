/** What the controller takes the temperature of the walls to be, and the heat that its model does not know. */
import type { Forecast } from "@azru/control";
import {
  type AdaptiveEstimator,
  createAdaptiveEstimator,
  type MassEstimate,
  type MassEstimatorOptions,
  type NoiseEvidence,
  type StepForces,
} from "@azru/identification";
import type { Logger } from "@azru/runtime";
import { type Disturbances, informedForecast, type OutdoorMiss } from "@azru/simulation";
import { gainsTranslation, type HouseModel } from "./house-model.ts";

/** What is measured at an instant; each value tells of the time up to it. */
interface Sample {
  /** Absent where no room can be trusted. */
  readonly theta_air_c?: number | undefined;
  /** Heat that flowed since the sample before, where the valve tells its position. */
  readonly phi_HC_w?: number | undefined;
  readonly theta_e_c?: number | undefined;
}

export interface HomeEstimate extends MassEstimate {
  /** What the air's sensor is found to err by, standard deviation. */
  readonly sensor_k: number;
  /** Outdoor temperature measured in the step just past less the one foreseen; absent where nobody measured it. */
  readonly outdoorError_k?: number;
  /** What the measurements tell of the noise. */
  readonly evidence: NoiseEvidence;
}

/** An estimate as it was stored, with what the measurements told of the noise by then. */
export interface StoredEstimate extends MassEstimate {
  readonly atMs: number; // home time
  /** Absent where it was not known yet. */
  readonly evidence?: NoiseEvidence;
}

export interface LiveEstimate {
  /** The estimate at the last instant; undefined before the first measurement. */
  readonly now: HomeEstimate | undefined;
  /** Takes a measurement; samples come in order of time. */
  sample(timeMs: number, sample: Sample): void;
  /** Another heat was ordered at an instant. */
  order(timeMs: number, phi_HC_w: number): void;
  /** Goes on to an instant, a multiple of the step, by what was measured and ordered since the last one. */
  advance(instantMs: number, theta_air_c: number | undefined): void;
  /** Tells what the steps from here on are expected to bring; the next `advance` goes by it. */
  foresee(disturbances: Disturbances): void;
  /** Internal gains to expect, one value a step: `phi_int_w` and what is known to add to them, fading. */
  gainsAhead_w(phi_int_w: Float64Array): Float64Array;
  /**
   * What the optimiser is told of the steps from the last instant on: see `informedForecast`. The forecast as it is
   * before the first measurement.
   */
  corrected(forecast: Forecast): Forecast;
  /**
   * From here on the house is another model. The walls are found anew, by what happened in the last three days as
   * the new model has it; what the old one did not explain is forgotten.
   */
  changeModel(model: HouseModel): void;
}

export interface LiveEstimateOptions {
  readonly model: HouseModel;
  /** For how long a measured outdoor temperature counts for more than the one foreseen. */
  readonly freshFor_ms: number;
  /** Distance to keep from the floor of comfort, in standard deviations of the air a step ahead. */
  readonly margin: number;
  readonly log: Pick<Logger, "warn">;
  /** What an earlier life knew of an instant, where it did. */
  readonly remembered?: (instantMs: number) => Omit<MassEstimatorOptions, "noise"> | undefined;
  /** What an earlier life knew of the noise. */
  readonly evidence?: NoiseEvidence | undefined;
}

const firstGuess_k = 3; // standard deviation of the walls' temperature from the air's
const remodelled_k = 1; // that of the walls as one model has them from what another makes of them
/** Farther from the forecast is no weather but a broken sensor. */
const largestMiss_k = 15;
/** What another model would have to find the walls anew by. */
const trail_s = 72 * 3600;
/** A valve that is as far from where it was taken to be has moved. */
const moved = 0.01;

/**
 * Kalman filters kept along with the home (`createAdaptiveEstimator`). A step is cut where the heat changes, so that
 * each air temperature is held against the heat that made it; without a temperature the filter only predicts.
 * It begins with the air temperature, and begins anew after a gap that the foreseen weather does not cover; what it
 * knows of the noise it keeps.
 */
export function createLiveEstimate(options: LiveEstimateOptions): LiveEstimate {
  const { freshFor_ms, margin, log, remembered = () => undefined } = options;
  let { model } = options;
  const { dtSeconds } = model.step;
  const stepMs = dtSeconds * 1000;
  let trail: Lived[] = [];
  let estimator: AdaptiveEstimator | undefined;
  let evidence = options.evidence;
  let miss: OutdoorMiss | undefined;
  let atMs = Number.NEGATIVE_INFINITY;
  let ahead: Disturbances | undefined;
  let air: Timed[] = [];
  let outdoor: Timed[] = [];
  let wasDoubted = false;
  let sampledMs = Number.NEGATIVE_INFINITY;
  /** From when on which heat flowed, in order of time. */
  let heat: Timed[] = [{ timeMs: Number.NEGATIVE_INFINITY, value: 0 }];

  /** Where the heat changes within a time, to the second. */
  function cuts(fromMs: number, toMs: number): number[] {
    const changes = heat.map(({ timeMs }) => Math.round(timeMs / 1000) * 1000);
    const boundaries = [];
    for (let timeMs = fromMs + stepMs; timeMs < toMs; timeMs += stepMs) boundaries.push(timeMs);
    const within = [...changes, ...boundaries].filter((timeMs) => timeMs > fromMs && timeMs < toMs);
    return [...new Set([...within, toMs])].sort((a, b) => a - b);
  }

  function live(along: AdaptiveEstimator, weather: Disturbances, fromMs: number, toMs: number): void {
    let startMs = fromMs;
    for (const endMs of cuts(fromMs, toMs)) {
      const k = Math.floor((startMs - weather.startMs) / stepMs);
      const forces = {
        phi_HC_w: heat.findLast(({ timeMs }) => Math.round(timeMs / 1000) * 1000 <= startMs)!.value,
        theta_e_c: outdoorAt(startMs, endMs, weather.theta_e_c[k]) ?? weather.theta_e_c[k],
        phi_sol_w: weather.phi_sol_w[k],
        phi_int_w: weather.phi_int_w[k],
      };
      const { theta_m_c } = along.estimate;
      const lived = { theta_m_c, dtSeconds: (endMs - startMs) / 1000, forces };
      const theta_air_c = mean(between(air, startMs, endMs));
      along.live(model.stepOf(lived.dtSeconds), forces, theta_air_c);
      trail.push({ ...lived, theta_air_c });
      startMs = endMs;
    }
  }

  /** Of what is measured only what the weather foreseen leaves possible. */
  function outdoorAt(startMs: number, endMs: number, foreseen_c: number): number | undefined {
    const possible = outdoor.filter(({ value }) => Math.abs(value - foreseen_c) <= largestMiss_k);
    const last = possible.findLast(({ timeMs }) => timeMs <= endMs && timeMs > endMs - freshFor_ms);
    return mean(between(possible, startMs, endMs)) ?? last?.value;
  }

  /** Says so where what is measured outside is not used. */
  function tellDoubt(timeMs: number, theta_e_c: number): void {
    const foreseen_c = ahead?.theta_e_c[Math.ceil((timeMs - ahead.startMs) / stepMs) - 1];
    if (foreseen_c === undefined) return;
    const isDoubted = Math.abs(theta_e_c - foreseen_c) > largestMiss_k;
    if (isDoubted && !wasDoubted)
      log.warn(
        { theta_e_c, foreseen_c },
        `the outdoor temperature measured is more than ${largestMiss_k} K from the one foreseen and is not used`,
      );
    wasDoubted = isDoubted;
  }

  /** How the outdoor temperature of the step before an instant was foreseen, where somebody measured it. */
  function missBefore(instantMs: number): OutdoorMiss | undefined {
    if (!ahead) return undefined;
    const k = (instantMs - stepMs - ahead.startMs) / stepMs;
    const foreseen_c = ahead.theta_e_c[k];
    if (foreseen_c === undefined) return undefined;
    const measured_c = outdoorAt(instantMs - stepMs, instantMs, foreseen_c);
    if (measured_c === undefined) return undefined;
    return { measured_c, foreseen_c, next_c: ahead.theta_e_c[k + 1] };
  }

  /** Whether the weather of all the time between was foreseen. */
  function isCovered(weather: Disturbances, fromMs: number, toMs: number): boolean {
    const endMs = weather.startMs + weather.theta_e_c.length * stepMs;
    return weather.startMs <= fromMs && fromMs <= toMs && toMs <= endMs;
  }

  /** Drops what was lived long ago. */
  function shorten(): void {
    let kept_s = 0;
    let first = trail.length;
    while (first > 0 && kept_s < trail_s) kept_s += trail[--first].dtSeconds;
    trail = trail.slice(first);
  }

  /** The estimator as it would be had the present model been used along the trail: its noise is another too. */
  function relived(theta_m_c: number): AdaptiveEstimator {
    const anew = createAdaptiveEstimator({
      theta_m_c: trail[0]?.theta_m_c ?? theta_m_c,
      theta_m_sd_k: remodelled_k,
    });
    for (const lived of trail) anew.live(model.stepOf(lived.dtSeconds), lived.forces, lived.theta_air_c);
    return anew;
  }

  function begun(instantMs: number, theta_air_c: number | undefined): AdaptiveEstimator | undefined {
    const known = atMs === Number.NEGATIVE_INFINITY ? remembered(instantMs) : undefined;
    if (known) return createAdaptiveEstimator(known, evidence);
    if (theta_air_c === undefined) return undefined;
    return createAdaptiveEstimator({ theta_m_c: theta_air_c, theta_m_sd_k: firstGuess_k }, evidence);
  }

  function forget(beforeMs: number): void {
    air = air.filter(({ timeMs }) => timeMs > beforeMs);
    outdoor = outdoor.filter(({ timeMs }) => Math.abs(timeMs - beforeMs) < freshFor_ms);
    const held = heat.findLast(({ timeMs }) => timeMs <= beforeMs) ?? heat.at(-1)!;
    heat = [{ ...held, timeMs: Number.NEGATIVE_INFINITY }, ...heat.filter(({ timeMs }) => timeMs > beforeMs)];
  }

  /** The clock has jumped back: what was measured belongs to another time. */
  function forgetAll(): void {
    air = [];
    outdoor = [];
    heat = [{ timeMs: Number.NEGATIVE_INFINITY, value: heat.at(-1)!.value }];
    sampledMs = Number.NEGATIVE_INFINITY;
  }

  return {
    get now() {
      if (!estimator) return undefined;
      const { estimate, noise, evidence: known } = estimator;
      const outdoor = miss && { outdoorError_k: miss.measured_c - miss.foreseen_c };
      return { ...estimate, sensor_k: noise.sensor_k, ...outdoor, evidence: known };
    },
    sample(timeMs, { theta_air_c, phi_HC_w, theta_e_c }) {
      if (timeMs < sampledMs - freshFor_ms) forgetAll();
      if (theta_air_c !== undefined) air.push({ timeMs, value: theta_air_c });
      if (theta_e_c !== undefined) {
        outdoor.push({ timeMs, value: theta_e_c });
        tellDoubt(timeMs, theta_e_c);
      }
      const last = heat.at(-1)!;
      if (phi_HC_w !== undefined && Math.abs(phi_HC_w - last.value) > moved * model.maxPower_w) {
        if (last.timeMs >= sampledMs) last.value = phi_HC_w;
        else heat.push({ timeMs: sampledMs, value: phi_HC_w });
      }
      sampledMs = timeMs;
    },
    order(timeMs, phi_HC_w) {
      heat = [...heat.filter((before) => before.timeMs < timeMs), { timeMs, value: phi_HC_w }];
    },
    advance(instantMs, theta_air_c) {
      miss = missBefore(instantMs);
      if (estimator && ahead && isCovered(ahead, atMs, instantMs)) live(estimator, ahead, atMs, instantMs);
      else {
        evidence = estimator?.evidence ?? evidence;
        estimator = begun(instantMs, theta_air_c);
        trail = [];
      }
      atMs = instantMs;
      shorten();
      forget(instantMs);
    },
    foresee(disturbances) {
      ahead = disturbances;
    },
    gainsAhead_w: (phi_int_w) => estimator?.gainsAhead_w(phi_int_w, dtSeconds) ?? phi_int_w,
    corrected(forecast) {
      if (!estimator) return forecast;
      return informedForecast(forecast, { estimator, model: model.step, margin, outdoor: miss });
    },
    changeModel(next) {
      const translated = gainsTranslation(model, next);
      const power = next.maxPower_w / model.maxPower_w;
      heat = heat.map(({ timeMs, value }) => ({ timeMs, value: value * power }));
      trail = trail.map(({ forces, ...lived }) => ({
        ...lived,
        forces: { ...forces, ...translated(forces), phi_HC_w: forces.phi_HC_w * power },
      }));
      model = next;
      if (estimator) estimator = relived(estimator.estimate.theta_m_c);
    },
  };
}

/** A time without change, as it was lived through. */
interface Lived {
  /** At its beginning, as it was estimated. */
  readonly theta_m_c: number;
  readonly dtSeconds: number;
  readonly forces: StepForces;
  readonly theta_air_c: number | undefined;
}

interface Timed {
  readonly timeMs: number;
  value: number;
}

/** What was measured after `startMs` and no later than `endMs`. */
function between(values: readonly Timed[], startMs: number, endMs: number): readonly Timed[] {
  return values.filter(({ timeMs }) => timeMs > startMs && timeMs <= endMs);
}

function mean(values: readonly Timed[]): number | undefined {
  if (values.length === 0) return undefined;
  return values.reduce((sum, { value }) => sum + value, 0) / values.length;
}
