/** A house as its filter applies it: the model of one step, the noise, and the gains and disturbances of a time. */
import {
  gainsAt_w,
  type House,
  type HouseOutput,
  modelOf,
  type StateSpace,
  type StepDisturbances,
} from "@azru/house";
import type { HouseNoise } from "./filter-step.ts";
import { type HabitFilterState, type HabitTime, habitAt_w } from "./habit-filter.ts";

/** What happened in a step; means over it. */
export interface PastStep {
  readonly startMs: number; // Unix time
  readonly phi_HC_w: number; // heat of the heater
  readonly theta_e_c: number; // outdoor air
  readonly phi_sol_w: number; // sun through the windows of the building file
  /** The temperature that the filter is of, measured; absent or NaN where it was not. */
  readonly measured_c?: number;
  /** What that is known within, K; 0, the default, for a fine sensor. */
  readonly within_k?: number | undefined;
  /** Whether it is the last reading of a sensor that is silent while little changes: no prediction is judged by it. */
  readonly isHeld?: boolean | undefined;
}

export interface StepOptions {
  readonly dtSeconds: number;
  /** What is measured: the air's mean over a step (the default), at its end, or the operative temperature's mean. */
  readonly output?: HouseOutput;
  /** Hour of the day, 0 to 24, of a Unix time in ms. */
  readonly hourOfDay: (timeMs: number) => number;
  /** Whether the day of a Unix time in ms, by the same clock, is off; Saturday and Sunday are where this is absent. */
  readonly isDayOff?: (timeMs: number) => boolean;
}

export class AppliedHouse {
  readonly house: House;
  readonly noise: HouseNoise;
  readonly model: StateSpace;
  readonly #options: StepOptions;

  /** @throws RangeError as `discretise` does */
  constructor(house: House, noise: HouseNoise, options: StepOptions) {
    this.house = house;
    this.noise = noise;
    this.model = modelOf(house, options.dtSeconds, options.output);
    this.#options = options;
  }

  /** Share of the unknown gain that lasts for a step. */
  get fading(): number {
    return Math.exp(-this.#options.dtSeconds / 3600 / this.noise.gainsLast_h);
  }

  /** The middle of a step in people's week. */
  timeIn(startMs: number): HabitTime {
    const { isDayOff, dtSeconds } = this.#options;
    const middleMs = startMs + 500 * dtSeconds;
    const hour = this.#hourIn(startMs);
    return { hour, isDayOff: isDayOff ? isDayOff(middleMs) : isWeekend(middleMs, hour) };
  }

  /** Gains of people and ground that are usual in a step, W; those of the house alone where no habits are known. */
  usualGains_w(known: Pick<HabitFilterState, "gains_w"> | undefined, startMs: number): number {
    const time = this.timeIn(startMs);
    return gainsAt_w(this.house, time.hour) + (known ? habitAt_w(known, time) : 0);
  }

  /** Disturbances of a step, of the gains those of the house itself. */
  disturbancesIn({ startMs, theta_e_c, phi_sol_w }: PastStep): StepDisturbances {
    const { aperture } = this.house;
    return {
      theta_e_c,
      phi_sol_w: phi_sol_w * aperture,
      phi_int_w: gainsAt_w(this.house, this.#hourIn(startMs)),
    };
  }

  #hourIn(startMs: number): number {
    const { hourOfDay, dtSeconds } = this.#options;
    return hourOfDay(startMs + 500 * dtSeconds);
  }
}

function isWeekend(timeMs: number, hour: number): boolean {
  const noon = new Date(timeMs + (12 - hour) * 3_600_000); // of the home's day
  return noon.getUTCDay() % 6 === 0;
}
