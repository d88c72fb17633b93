/**
 * Whether a house does what its heating asks of it, and whether its thermometer says what such a house can have.
 *
 * A filter follows the thermometer and shows as unknown heat what the model does not explain. A house of a rough model
 * has some (`toleratedHeat`); what lies beyond for hours is a fault: of the heater, or of the thermometer. From the
 * last step without suspicion on, the model alone carries the temperatures on by the heat ordered, so that what is
 * suspected can be held against it.
 */
import { nextState, outputOf, type StateSpace } from "@azru/house";
import type { HouseFilterState, HouseNoise } from "../learning/filter-step.ts";
import { createFollower, type Follower, type WatchedStep } from "./follower.ts";
import { createReferenceHouse, type ReferenceMemory, restartedReference } from "./reference-house.ts";
import {
  type HeatFlows,
  loss_w,
  toleratedHeat,
  type UsualShare,
  usualHeat_w,
  type WatchedPhysics,
} from "./tolerated-heat.ts";

/** A house with its heater. Its model's output is the mean air temperature of a step. */
export interface WatchedHouse extends WatchedPhysics {
  readonly model: StateSpace;
  readonly maxPower_w: number;
}

/** `noHeat`: heat is ordered and not felt; `unaskedHeat`: felt and not ordered; `thermometer`: no heater explains it. */
type Fault = "noHeat" | "unaskedHeat" | "thermometer";

/** What is wrong. */
export interface Finding {
  readonly fault: Fault;
  /** Since when, in seconds before the end of the last step. */
  readonly age_s: number;
  /** What the thermometer says and what the house would have by its model, degrees C. */
  readonly measured_c: number;
  readonly expected_c: number;
  /** Of `noHeat`: share of the heat ordered that is felt, 0 to 1. */
  readonly felt?: number | undefined;
}

/** All that outlives a restart. Plain data, of bounded size. */
export interface HouseWatchMemory {
  /** What unknown heat is usual in the home. */
  readonly usual: UsualShare;
  /** The house by its model alone. */
  readonly reference?: ReferenceMemory | undefined;
  /** Undefined where nothing is suspected: then the house is followed anew. */
  readonly suspected?: SuspectedMemory | undefined;
}

/** A suspicion under way, and what has come of it. */
interface SuspectedMemory {
  readonly state: HouseFilterState;
  readonly flows: HeatFlows;
  readonly last: { readonly measured_c: number; readonly expected_c: number };
  readonly sign: number;
  readonly hasJumped: boolean;
  readonly x_c: readonly number[];
  readonly unknown_w: number;
  readonly coasting_c: readonly number[];
  readonly suspicious_s: number;
  readonly fact?: Fact | undefined;
}

export interface HouseWatch {
  /** Goes through a step; NaN or an absent temperature is none. */
  live(step: WatchedStep): void;
  /** Undefined while nothing is wrong. */
  readonly finding: Finding | undefined;
  /** Whether the thermometer is off what the house can have, long enough or not. */
  readonly isSuspicious: boolean;
  /** Whether what is suspected came at once, by more than anything moves the air within a step. */
  readonly hasJumped: boolean;
  /** Whether the home has become colder than its model over days: it may have come to lose more, by as much. */
  readonly mayLoseMore: boolean;
  /**
   * Whether it is only so warm for days that a stove may heat, which goes out within a day: then heat that keeps from
   * frost is all that the model asks for.
   */
  readonly mayBeStove: boolean;
  /**
   * The house without its thermometer's word since the suspicion began, at the end of the last step; where there is
   * none, as it is followed. Undefined before the first temperature.
   */
  readonly house: { readonly x_c: ArrayLike<number>; readonly unknown_w: number } | undefined;
  readonly memory: HouseWatchMemory;
  /** What was expected of the last step before it was measured, and the standard deviation of that; undefined at first. */
  readonly expected: { readonly air_c: number; readonly spread_k: number } | undefined;
}

