/** The estimate of a home of several states: its temperatures, how well it is predicted, and whether plans may be made with it. */
import type { Forecast } from "@azru/control";
import { storeTemperature_c } from "@azru/house";
import type { HouseFilterMemory } from "@azru/identification";
import { homeHour, type Logger } from "@azru/runtime";
import {
  createHouseKnowledge,
  type Disturbances,
  type HouseKnowledge,
  isDayOff,
  type KnownHouse,
  type Standing,
  standingOf,
} from "@azru/simulation";
import type { HomeEstimate, HomeEstimator, Truth } from "./home-estimate.ts";
import type { HouseModel } from "./house-model.ts";
import { type Sample, Samples } from "./samples.ts";
import { shifted } from "./shifted.ts";

export interface StatesEstimatorOptions {
  readonly model: HouseModel & { readonly known: KnownHouse };
  /** For how long a measured outdoor temperature counts for more than the one foreseen. */
  readonly freshFor_ms: number;
  /** Of an earlier run. */
  readonly memory?: HouseFilterMemory | undefined;
  readonly log: Pick<Logger, "info" | "warn">;
}

/**
 * A Kalman filter of the house kept along with the home (`createHouseKnowledge`): each step by the means of what was
 * measured in it and the heat that flowed; without a temperature it only predicts. Time that the foreseen weather does
 * not cover is left out.
 */
export class StatesEstimator implements HomeEstimator {
  readonly #options: StatesEstimatorOptions;
  readonly #samples: Samples;
  readonly #knowledge: HouseKnowledge;
  #model: HouseModel;
  #foreseen: Disturbances | undefined;
  #atMs = Number.NEGATIVE_INFINITY;
  #standing: Standing;

  constructor(options: StatesEstimatorOptions) {
    const { model, memory, freshFor_ms } = options;
    this.#options = options;
    this.#model = model;
    this.#samples = new Samples(freshFor_ms);
    this.#knowledge = createHouseKnowledge(model.known, {
      dtSeconds: model.step.dtSeconds,
      hourOfDay: homeHour,
      isDayOff,
      ...(memory && { memory }),
    });
    this.#standing = standingOf(this.#knowledge.filter.days, false);
  }

  get now(): HomeEstimate | undefined {
    const { filter, known } = this.#knowledge;
    const { memory } = filter;
    if (!memory) return undefined;
    const { x_c, g_w, P } = memory.state;
    const weights = this.#model.storeWeights;
    const n = x_c.length;
    let variance_k2 = 0;
    for (const [i, wi] of weights.entries())
      for (const [j, wj] of weights.entries()) variance_k2 += wi * wj * P[i * (n + 1) + j];
    return {
      theta_m_c: storeTemperature_c({ weights }, x_c),
      theta_m_sd_k: Math.sqrt(Math.max(0, variance_k2)),
      theta_op_c: known.house.physics.nodes.reduce((sum, node, i) => sum + node.operative * x_c[i], 0),
      phi_u_w: g_w,
      phi_u_sd_w: Math.sqrt(P[P.length - 1]),
      sensor_k: known.noise.sensor_k,
      evidence: {},
      x_c,
    };
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** What is kept over a restart; undefined before the first temperature. */
  get memory(): HouseFilterMemory | undefined {
    return this.#knowledge.filter.memory;
  }

  sample(timeMs: number, sample: Sample): void {
    this.#samples.add(timeMs, sample, this.#model.maxPower_w);
  }

  order(timeMs: number, phi_HC_w: number): void {
    this.#samples.order(timeMs, phi_HC_w);
  }

  advance(instantMs: number, theta_air_c: number | undefined): void {
    const foreseen = this.#foreseen;
    const step_ms = this.#step_ms;
    if (foreseen && this.#atMs >= foreseen.startMs && this.#atMs <= instantMs) {
      const endMs = Math.min(instantMs, foreseen.startMs + foreseen.theta_e_c.length * step_ms);
      for (let startMs = this.#atMs; startMs + step_ms <= endMs; startMs += step_ms)
        this.#step(foreseen, startMs);
    }
    // The first temperature may come in the middle of a step that is foreseen already.
    if (theta_air_c !== undefined) this.#start(instantMs, theta_air_c);
    this.#atMs = instantMs;
    this.#samples.forgetBefore(instantMs);
    const { reason, isTrusted } = this.#standing;
    this.#standing = standingOf(this.#knowledge.filter.days, isTrusted);
    if (this.#standing.isTrusted !== isTrusted) {
      this.#options.log.info({ before: reason }, this.#standing.reason);
    }
  }

  foresee(disturbances: Disturbances): void {
    this.#foreseen = disturbances;
  }

  gainsAhead_w(phi_int_w: Float64Array): Float64Array {
    return this.now ? this.#knowledge.filter.gainsAhead_w(this.#atMs, phi_int_w.length) : phi_int_w;
  }

  corrected(forecast: Forecast): Forecast {
    return this.#knowledge.foresee(this.#atMs, forecast) ?? forecast;
  }

  changeModel(next: HouseModel): void {
    if (!next.known) throw new RangeError("a house of several states cannot become one of one state");
    this.#samples.scaleHeat(next.maxPower_w / this.#model.maxPower_w);
    this.#model = next;
    this.#knowledge.change(next.known, this.#standing.isTrusted);
    this.#standing = standingOf(this.#knowledge.filter.days, this.#standing.isTrusted);
  }

  shiftTime(shift_ms: number): void {
    this.#samples.shiftTime(shift_ms);
    this.#atMs += shift_ms;
    this.#foreseen = this.#foreseen && shifted(this.#foreseen, shift_ms);
  }

  reconsider(age_ms: number, truth: Truth): void {
    const measured = "theta_air_c" in truth ? { measured_c: Number.NaN } : truth;
    this.#knowledge.filter.reconsider(this.#atMs - age_ms, measured);
  }

  get #step_ms(): number {
    return this.#model.step.dtSeconds * 1000;
  }

  /** One step by what was measured in it; its outdoor temperature is the forecast's where nobody measured it. */
  #step({ startMs: fromMs, theta_e_c, phi_sol_w }: Disturbances, startMs: number): void {
    const k = Math.round((startMs - fromMs) / this.#step_ms);
    const endMs = startMs + this.#step_ms;
    const measured_c = this.#samples.outdoor_c(startMs, endMs, theta_e_c[k]);
    const air = this.#samples.air(startMs, endMs);
    const phi_HC_w = this.#samples.meanHeat_w(startMs, endMs, this.#step_ms);
    if (this.#knowledge.startMs === startMs) {
      this.#knowledge.advance({
        phi_HC_w,
        ...air,
        ...(measured_c !== undefined && { theta_e_c: measured_c }),
      });
      return;
    }
    const outdoor = { theta_e_c: measured_c ?? theta_e_c[k], phi_sol_w: phi_sol_w[k] };
    this.#knowledge.filter.advance({
      startMs,
      phi_HC_w,
      ...outdoor,
      ...(air && { measured_c: air.theta_air_c, within_k: air.within_k, isHeld: air.isHeld }),
    });
  }

  /** All of the house as warm as the air, where nothing is known of it yet. */
  #start(instantMs: number, theta_air_c: number): void {
    if (this.now) return;
    const still = { phi_HC_w: 0, theta_e_c: theta_air_c, phi_sol_w: 0 };
    this.#knowledge.filter.advance({ startMs: instantMs - this.#step_ms, ...still, measured_c: theta_air_c });
  }
}
