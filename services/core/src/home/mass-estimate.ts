/** What the controller takes the temperature of the walls to be. */
import { observeMassTemperature_c } from "@azru/control";
import { type AffineStep, nextMassTemperature_c } from "@azru/physics";
import type { Disturbances } from "@azru/simulation";

/** What is known of one moment of a step. */
interface Sample {
  readonly theta_air_c: number;
  readonly phi_HC_w: number;
}

export interface MassEstimate {
  /** The estimate at the last instant, degrees C; undefined before the first measurement. */
  readonly theta_m_c: number | undefined;
  /** Takes a measurement of the air and the heat that flows at that time. */
  sample(timeMs: number, sample: Sample): void;
  /**
   * Goes on to an instant, a multiple of the step: by what is measured there, else by what happened since the
   * last one.
   *
   * @param phi_HC_w heat of the steps that nobody measured
   */
  advance(instantMs: number, measured: Measured, phi_HC_w: number): void;
  /** Tells what the steps from here on are expected to bring; the next `advance` goes by it. */
  foresee(disturbances: Disturbances): void;
}

interface Measured {
  readonly theta_air_c?: number | undefined;
  readonly theta_m_c?: number | undefined;
}

/**
 * An estimate that is the measurement where a sensor (the twin's) tells the mass temperature, and else that of
 * an observer: the model goes on with the foreseen weather and the known heat, corrected by the mean of the
 * air temperatures measured in each step (`observeMassTemperature_c`). It begins with the air temperature, and
 * begins anew after a gap that the foreseen weather does not cover.
 *
 * @param remembered what an earlier life expected of the first instant, where it did
 */
export function createMassEstimate(
  model: AffineStep,
  remembered: (instantMs: number) => number | undefined = () => undefined,
): MassEstimate {
  const stepMs = model.dtSeconds * 1000;
  let estimate: { theta_m_c: number; atMs: number } | undefined;
  let ahead: Disturbances | undefined;
  let sums = new Map<number, { air_c: number; heat_w: number; count: number }>();

  /** The estimate after the steps from `fromMs` to `toMs`, or undefined where they were not foreseen. */
  function observed(theta_m_c: number, fromMs: number, toMs: number, phi_HC_w: number): number | undefined {
    if (!ahead || fromMs < ahead.startMs || toMs < fromMs) return undefined;
    let theta = theta_m_c;
    for (let stepStartMs = fromMs; stepStartMs < toMs; stepStartMs += stepMs) {
      const k = (stepStartMs - ahead.startMs) / stepMs;
      if (!(k < ahead.theta_e_c.length)) return undefined;
      const acting = {
        theta_e_c: ahead.theta_e_c[k],
        phi_sol_w: ahead.phi_sol_w[k],
        phi_int_w: ahead.phi_int_w[k],
      };
      const sum = sums.get(stepStartMs);
      theta = sum
        ? observeMassTemperature_c(model, theta, {
            ...acting,
            theta_air_c: sum.air_c / sum.count,
            phi_HC_w: sum.heat_w / sum.count,
          })
        : nextMassTemperature_c(model, theta, phi_HC_w, acting.theta_e_c, acting.phi_sol_w, acting.phi_int_w);
    }
    return theta;
  }

  return {
    get theta_m_c() {
      return estimate?.theta_m_c;
    },
    sample(timeMs, { theta_air_c, phi_HC_w }) {
      const stepStartMs = Math.floor(timeMs / stepMs) * stepMs;
      const sum = sums.get(stepStartMs) ?? { air_c: 0, heat_w: 0, count: 0 };
      sum.air_c += theta_air_c;
      sum.heat_w += phi_HC_w;
      sum.count++;
      sums.set(stepStartMs, sum);
    },
    advance(instantMs, measured, phi_HC_w) {
      const theta_m_c =
        measured.theta_m_c ??
        (estimate
          ? observed(estimate.theta_m_c, estimate.atMs, instantMs, phi_HC_w)
          : remembered(instantMs)) ??
        measured.theta_air_c;
      estimate = theta_m_c === undefined ? undefined : { theta_m_c, atMs: instantMs };
      sums = new Map([...sums].filter(([stepStartMs]) => stepStartMs >= instantMs));
    },
    foresee(disturbances) {
      ahead = disturbances;
    },
  };
}
