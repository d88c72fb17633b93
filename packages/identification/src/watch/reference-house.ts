/**
 * The house by its model alone, over weeks: what its thermometer says is held against it.
 *
 * A filter follows a thermometer that drifts, and explains it by heat that nobody knows. The reference does not: after
 * its first days it goes by the heat ordered, the weather, and the unknown heat that is usual in the home, which one
 * day cannot change much. How far thermometer and reference are apart in a sound home, it finds out from the home's
 * own days.
 */
import { nextState, outputOf, type StateSpace } from "@azru/house";
import type { WatchedStep } from "./follower.ts";
import { loss_w, type WatchedPhysics } from "./tolerated-heat.ts";

/** All that outlives a restart. Plain data. */
export interface ReferenceMemory {
  readonly x_c: readonly number[];
  /** Unknown heat that is usual, as a share of the losses. */
  readonly share: number;
  readonly days: number;
  /** Measured less expected: mean over half a day, and mean square over weeks. */
  readonly departure_k: number;
  readonly square_k2: number;
  /** For how long it has been beyond what the home shows. */
  readonly apart_s: number;
  /** How the air moves, measured and expected: means over most of a day, and what is usual. */
  readonly movement: { readonly product_k2: number; readonly square_k2: number; readonly usual: number };
}

export interface ReferenceHouse {
  /** Goes through a step. @param followed the house at its end, as a filter has it, and its unknown heat */
  live(step: WatchedStep, followed: { readonly x_c: ArrayLike<number>; readonly g_w: number }): void;
  /**
   * Measured less expected, mean over half a day, K: negative where heat was ordered and is not felt. 0 in the first
   * days.
   */
  readonly departure_k: number;
  /** Whether that is more than the home shows, so that it bounds the heat; for long: then something is wrong. */
  readonly isApart: boolean;
  readonly isWrong: boolean;
  /** How long it has been apart, s. */
  readonly apart_s: number;
  /** Whether the air moves by much less than the heat ordered should move it. */
  readonly isHeaterWeak: boolean;
  readonly house: { readonly x_c: ArrayLike<number>; readonly unknown_w: number };
  readonly expected_c: number;
  /** The house is anew where the filter has it: what was ordered meanwhile was not what flowed. */
  restart(): void;
  readonly memory: ReferenceMemory;
}

/** The filter is followed for so long, then the model alone. */
const firstDays = 5;
/** The departure is a mean over so long. */
const smooth_h = 12;
/** What is usual is learnt over so long. */
const learning_days = 30;
/** A sound home's scatter is no smaller than a rough model's. */
const leastSpread_k = 1;
/** Beyond so much, and so many of the home's own standard deviations, the heat is bounded by the model ... */
const bounded = { k: 3.5, spreads: 3 };
/** ... and something is wrong, once it has lasted. */
const wrong = { k: 5, spreads: 4, after_h: 6 };
const moving = { lag_h: 2, over_h: 18, learning_days: 15, weak: 0.75, least_k: 0.15 };

interface Air {
  readonly measured_c: number; // NaN where it was not
  readonly expected_c: number;
}

/** How the air moves within hours, measured beside expected. */
function createMovement(hours_step: number, memory?: ReferenceMemory["movement"]) {
  const lag = Math.max(1, Math.round(moving.lag_h / hours_step));
  const lately: Air[] = [];
  let moved = memory ?? { product_k2: 0, square_k2: 0, usual: 1 };

  return {
    /** @param isUsual whether what is usual may be learnt of it */
    note(air: Air, days: number, isUsual: boolean): void {
      lately.push(air);
      if (lately.length <= lag) return;
      const before = lately.shift()!;
      const measured_k = air.measured_c - before.measured_c;
      const byModel_k = air.expected_c - before.expected_c;
      if (Number.isNaN(measured_k + byModel_k)) return;
      const kept = Math.exp(-hours_step / moving.over_h);
      const product_k2 = kept * moved.product_k2 + (1 - kept) * measured_k * byModel_k;
      const square_k2 = kept * moved.square_k2 + (1 - kept) * byModel_k ** 2;
      const now = square_k2 > moving.least_k ** 2 ? product_k2 / square_k2 : moved.usual;
      const weight = days < 2 * firstDays ? 1 / (1 + days) : 1 / moving.learning_days;
      const usual = isUsual ? moved.usual + ((now - moved.usual) * weight * hours_step) / 24 : moved.usual;
      moved = { product_k2, square_k2, usual };
    },
    interrupt(): void {
      lately.length = 0;
    },
    get isWeak(): boolean {
      const { product_k2, square_k2, usual } = moved;
      return square_k2 > moving.least_k ** 2 && product_k2 / square_k2 < moving.weak * usual;
    },
    get memory() {
      return moved;
    },
  };
}

