/**
 * The house by its model alone, over weeks: what its thermometer says is held against it.
 *
 * A filter follows a thermometer that drifts, and explains it by heat that nobody knows. The reference does not: after
 * its first days it goes by the heat ordered, the weather, and the unknown heat that is usual in the home, which one
 * day cannot change much. How far thermometer and reference are apart in a sound home, it finds out from the home's
 * own days. Whether the unknown heat grows with the losses, nobody knows: the reference lies between two courses.
 */
import { nextState, outputOf, type StateSpace } from "@azru/house";
import { type BaseGainMemory, createBaseGain } from "./base-gain.ts";
import type { WatchedStep } from "./follower.ts";
import { loss_w, type WatchedPhysics } from "./tolerated-heat.ts";

/** What is kept over a restart. Plain data. */
export interface ReferenceMemory {
  /** With the unknown heat as a share of the losses, and as so many watts: the usual level of each. */
  readonly courses: readonly { readonly x_c: readonly number[]; readonly level: number }[];
  readonly days: number;
  /** Measured less expected: mean over half a day, and mean square over weeks. */
  readonly departure_k: number;
  readonly square_k2: number;
  /** For how long it has been beyond what the home shows. */
  readonly apart_s: number;
  /** How the air moves, measured and expected: means over most of a day, and what is usual. */
  readonly movement: { readonly product_k2: number; readonly square_k2: number; readonly usual: number };
  /** Unknown heat that is there day and night; absent in memories of before it was kept. */
  readonly base?: BaseGainMemory | undefined;
  /** Whether the thermometer was found to read too warm. */
  readonly isTooWarm?: boolean | undefined;
}

export interface ReferenceHouse {
  /** Goes through a step. @param followed the house at its end, as a filter has it, and its unknown heat */
  advance(step: WatchedStep, followed: { readonly x_c: ArrayLike<number>; readonly g_w: number }): void;
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
  /** Of a home that is warmer than its heating makes it: whether what warms it goes out within a day, as a stove does. */
  readonly goesOut: boolean;
  /** Whether what would have to warm it is there day and night and grows for days: then the thermometer reads too warm. */
  readonly isTooWarm: boolean;
  readonly house: { readonly x_c: ArrayLike<number>; readonly unknown_w: number };
  readonly expected_c: number;
  /** The house is anew where the filter has it: what was ordered meanwhile was not what flowed. */
  restart(): void;
  readonly memory: ReferenceMemory;
}

