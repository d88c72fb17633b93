/** What nobody measures of a house, from what is measured: the state that a controller plans from. */
import type { AffineStep } from "@azru/physics";
import {
  correct,
  type FilterNoise,
  type FilterState,
  type Innovation,
  innovate,
  predict,
  type StepForces,
} from "./kalman.ts";

/**
 * A sensor of 0.2 K, a model that is right to 0.05 K an hour, and unknown gains of 200 W that last three days:
 * long enough to stand for losses that the model has wrong.
 */
export const homeNoise: FilterNoise = { sensor_k: 0.2, mass_k_sqrth: 0.05, gains_w: 200, gainsLast_h: 72 };

export interface MassEstimatorOptions {
  /** Taken for the mass temperature before the first measurement, degrees C: best the air's. */
  readonly theta_m_c: number;
  /** How far off that may be, standard deviation; 3 K by default. */
  readonly theta_m_sd_k?: number;
  /** Heat that the model does not know, as an earlier estimate had it, W; 0 by default. */
  readonly phi_u_w?: number;
  /** How far off that may be, standard deviation; the noise's gains by default. */
  readonly phi_u_sd_w?: number;
  readonly noise?: FilterNoise;
}

export interface MassEstimate {
  readonly theta_m_c: number;
  readonly theta_m_sd_k: number;
  /** Heat that the model does not know, W: what people and appliances give beyond the file's, or losses. */
  readonly phi_u_w: number;
  readonly phi_u_sd_w: number;
}

export interface MassEstimator {
  /**
   * Goes through a step: corrects the estimate by the air temperature measured, then goes on to the step's end.
   *
   * @param model of the step's own length; another length, or a better model, may come at any step
   * @param forces means over the step
   * @param theta_air_c measured, mean over the step; absent or NaN where it was not
   * @param within_k what it is known within; where the expected lies within, nothing is corrected
   * @throws RangeError naming a force that is not finite, or an air temperature that is infinite
   */
  advance(model: AffineStep, forces: StepForces, theta_air_c?: number, within_k?: number): void;
  /** At the end of the last step. */
  readonly estimate: MassEstimate;
  /**
   * Internal gains to plan with: those that the building file knows, and those that the estimate does, fading.
   *
   * @param phi_int_w one value a step of `dtSeconds` from now on
   * @returns as many values
   */
  gainsAhead_w(phi_int_w: Float64Array, dtSeconds: number): Float64Array;
  /** Measurements left out as outliers so far. */
  readonly outliers: number;
  readonly state: Readonly<FilterState>;
}

const gate = 5; // standard deviations beyond which a measurement is an outlier
const massShare = 0.1; // of a sudden change of the air that may have reached the mass before it was accepted

/**
 * A Kalman filter that starts at a guess. A measurement farther than five standard deviations from what was
 * expected is left out, unless the one before was as far off: then something has changed that the filter does not
 * know (a window is open, a stove burns), and the unknown gains are freed to explain it.
 *
 * @throws RangeError naming an option that is not finite or not positive
 */
export function createMassEstimator(options: MassEstimatorOptions): MassEstimator {
  const { theta_m_c, theta_m_sd_k = 3, phi_u_w = 0, noise = homeNoise } = options;
  const { phi_u_sd_w = noise.gains_w } = options;
  for (const [name, value] of Object.entries({ theta_m_c, phi_u_w })) {
    if (!Number.isFinite(value)) throw new RangeError(`${name} must be finite, got ${value}`);
  }
  for (const [name, value] of Object.entries({ theta_m_sd_k, phi_u_sd_w, ...noise })) {
    const least = name === "sensor_k" || name === "gainsLast_h" ? Number.MIN_VALUE : 0;
    if (!(value >= least && value < Number.POSITIVE_INFINITY))
      throw new RangeError(`${name} must be ${least > 0 ? "> 0" : ">= 0"}, got ${value}`);
  }
  const state: FilterState = {
    theta_m_c,
    phi_u_w,
    mm_k2: theta_m_sd_k ** 2,
    mu_kw: 0,
    uu_w2: phi_u_sd_w ** 2,
  };
  const innovation: Innovation = { value_k: 0, variance_k2: 0 };
  let outliers = 0;
  let suspected_k = Number.NaN; // the innovation of an outlier just before

  function measure(model: AffineStep, forces: StepForces, theta_air_c: number, within_k: number): void {
    const compare = () => innovate(state, model, forces, theta_air_c, noise, innovation, within_k);
    compare();
    if (within_k > 0 && innovation.value_k === 0) return;
    const limit_k = gate * Math.sqrt(innovation.variance_k2);
    if (Math.abs(innovation.value_k) <= limit_k) {
      suspected_k = Number.NaN;
    } else if (Math.abs(innovation.value_k - suspected_k) <= limit_k) {
      suspected_k = Number.NaN;
      state.uu_w2 += (innovation.value_k / model.di) ** 2;
      state.mm_k2 += (massShare * innovation.value_k) ** 2;
      compare();
    } else {
      suspected_k = innovation.value_k;
      outliers++;
      return;
    }
    correct(state, model, innovation);
  }

  return {
    advance(model, forces, measured_c = Number.NaN, within_k = 0) {
      checkForces(forces);
      if (Number.isFinite(measured_c)) measure(model, forces, measured_c, within_k);
      else if (!Number.isNaN(measured_c))
        throw new RangeError(`theta_air_c must be finite or absent, got ${measured_c}`);
      predict(state, model, forces, noise);
    },
    get estimate() {
      return {
        theta_m_c: state.theta_m_c,
        theta_m_sd_k: Math.sqrt(state.mm_k2),
        phi_u_w: state.phi_u_w,
        phi_u_sd_w: Math.sqrt(state.uu_w2),
      };
    },
    gainsAhead_w(phi_int_w, dtSeconds) {
      const f = Math.exp(-dtSeconds / 3600 / noise.gainsLast_h);
      return phi_int_w.map((known_w, k) => known_w + state.phi_u_w * f ** k);
    },
    get outliers() {
      return outliers;
    },
    state,
  };
}

function checkForces(forces: StepForces): void {
  const { phi_HC_w, theta_e_c, phi_sol_w, phi_int_w } = forces;
  if (Number.isFinite(phi_HC_w + theta_e_c + phi_sol_w + phi_int_w)) return;
  for (const [name, value] of Object.entries(forces)) {
    if (!Number.isFinite(value)) throw new RangeError(`${name} must be finite, got ${value}`);
  }
}