export function createReferenceHouse(
  house: WatchedPhysics & { readonly model: StateSpace },
  memory?: ReferenceMemory,
): ReferenceHouse {
  const { model } = house;
  const { dtSeconds } = model;
  const days_step = dtSeconds / 86_400;
  const hours_step = dtSeconds / 3600;
  let x: ArrayLike<number> = memory?.x_c ?? [];
  let { share, days, departure_k, square_k2, apart_s } = memory ?? {
    share: 0,
    days: 0,
    departure_k: 0,
    square_k2: 0,
    apart_s: 0,
  };
  const movement = createMovement(hours_step, memory?.movement);
  let expected_c = Number.NaN;
  let unknown_w = 0;

  const spread_k = () => Math.max(leastSpread_k, Math.sqrt(square_k2));
  const isBeyond = ({ k, spreads }: { readonly k: number; readonly spreads: number }) =>
    Math.abs(departure_k) > Math.max(k, spreads * spread_k());

  /** What is usual, from how far the thermometer is off; what lies far off is no more than what lies near. */
  function learn(error_k: number, lost_w: number): void {
    const reach_k = 2 * spread_k();
    const near_k = Math.max(-reach_k, Math.min(reach_k, error_k));
    // A stove is not learnt to heat for good; a house that has come to lose more is learnt in the end.
    const isStove = isBeyond(bounded) && departure_k > 0;
    if (!isStove) share += ((near_k * house.loss_w_k) / lost_w) * (days_step / learning_days);
    if (!isBeyond(bounded))
      square_k2 += (near_k ** 2 - square_k2) * (days_step / Math.min(learning_days, days));
    departure_k += (error_k - departure_k) * (1 - Math.exp(-hours_step / smooth_h));
  }

  return {
    live(step, followed) {
      const { theta_air_c: measured_c, phi_HC_w, theta_e_c } = step;
      const isFirst = days < firstDays || x.length !== followed.x_c.length;
      if (isFirst) {
        const flows = { theta_air_c: measured_c ?? followed.x_c[0], theta_e_c };
        const now = followed.g_w / loss_w(house, flows);
        share += (now - share) * Math.min(1, days_step / Math.max(days, days_step));
        x = followed.x_c;
        if (measured_c !== undefined) days += days_step;
        return;
      }
      days += days_step;
      const lost_w = loss_w(house, { theta_air_c: x[0], theta_e_c });
      unknown_w = share * lost_w;
      const acting = { ...step, phi_int_w: step.phi_int_w + unknown_w };
      expected_c = outputOf(model, x, phi_HC_w, acting);
      x = nextState(model, x, phi_HC_w, acting);
      movement.note({ measured_c: measured_c ?? Number.NaN, expected_c }, days, !isBeyond(bounded));
      if (measured_c !== undefined) learn(measured_c - expected_c, lost_w);
      const most_s = 3 * wrong.after_h * 3600; // so that it is over soon when it is over
      apart_s = isBeyond(wrong)
        ? Math.min(most_s, apart_s + dtSeconds)
        : Math.max(0, apart_s - 2 * dtSeconds);
    },
    restart() {
      x = [];
      departure_k = 0;
      apart_s = 0;
      movement.interrupt();
    },
    get departure_k() {
      return departure_k;
    },
    get isApart() {
      return isBeyond(bounded);
    },
    get isWrong() {
      return apart_s >= wrong.after_h * 3600;
    },
    get apart_s() {
      return apart_s;
    },
    get isHeaterWeak() {
      return movement.isWeak;
    },
    get house() {
      return { x_c: x, unknown_w };
    },
    get expected_c() {
      return expected_c;
    },
    get memory() {
      return { x_c: Array.from(x), share, days, departure_k, square_k2, apart_s, movement: movement.memory };
    },
  };
}