/** The memory of a reference that begins anew where the filter has the house; what is usual in the home stays known. */
export function restartedReference(memory: ReferenceMemory): ReferenceMemory {
  const courses = memory.courses.map(({ level }) => ({ x_c: [], level }));
  return { ...memory, courses, departure_k: 0, apart_s: 0, isTooWarm: false };
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
/** Heat whose least of a day is a smaller share of what it makes on average goes out. */
const goingOut = 0.5;
/** Heat that was switched on grows no more after its first day; by so much it can seem to, K. */
const leastGrowth_k = 2;
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

/** Unknown heat is a share of the losses where those are wrong, and so many watts where somebody lights a stove. */
const kinds = ["share", "watts"] as const;

interface Course {
  x_c: ArrayLike<number>;
  /** Usual unknown heat: a share of the losses, or W. */
  level: number;
  unknown_w: number;
  expected_c: number;
}

/** The courses of the house, each with another kind of unknown heat. */
function createCourses(
  house: WatchedPhysics & { readonly model: StateSpace },
  memory?: ReferenceMemory["courses"],
) {
  const { model } = house;
  const days_step = model.dtSeconds / 86_400;
  const all: Course[] = kinds.map((_, i) => {
    const { x_c = [], level = 0 } = memory?.[i] ?? {};
    return { x_c, level, unknown_w: 0, expected_c: Number.NaN };
  });
  /** What a course's unit of unknown heat is, W. */
  const unit_w = (i: number, theta_air_c: number, theta_e_c: number) =>
    kinds[i] === "share" ? loss_w(house, { theta_air_c, theta_e_c }) : 1;

  return {
    all,
    /** The courses are where the filter is; the usual level is the mean of its unknown heat. */
    follow({ theta_air_c, theta_e_c }: WatchedStep, x_c: ArrayLike<number>, g_w: number, days: number): void {
      for (const [i, course] of all.entries()) {
        const level = g_w / unit_w(i, theta_air_c ?? x_c[0], theta_e_c);
        course.level += (level - course.level) * Math.min(1, days_step / Math.max(days, days_step));
        course.x_c = x_c;
      }
    },
    goOn(step: WatchedStep): void {
      for (const [i, course] of all.entries()) {
        course.unknown_w = course.level * unit_w(i, course.x_c[0], step.theta_e_c);
        const acting = { ...step, phi_int_w: step.phi_int_w + course.unknown_w };
        course.expected_c = outputOf(model, course.x_c, step.phi_HC_w, acting);
        course.x_c = nextState(model, course.x_c, step.phi_HC_w, acting);
      }
    },
    /** @param near_k what of an error is learnt from */
    learn(measured_c: number, theta_e_c: number, near_k: (error_k: number) => number): void {
      for (const [i, course] of all.entries()) {
        const missing_w = near_k(measured_c - course.expected_c) * house.loss_w_k;
        course.level += (missing_w / unit_w(i, course.x_c[0], theta_e_c)) * (days_step / learning_days);
      }
    },
  };
}

/** How far thermometer and model are apart. */
function createDeparture(dtSeconds: number, memory?: ReferenceMemory) {
  const none = { departure_k: 0, square_k2: 0, apart_s: 0 };
  let { departure_k, square_k2, apart_s } = memory ?? none;
  const spread_k = () => Math.max(leastSpread_k, Math.sqrt(square_k2));
  const isBeyond = ({ k, spreads }: { readonly k: number; readonly spreads: number }) =>
    Math.abs(departure_k) > Math.max(k, spreads * spread_k());

  /** Of an error, no more than what lies near. */
  function near_k(error_k: number): number {
    const reach_k = 2 * spread_k();
    return Math.max(-reach_k, Math.min(reach_k, error_k));
  }

  return {
    isBeyond,
    near_k,
    learn(error_k: number, days: number): void {
      if (!isBeyond(bounded)) {
        const weight = dtSeconds / 86_400 / Math.min(learning_days, days);
        square_k2 += (near_k(error_k) ** 2 - square_k2) * weight;
      }
      departure_k += (error_k - departure_k) * (1 - Math.exp(-dtSeconds / 3600 / smooth_h));
    },
    endStep(): void {
      const most_s = 3 * wrong.after_h * 3600; // so that it is over soon when it is over
      apart_s = isBeyond(wrong)
        ? Math.min(most_s, apart_s + dtSeconds)
        : Math.max(0, apart_s - 2 * dtSeconds);
    },
    restart(): void {
      departure_k = 0;
      apart_s = 0;
    },
    get isWrong(): boolean {
      return apart_s >= wrong.after_h * 3600;
    },
    get memory() {
      return { departure_k, square_k2, apart_s };
    },
  };
}

/** What warms a home that is warmer than its heating makes it. */
function createWarmth(hours_step: number, memory?: ReferenceMemory) {
  const base = createBaseGain(hours_step, memory?.base);
  let isTooWarm = memory?.isTooWarm ?? false;
  const goesOut = (departure_k: number) => base.beyond_k < goingOut * departure_k;

  return {
    note: base.note,
    goesOut,
    /**
     * A heater with a thermostat of its own holds the air still; beside a thermometer that drifts it moves as ever.
     *
     * @param warmer_k measured less expected where that is too much, else 0
     */
    judge(warmer_k: number, hasLasted: boolean, isStill: boolean): void {
      const isHeat = goesOut(warmer_k) || base.grown_k < leastGrowth_k || isStill;
      isTooWarm = warmer_k > 0 && (isTooWarm || (hasLasted && !isHeat));
    },
    restart(): void {
      isTooWarm = false;
    },
    get memory() {
      return { base: base.memory, isTooWarm };
    },
  };
}

export function createReferenceHouse(
  house: WatchedPhysics & { readonly model: StateSpace },
  memory?: ReferenceMemory,
): ReferenceHouse {
  const { dtSeconds } = house.model;
  const days_step = dtSeconds / 86_400;
  const hours_step = dtSeconds / 3600;
  const courses = createCourses(house, memory?.courses);
  const [byShare, byWatts] = courses.all;
  let days = memory?.days ?? 0;
  const departure = createDeparture(dtSeconds, memory);
  const { isBeyond } = departure;
  const departure_k = () => departure.memory.departure_k;
  const movement = createMovement(hours_step, memory?.movement);
  const warmth = createWarmth(hours_step, memory);
  let nearest = byShare;

  /** What is usual, from how far the thermometer is off; what lies far off is no more than what lies near. */
  function learn(measured_c: number, theta_e_c: number): void {
    // A stove is not learnt to heat for good; a house that has come to lose more is learnt in the end.
    const isStove = isBeyond(bounded) && departure_k() > 0;
    if (!isStove) courses.learn(measured_c, theta_e_c, departure.near_k);
    const isBetween = (measured_c - byShare.expected_c) * (measured_c - byWatts.expected_c) < 0;
    departure.learn(isBetween ? 0 : measured_c - nearest.expected_c, days);
  }

  return {
    advance(step, { x_c, g_w }) {
      const { theta_air_c: measured_c } = step;
      if (days < firstDays || byShare.x_c.length !== x_c.length) {
        courses.follow(step, x_c, g_w, days);
        if (measured_c !== undefined) days += days_step;
        return;
      }
      days += days_step;
      courses.goOn(step);
      if (measured_c !== undefined)
        nearest = courses.all.reduce((a, b) =>
          Math.abs(measured_c - b.expected_c) < Math.abs(measured_c - a.expected_c) ? b : a,
        );
      const air = { measured_c: measured_c ?? Number.NaN, expected_c: byShare.expected_c };
      movement.note(air, days, !isBeyond(bounded));
      if (measured_c !== undefined) {
        learn(measured_c, step.theta_e_c);
        warmth.note((g_w - nearest.unknown_w) / house.loss_w_k, !isBeyond(bounded));
      }
      departure.endStep();
      const warmer_k = isBeyond(wrong) ? Math.max(0, departure_k()) : 0;
      warmth.judge(warmer_k, departure.isWrong, movement.isWeak);
    },
    restart() {
      for (const course of courses.all) course.x_c = [];
      departure.restart();
      warmth.restart();
      movement.interrupt();
    },
    get departure_k() {
      return departure_k();
    },
    get isApart() {
      return isBeyond(bounded);
    },
    get isWrong() {
      return departure.isWrong;
    },
    get apart_s() {
      return departure.memory.apart_s;
    },
    get isHeaterWeak() {
      return movement.isWeak;
    },
    get goesOut() {
      return warmth.goesOut(departure_k());
    },
    get isTooWarm() {
      return warmth.memory.isTooWarm;
    },
    get house() {
      return { x_c: nearest.x_c, unknown_w: nearest.unknown_w };
    },
    get expected_c() {
      return nearest.expected_c;
    },
    get memory() {
      const kept = courses.all.map(({ x_c, level }) => ({ x_c: Array.from(x_c), level }));
      return { courses: kept, days, ...departure.memory, movement: movement.memory, ...warmth.memory };
    },
  };
}
