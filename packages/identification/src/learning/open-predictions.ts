/**
 * Predictions that were made in a home and go on without its measurements, on the heat that came and the weather that
 * was forecast: how far they miss is what a plan has to reckon with, and what the model is worth.
 */
import { nextState, outputOf } from "@azru/house";
import type { AppliedHouse, PastStep } from "./applied-house.ts";
import { createDayRecord, type DayErrors, type DayRecord } from "./day-record.ts";
import { createErrorRecord, type ErrorRecord, type ErrorRecordState } from "./error-record.ts";
import type { HabitFilterState } from "./habit-filter.ts";

/** The forecast from a step on, one value a step; sun through the windows of the building file. */
export interface WeatherAhead {
  readonly theta_e_c: ArrayLike<number>;
  readonly phi_sol_w: ArrayLike<number>;
}

const furthest_h = 48;
const origins_h = 1; // between the predictions that are followed

interface Prediction {
  readonly weather: WeatherAhead | undefined;
  readonly yesterday_c: number; // mean of the day before it; NaN where it is not known
  readonly gains_w: Float64Array; // known when it was made
  x_c: ArrayLike<number>;
  g_w: number;
  lead: number; // steps since it was made
  /** Sums over its first day. */
  model_k2: number;
  yesterday_k2: number;
  measured: number;
}

export class OpenPredictions {
  /** Steps that a prediction runs for. */
  readonly furthest: number;
  readonly #originsEvery: number; // steps
  readonly #day: number; // steps
  #open: Prediction[] = [];
  #sinceOrigin = 0;
  #record: ErrorRecord;
  #days: DayRecord;

  constructor(dtSeconds: number, record?: ErrorRecordState, days?: DayErrors) {
    const perHour = 3600 / dtSeconds;
    this.furthest = Math.round(furthest_h * perHour);
    this.#originsEvery = Math.max(1, Math.round(origins_h * perHour));
    this.#day = Math.round(24 * perHour);
    this.#record = this.#recordFrom(record);
    this.#days = createDayRecord(days);
  }

  /** Errors by lead, beside what the model expects of them. */
  get record(): ErrorRecord {
    return this.#record;
  }

  get days(): DayErrors {
    return this.#days.errors;
  }

  /** Follows no prediction further: what was predicted cannot be held against what comes. */
  drop(): void {
    this.#open = [];
  }

  /** Takes what held-out days have shown of another house, where it is given. */
  change(record: ErrorRecordState | undefined, days: DayErrors | undefined): void {
    this.drop();
    if (record) this.#record = this.#recordFrom(record);
    if (days) this.#days = createDayRecord(days);
  }

  /** Makes a prediction that begins with the coming step, where one is due. */
  begin(
    { x_c, gains_w }: HabitFilterState,
    steps: readonly PastStep[],
    weather: WeatherAhead | undefined,
  ): void {
    if (this.#sinceOrigin++ % this.#originsEvery !== 0) return;
    const lately = steps.slice(-this.#day).map(({ measured_c = Number.NaN }) => measured_c);
    const measured = lately.filter((theta) => !Number.isNaN(theta));
    const yesterday_c =
      measured.length >= this.#day / 2
        ? measured.reduce((sum, theta) => sum + theta, 0) / measured.length
        : Number.NaN;
    const none = { lead: 0, model_k2: 0, yesterday_k2: 0, measured: 0 };
    this.#open.push({ weather, yesterday_c, x_c, gains_w, g_w: gains_w[0], ...none });
  }

  /** Lets the predictions made earlier go on for a step, and notes by how much they miss. */
  follow(step: PastStep, applied: AppliedHouse): void {
    const { fading } = applied;
    for (const prediction of this.#open) {
      this.#advance(prediction, step, applied);
      prediction.g_w *= fading;
      prediction.lead++;
      if (prediction.lead === this.#day) this.#judge(prediction);
    }
    this.#open = this.#open.filter(({ lead }) => lead < this.furthest);
  }

  #recordFrom(start?: ErrorRecordState): ErrorRecord {
    return createErrorRecord(this.furthest, this.#day / this.#originsEvery, start);
  }

  #advance(prediction: Prediction, step: PastStep, applied: AppliedHouse): void {
    const { phi_HC_w } = step;
    const { model } = applied;
    const measured_c = step.isHeld ? Number.NaN : (step.measured_c ?? Number.NaN);
    const { weather, lead } = prediction;
    const isForecast = weather !== undefined && lead < weather.theta_e_c.length;
    const forces = {
      ...applied.disturbancesIn(
        isForecast
          ? { ...step, theta_e_c: weather.theta_e_c[lead], phi_sol_w: weather.phi_sol_w[lead] }
          : step,
      ),
      phi_int_w: applied.usualGains_w(prediction, step.startMs) + prediction.g_w,
    };
    const error_k = measured_c - outputOf(model, prediction.x_c, phi_HC_w, forces);
    prediction.x_c = nextState(model, prediction.x_c, phi_HC_w, forces);
    if (Number.isNaN(error_k)) return;
    this.#record.add(lead, error_k);
    if (lead >= this.#day) return;
    prediction.model_k2 += error_k ** 2;
    prediction.yesterday_k2 += (measured_c - prediction.yesterday_c) ** 2;
    prediction.measured++;
  }

  #judge({ measured, model_k2, yesterday_k2 }: Prediction): void {
    if (measured >= this.#day / 2 && !Number.isNaN(yesterday_k2))
      this.#days.add(model_k2 / measured, yesterday_k2 / measured);
  }
}