/** How long something must be wrong before it is one of the faults, h. */
const wait_h = {
  noHeat: 3, // an open window is shut by then
  unaskedHeat: 6, // guests are gone by then
  coldThermometer: 3,
  warmThermometer: 12, // a stove is out by then
  driftedThermometer: 12, // a heater that fails has shown by then in how the air moves
  jumpedThermometer: 1, // by more than any stove lifts the air within a step
};
const jump_k = 5;
/** A thermometer that is no farther from the model is not worth a word. */
const leastDeparture_k = 3.5;
/** Flows are taken as means over the last hours. */
const smooth_h = 3;
const late_h = 12;
/** After a sudden change the filter is not trusted for so long. */
const settling_h = 2;
const remembered_h = 24;
const remembered_days = 60;
/** What is usual is learnt freely in the first days; later one day cannot change it much, so that no drift is learnt. */
const firstDays = 5;
const leastScatter = 0.05;
/** A fault of the heater is over when heat was asked for, and felt, for so long. */
const recovery_h = 1;
/** Nothing can be felt where no heat is asked for: a fault of the heater is forgotten after so long. */
const forgotten_h = 48;
/** Less heat says nothing of how much of it is felt, as a share of the full heat. */
const leastOrdered = 0.1;
/** A thermometer is believed again when for so long it says what the model has, within ... */
const return_h = 1;
const return_k = 2.5;
/** ... or when for a day it moves as the model does, and is where the house can be. */
const agreement_h = 24;
/** How a thermometer moves beside the model, over `lag_h`, and how far the model must move for that to be seen. */
const alike = { least: 0.4, most: 2.5 };
const lag_h = 2;
const leastMovement_k = 0.2;

interface Remembered {
  readonly step: WatchedStep;
  /** Of the house at the step's start. */
  readonly x_c: ArrayLike<number>;
  readonly isFine: boolean;
}

interface Suspicion {
  /** 1: warmer than the house can be; -1: colder. */
  readonly sign: number;
  readonly hasJumped: boolean;
  /** Of the house when it began. */
  readonly x_c: ArrayLike<number>;
  readonly unknown_w: number;
  readonly steps: { readonly step: WatchedStep; readonly expected_c: number }[];
  /** By the model alone, to the end of the last step. */
  coasting_c: ArrayLike<number>;
  /** Of unknown heat meanwhile: usual ones, should the suspicion come to nothing. */
  readonly shares: number[];
  suspicious_s: number;
}

interface Fact {
  fault: Fault;
  age_s: number;
  fine_s: number;
  idle_s: number;
}

/** What stays known of a home whose house may be anywhere: what is usual in it. */
export function withoutSuspicion({ usual, reference }: HouseWatchMemory): HouseWatchMemory {
  return { usual, reference: reference && restartedReference(reference) };
}

/** Whether a memory is of a house of so many states. */
function isOf(states: number, { reference, suspected }: HouseWatchMemory): boolean {
  const known = [...(reference?.courses ?? []), ...(suspected ? [suspected, suspected.state] : [])];
  return known.every(({ x_c }) => x_c.length === 0 || x_c.length === states);
}

