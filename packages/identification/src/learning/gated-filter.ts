/** The filter of a home, which leaves out single outliers and frees the unknown gain when they repeat. */
import type { AppliedHouse, PastStep } from "./applied-house.ts";
import {
  type HabitFilterState,
  type HabitsState,
  habitStep,
  houseStateOf,
  initialHabits,
  withHabits,
} from "./habit-filter.ts";

const gate = 5; // standard deviations beyond which a measurement is an outlier, unless the next one is as well
const remembers_h = 24; // of measurements that were beyond what the model expects of its errors, and yet the room's
const freedShare = 0.05; // of the gain that would explain a jump within one step; most jumps are of the air alone

export class GatedFilter {
  state: HabitFilterState | undefined;
  #suspected_k = Number.NaN; // the innovation of an outlier just before
  /**
   * What such measurements come to in the mean square of the last day's innovations, K2: where they repeat, the model
   * errs by more than it expects to.
   */
  #beyond_k2 = 0;

  constructor(state: HabitFilterState | undefined) {
    this.state = state;
  }

  /** Corrects by what was measured, then predicts. */
  advance(step: PastStep, applied: AppliedHouse): void {
    const { measured_c = Number.NaN, within_k, phi_HC_w } = step;
    const { model, noise } = applied;
    if (!this.state && Number.isNaN(measured_c)) return;
    this.state ??= initialHabits(model, measured_c, noise);
    const unmeasured = {
      phi_HC_w,
      disturbances: applied.disturbancesIn(step),
      time: applied.timeIn(step.startMs),
    };
    const corrected = (from: HabitFilterState) =>
      habitStep(from, model, noise, { ...unmeasured, measured_c, within_k });
    const next = corrected(this.state);
    const { value_k, variance_k2 } = next.innovation;
    const expected_k = gate * Math.sqrt(variance_k2);
    const limit_k = Math.max(expected_k, gate * Math.sqrt(this.#beyond_k2));
    this.#beyond_k2 *= 1 - model.dtSeconds / 3600 / remembers_h;
    if (!(Math.abs(value_k) > limit_k)) {
      this.#suspected_k = Number.NaN;
      if (Math.abs(value_k) > expected_k) this.#noteBeyond(value_k, model.dtSeconds);
      this.state = next.state;
    } else if (isAsFar(value_k, this.#suspected_k, limit_k)) {
      this.#noteBeyond(this.#suspected_k, model.dtSeconds);
      this.#noteBeyond(value_k, model.dtSeconds);
      this.#suspected_k = Number.NaN;
      this.state = corrected(freed(this.state, value_k, model.F[2])).state;
    } else {
      this.#suspected_k = value_k;
      this.state = habitStep(this.state, model, noise, unmeasured).state;
    }
  }

  /**
   * Finds the temperatures of the house anew from the last days, of which the habits are known already.
   *
   * @param air_c where nothing was measured in them; as before where it is NaN
   */
  restart(
    steps: readonly PastStep[],
    applied: AppliedHouse,
    known: HabitsState | undefined,
    air_c = Number.NaN,
  ): void {
    const { model, noise } = applied;
    const isMeasured = ({ measured_c = Number.NaN }: PastStep) => !Number.isNaN(measured_c);
    const known_c = Number.isNaN(air_c) ? this.state?.x_c[0] : air_c;
    const first_c = steps.find(isMeasured)?.measured_c ?? known_c;
    if (first_c === undefined) return;
    this.state = initialHabits(model, first_c, noise, known);
    this.#suspected_k = Number.NaN;
    this.#beyond_k2 = 0;
    for (const step of steps) this.advance(step, applied);
    this.state = withHabits(houseStateOf(this.state), noise, known);
  }

  #noteBeyond(innovation_k: number, dtSeconds: number): void {
    this.#beyond_k2 += (dtSeconds / 3600 / remembers_h) * innovation_k ** 2;
  }
}

/** Whether a measurement is off to the same side as the outlier before it, and as far or farther: a room that falls. */
function isAsFar(off_k: number, before_k: number, within_k: number): boolean {
  return off_k * before_k > 0 && Math.abs(off_k) >= Math.abs(before_k) - within_k;
}

/**
 * A state that may be as far off as what was measured twice: something has changed that the filter does not know.
 *
 * @param perGain_k_w what a watt of internal gains lifts the output by within a step
 */
function freed({ P, ...rest }: HabitFilterState, off_k: number, perGain_k_w: number): HabitFilterState {
  const wider = P.slice();
  const size = Math.sqrt(P.length);
  wider[0] += off_k ** 2;
  wider[rest.x_c.length * (size + 1)] += (off_k / perGain_k_w) ** 2 * freedShare;
  return { ...rest, P: wider };
}