/** @param kept memory of an earlier watch; one of a house with another number of states is left out */
export function createHouseWatch(house: WatchedHouse, kept?: HouseWatchMemory): HouseWatch {
  const { model, maxPower_w } = house;
  const memory = kept && isOf(model.b.length, kept) ? kept : undefined;
  const { dtSeconds } = model;
  const follower: Follower = createFollower(model, noiseOf(house));
  const perHour = 3600 / dtSeconds;
  let past: Remembered[] = [];
  let flows: HeatFlows | undefined;
  let usual: UsualShare = memory?.usual ?? { share: 0, square: 0, days: 0 };
  let sinceJump = 0; // steps
  let suspicion: Suspicion | undefined;
  let fact: Fact | undefined;
  let last: { measured_c: number; expected_c: number } | undefined;
  let expected: { air_c: number; spread_k: number } | undefined;

  const reference = createReferenceHouse(house, memory?.reference);
  if (memory?.suspected) goOnWith(memory.suspected);

  function goOnWith({ state, ...before }: SuspectedMemory): void {
    follower.state = state;
    ({ flows, last } = before);
    const { sign, hasJumped, x_c, unknown_w, coasting_c, suspicious_s } = before;
    suspicion = { sign, hasJumped, x_c, unknown_w, coasting_c, suspicious_s, steps: [], shares: [] };
    fact = before.fact && { ...before.fact };
  }

  function suspectedNow(): SuspectedMemory | undefined {
    if (!suspicion || !follower.state || !flows || !last) return undefined;
    const { sign, hasJumped, unknown_w, suspicious_s } = suspicion;
    return {
      state: follower.state,
      flows,
      last,
      sign,
      hasJumped,
      x_c: Array.from(suspicion.x_c),
      unknown_w,
      coasting_c: Array.from(suspicion.coasting_c),
      suspicious_s,
      fact: fact && { ...fact },
    };
  }

  /** Share of the heat ordered that is felt, over hours: what is missing is not known to the model. */
  function felt(): number | undefined {
    if (!flows || flows.phi_HC_w < leastOrdered * maxPower_w) return undefined;
    const missing_w = follower.state!.g_w - usualHeat_w(house, flows, usual);
    return Math.max(0, Math.min(1, 1 + missing_w / flows.phi_HC_w));
  }

  function smoothed({ theta_air_c, phi_HC_w, theta_e_c, phi_sol_w, phi_int_w }: WatchedStep): HeatFlows {
    const now = {
      theta_air_c: theta_air_c!,
      phi_HC_w,
      lately_w: phi_HC_w,
      theta_e_c,
      phi_sol_w,
      phi_int_w,
    };
    if (!flows) return now;
    const mean = (name: keyof HeatFlows, over_h = smooth_h) => {
      const kept = Math.exp(-1 / perHour / over_h);
      return kept * flows![name] + (1 - kept) * now[name];
    };
    return {
      theta_air_c: mean("theta_air_c"),
      phi_HC_w: mean("phi_HC_w"),
      lately_w: mean("lately_w", late_h),
      theta_e_c: mean("theta_e_c"),
      phi_sol_w: mean("phi_sol_w"),
      phi_int_w: mean("phi_int_w"),
    };
  }

  /** What unknown heat is usual in this home: over all days at first, then over the last month. */
  function learn(shares: readonly number[]): void {
    for (const share of shares) {
      const days = Math.min(usual.days + dtSeconds / 86_400, remembered_days);
      const weight = dtSeconds / 86_400 / Math.max(1, days);
      const scatter = Math.sqrt(Math.max(0, usual.square - usual.share ** 2));
      const reach = days < firstDays ? Number.POSITIVE_INFINITY : 2 * Math.max(scatter, leastScatter);
      const now = Math.max(usual.share - reach, Math.min(usual.share + reach, share));
      usual = {
        days,
        share: usual.share + (now - usual.share) * weight,
        square: usual.square + (now ** 2 - usual.square) * weight,
      };
    }
  }

  /** Unknown heat beyond what is tolerated, W; 0 where it is not. */
  function excess_w(unknown_w: number, spread_w: number): number {
    const { most_w, least_w } = toleratedHeat(house, flows!, usual);
    if (unknown_w > most_w + 2 * spread_w) return unknown_w - most_w;
    if (unknown_w < least_w - 2 * spread_w) return unknown_w - least_w;
    return 0;
  }

  function begin(sign: number, hasJumped: boolean): Suspicion {
    if (isApart()) {
      const { x_c, unknown_w } = reference.house;
      const none = { steps: [], shares: [], suspicious_s: 0 };
      return { sign, hasJumped, x_c, unknown_w, coasting_c: x_c, ...none };
    }
    const from = Math.max(
      0,
      past.findLastIndex(({ isFine }) => isFine),
    );
    const { x_c } = past[from];
    const begun: Suspicion = {
      sign,
      hasJumped,
      x_c,
      unknown_w: usualHeat_w(house, flows!, usual),
      steps: [],
      shares: [],
      coasting_c: x_c,
      suspicious_s: 0,
    };
    for (const { step } of past.slice(from)) coast(begun, step);
    return begun;
  }

  function coast(one: Suspicion, step: WatchedStep): void {
    const forces = { ...step, phi_int_w: step.phi_int_w + one.unknown_w };
    const expected_c = outputOf(model, one.coasting_c, step.phi_HC_w, forces);
    if (step.theta_air_c !== undefined) last = { measured_c: step.theta_air_c, expected_c };
    one.coasting_c = nextState(model, one.coasting_c, step.phi_HC_w, forces);
    one.steps.push({ step, expected_c });
    if (one.steps.length > remembered_h * perHour) one.steps.shift();
  }

  /**
   * What explains the steps since the suspicion began. A thermometer that says ever less and a heater that fails look
   * alike: the heater it is called, so that the home goes on being heated, as far as the model allows.
   */
  function faultOf(one: Suspicion): Fault {
    if (one.sign < 0) return one.hasJumped ? "thermometer" : "noHeat";
    const open = courseOf(one, maxPower_w);
    const moved = one.steps.map(({ step: { theta_air_c = Number.NaN }, expected_c }, k) => ({
      measured_k: theta_air_c - expected_c,
      otherwise_k: open[k] - expected_c,
    }));
    return isExplained(moved) ? "unaskedHeat" : "thermometer";
  }

  /** Air temperatures of the model with another heat than the one ordered. */
  function courseOf({ x_c, unknown_w, steps }: Suspicion, phi_HC_w: number): number[] {
    let x = x_c;
    return steps.map(({ step }) => {
      const forces = { ...step, phi_int_w: step.phi_int_w + unknown_w };
      const air_c = outputOf(model, x, phi_HC_w, forces);
      x = nextState(model, x, phi_HC_w, forces);
      return air_c;
    });
  }

  function waitOf(one: Suspicion, fault: Fault): number {
    if (fault !== "thermometer") return wait_h[fault];
    if (!one.hasJumped) return wait_h.warmThermometer;
    return one.sign < 0 ? wait_h.coldThermometer : wait_h.jumpedThermometer;
  }

  /** @param sign of the heat that is beyond what is tolerated, 0 where none is */
  function suspect(sign: number, surprise_k: number): void {
    const hasJumped = sinceJump === 0 && Math.abs(surprise_k) > jump_k && !suspicion?.hasJumped;
    if (hasJumped) suspicion = begin(Math.sign(surprise_k), true);
    else if (sign !== 0 && suspicion?.sign !== sign && !suspicion?.hasJumped) suspicion = begin(sign, false);
    if (!suspicion) return;
    const departure_k = last!.measured_c - last!.expected_c;
    const isApart = departure_k * suspicion.sign >= leastDeparture_k;
    const isSuspicious = suspicion.hasJumped ? isApart : sign !== 0;
    suspicion.suspicious_s += isSuspicious ? dtSeconds : -2 * dtSeconds;
    if (suspicion.suspicious_s <= 0) {
      learn(suspicion.shares);
      suspicion = undefined;
      return;
    }
    if (suspicion.suspicious_s < wait_h.jumpedThermometer * 3600 || !isApart) return;
    const fault = faultOf(suspicion);
    if (suspicion.suspicious_s < waitOf(suspicion, fault) * 3600) return;
    fact = { fault, age_s: suspicion.suspicious_s, fine_s: 0, idle_s: 0 };
  }

  function recover(one: Fact, isTolerated: boolean): void {
    one.age_s += dtSeconds;
    const isJudgedAgain = one.fault === "unaskedHeat" && one.age_s === wait_h.warmThermometer * 3600;
    if (isJudgedAgain) one.fault = faultOf(suspicion!);
    const isOver =
      one.fault === "thermometer" ? thermometerReturned(one, isTolerated) : heaterReturned(one, isTolerated);
    if (!isOver) return;
    if (one.fault !== "thermometer") reference.restart();
    fact = undefined;
    suspicion = undefined;
    past = [];
  }

  /** For days the house has been apart from its model: heat is missing, or the thermometer drifts. */
  function slowFault(): Fault | undefined {
    if (reference.isTooWarm) return "thermometer";
    if (!reference.isWrong || reference.departure_k > 0) return undefined;
    if (reference.isHeaterWeak) return "noHeat";
    return reference.apart_s >= wait_h.driftedThermometer * 3600 ? "thermometer" : undefined;
  }

  /** Whether the heat is bounded by the model: a weak heater explains what is missing, and may heat. */
  function isApart(): boolean {
    return reference.isApart && (reference.departure_k > 0 || !reference.isHeaterWeak);
  }

  function heaterReturned(one: Fact, isTolerated: boolean): boolean {
    const { least_w } = toleratedHeat(house, flows!, usual);
    const wouldShow = one.fault === "unaskedHeat" || flows!.phi_HC_w > -least_w;
    one.idle_s = wouldShow ? 0 : one.idle_s + dtSeconds;
    const isFelt = one.fault === "unaskedHeat" ? isTolerated : follower.state!.g_w > least_w / 2;
    if (wouldShow) one.fine_s = isFelt ? one.fine_s + dtSeconds : 0;
    return one.fine_s >= recovery_h * 3600 || one.idle_s >= forgotten_h * 3600;
  }

  function thermometerReturned(one: Fact, isTolerated: boolean): boolean {
    const isBack = Math.abs(last!.measured_c - last!.expected_c) <= return_k;
    one.idle_s = isBack ? one.idle_s + dtSeconds : 0;
    one.fine_s = isTolerated ? one.fine_s + dtSeconds : 0;
    if (one.idle_s >= return_h * 3600) {
      follower.state = undefined;
      return true;
    }
    return one.fine_s >= agreement_h * 3600 && movesAlike();
  }

  /** Whether the thermometer moves as the model does, over the hours remembered. */
  function movesAlike(): boolean {
    const { steps } = suspicion!;
    const lag = Math.max(1, Math.round(lag_h * perHour));
    let [product, square] = [0, 0];
    for (let k = lag; k < steps.length; k++) {
      const moved_k = measuredIn(steps[k]) - measuredIn(steps[k - lag]);
      if (Number.isNaN(moved_k)) continue;
      const byModel_k = steps[k].expected_c - steps[k - lag].expected_c;
      product += moved_k * byModel_k;
      square += byModel_k ** 2;
    }
    const share = product / square;
    return Math.sqrt(square / steps.length) >= leastMovement_k && share > alike.least && share < alike.most;
  }

  return {
    live(step) {
      const before = follower.state;
      const followed = follower.follow(step);
      if (!followed || !before) return;
      const { state, surprise_k, spread_k } = followed;
      expected = { air_c: followed.expected_c, spread_k };
      if (suspicion) coast(suspicion, step);
      if (!fact || fact.fault === "thermometer") reference.live(step, state);
      sinceJump = Math.abs(surprise_k) > 5 * spread_k ? 0 : sinceJump + 1;
      const isFine = sinceJump > settling_h * perHour && !suspicion;
      past.push({ step, x_c: before.x_c, isFine });
      if (past.length > remembered_h * perHour) past.shift();
      if (step.theta_air_c === undefined) return;
      if (!suspicion) last = { measured_c: step.theta_air_c, expected_c: followed.expected_c };
      flows = smoothed(step);
      const spread_w = Math.sqrt(Math.max(0, state.P.at(-1)!));
      const beyond_w = excess_w(state.g_w, spread_w);
      if (fact) recover(fact, beyond_w === 0);
      else if (slowFault() === "thermometer")
        suspicion = undefined; // the filter, which is doubted with the thermometer, says no more
      else suspect(Math.sign(beyond_w), surprise_k);
      const share = state.g_w / loss_w(house, flows);
      if (suspicion) suspicion.shares.push(share);
      else learn([share]);
    },
    get finding() {
      const slow = fact ? undefined : slowFault();
      if (slow && last) {
        const { apart_s: age_s, expected_c } = reference;
        const found = { fault: slow, age_s, measured_c: last.measured_c, expected_c };
        return slow === "noHeat" ? { ...found, felt: felt() } : found;
      }
      if (!fact || !last) return undefined;
      return {
        fault: fact.fault,
        age_s: fact.age_s,
        ...last,
        ...(fact.fault === "noHeat" && { felt: felt() }),
      };
    },
    get isSuspicious() {
      return suspicion !== undefined || isApart();
    },
    get hasJumped() {
      return suspicion?.hasJumped ?? false;
    },
    get mayLoseMore() {
      return suspicion === undefined && reference.departure_k < 0 && slowFault() === "thermometer";
    },
    get mayBeStove() {
      return suspicion === undefined && isApart() && reference.departure_k > 0 && reference.goesOut;
    },
    get expected() {
      return expected;
    },
    get memory() {
      return { usual, reference: reference.memory, suspected: suspectedNow() };
    },
    get house() {
      if (suspicion) return { x_c: suspicion.coasting_c, unknown_w: suspicion.unknown_w };
      if (isApart()) return reference.house;
      return follower.state && { x_c: follower.state.x_c, unknown_w: follower.state.g_w };
    },
  };
}

/** A usual thermometer, and unknown gains that come and go within a day by what the house loses in winter. */
function noiseOf({ loss_w_k }: WatchedHouse): HouseNoise {
  return { sensor_k: 0.2, process_k_sqrth: 0.05, gains_w: usualGains_k * loss_w_k, gainsLast_h: 24 };
}

/** The difference from outdoors that usual unknown gains make, K. */
const usualGains_k = 5;

function measuredIn({ step }: { readonly step: WatchedStep }): number {
  return step.theta_air_c ?? Number.NaN;
}

/** Rough models explain to within this, K, and this share of what they say. */
const rough = { k: 1, share: 0.3 };
/** So large a share of the heat may be what is wrong: a heater stuck half open, of another power than the model's. */
const heaterShare = { least: 0.3, most: 1.3 };

/**
 * Whether what was measured beyond the expected course, K, is a share of what another heat would have made.
 *
 * @param moved of each step; `measured_k` NaN where nothing was measured
 */
function isExplained(
  moved: readonly { readonly measured_k: number; readonly otherwise_k: number }[],
): boolean {
  const known = moved.filter(({ measured_k }) => !Number.isNaN(measured_k));
  const sum = (of: (one: (typeof moved)[number]) => number) => known.reduce((all, one) => all + of(one), 0);
  const square = sum(({ otherwise_k }) => otherwise_k ** 2);
  if (square === 0) return false;
  const fitted = sum(({ measured_k, otherwise_k }) => measured_k * otherwise_k) / square;
  const share = Math.min(heaterShare.most, fitted);
  if (share < heaterShare.least) return false;
  const rest = sum(({ measured_k, otherwise_k }) => (measured_k - share * otherwise_k) ** 2);
  const [rest_k, otherwise_k] = [Math.sqrt(rest / known.length), Math.sqrt(square / known.length)];
  return rest_k <= rough.k + rough.share * otherwise_k;
}
