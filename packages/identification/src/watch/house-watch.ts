/**
 * Whether a house does what its heating asks of it, and whether its thermometer reads what such a house can have.
 *
 * A filter follows the thermometer and shows as unknown heat what the model does not explain. A house of a rough model
 * has some (`toleratedHeat`); what lies beyond for hours is a fault: of the heater, or of the thermometer. From the
 * last step without suspicion on, the model alone carries the temperatures on by the heat ordered, so that what is
 * suspected can be held against it.
 */
import type { StateSpace } from "@azru/house";
import type { HouseFilterState, HouseNoise } from "../learning/filter-step.ts";
import { createFollower, type Follower, type WatchedStep } from "./follower.ts";
import { HomeHeat } from "./home-heat.ts";
import { type Fact, isHeaterBack, thermometerBack } from "./recovery.ts";
import {
  createReferenceHouse,
  type ReferenceHouse,
  type ReferenceMemory,
  restartedReference,
} from "./reference-house.ts";
import { type Fault, Suspicion, type SuspicionMemory, wait_h } from "./suspicion.ts";
import type { HeatFlows, UsualShare, WatchedPhysics } from "./tolerated-heat.ts";

/** A house with its heater. Its model's output is the mean air temperature of a step. */
export interface WatchedHouse extends WatchedPhysics {
  readonly model: StateSpace;
  readonly maxPower_w: number;
}

/** What is wrong. */
export interface Finding {
  readonly fault: Fault;
  /** Since when, in seconds before the end of the last step. */
  readonly age_s: number;
  /** What the thermometer reads and what the house would have by its model, degrees C. */
  readonly measured_c: number;
  readonly expected_c: number;
  /** Of `noHeat`: share of the heat ordered that is felt, 0 to 1. */
  readonly felt?: number | undefined;
}

/** What is kept over a restart. Plain data, of bounded size. */
export interface HouseWatchMemory {
  /** What unknown heat is usual in the home. */
  readonly usual: UsualShare;
  /** The house by its model alone. */
  readonly reference?: ReferenceMemory | undefined;
  /** Undefined where nothing is suspected: then the house is followed anew. */
  readonly suspected?: SuspectedMemory | undefined;
}

/** A suspicion under way, and what has come of it. */
interface SuspectedMemory extends SuspicionMemory {
  readonly state: HouseFilterState;
  readonly flows: HeatFlows;
  readonly last: { readonly measured_c: number; readonly expected_c: number };
  readonly fact?: Fact | undefined;
}

export interface HouseWatch {
  /** Goes through a step; NaN or an absent temperature is none. */
  advance(step: WatchedStep): void;
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
   * The house at the end of the last step: by the model alone since a suspicion began, as the filter has it where
   * nothing is suspected. Undefined before the first temperature.
   */
  readonly house: { readonly x_c: ArrayLike<number>; readonly unknown_w: number } | undefined;
  readonly memory: HouseWatchMemory;
  /** What was expected of the last step before it was measured, and the standard deviation of that; undefined at first. */
  readonly expected: { readonly air_c: number; readonly spread_k: number } | undefined;
}

const jump_k = 5;
/** A thermometer that is no farther from the model is not reported. */
const leastDeparture_k = 3.5;
/** After a sudden change the filter is not trusted for so long. */
const settling_h = 2;
const remembered_h = 24;

interface Remembered {
  readonly step: WatchedStep;
  /** Of the house at the step's start. */
  readonly x_c: ArrayLike<number>;
  readonly isFine: boolean;
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
  return new FilteredWatch(house, kept && isOf(house.model.b.length, kept) ? kept : undefined);
}

class FilteredWatch implements HouseWatch {
  readonly #house: WatchedHouse;
  readonly #follower: Follower;
  readonly #heat: HomeHeat;
  readonly #reference: ReferenceHouse;
  #past: Remembered[] = [];
  #sinceJump = 0; // steps
  #suspicion: Suspicion | undefined;
  #fact: Fact | undefined;
  #last: { readonly measured_c: number; readonly expected_c: number } | undefined;
  #expected: { readonly air_c: number; readonly spread_k: number } | undefined;

  constructor(house: WatchedHouse, memory: HouseWatchMemory | undefined) {
    this.#house = house;
    this.#follower = createFollower(house.model, noiseOf(house));
    this.#heat = new HomeHeat(house, house.model.dtSeconds, memory?.usual);
    this.#reference = createReferenceHouse(house, memory?.reference);
    if (!memory?.suspected) return;
    const { state, flows, last, fact, ...suspicion } = memory.suspected;
    this.#follower.state = state;
    this.#heat.flows = flows;
    this.#last = last;
    this.#fact = fact && { ...fact };
    this.#suspicion = new Suspicion(house.model, suspicion);
  }

  advance(step: WatchedStep): void {
    const before = this.#follower.state;
    const followed = this.#follower.follow(step);
    if (!followed || !before) return;
    const { state, innovation_k, spread_k, expected_c } = followed;
    this.#expected = { air_c: expected_c, spread_k };
    if (this.#suspicion) this.#coast(this.#suspicion, step);
    if (!this.#fact || this.#fact.fault === "thermometer") this.#reference.advance(step, state);
    this.#sinceJump = Math.abs(innovation_k) > 5 * spread_k ? 0 : this.#sinceJump + 1;
    const isFine = this.#sinceJump > this.#stepsIn(settling_h) && !this.#suspicion;
    this.#past.push({ step, x_c: before.x_c, isFine });
    if (this.#past.length > this.#stepsIn(remembered_h)) this.#past.shift();
    const { theta_air_c } = step;
    if (theta_air_c === undefined) return;
    if (!this.#suspicion) this.#last = { measured_c: theta_air_c, expected_c };
    this.#heat.update({ ...step, theta_air_c });
    this.#judge(state, innovation_k);
    const share = this.#heat.shareOf(state.g_w);
    if (this.#suspicion) this.#suspicion.shares.push(share);
    else this.#heat.learn([share]);
  }

  get finding(): Finding | undefined {
    const slow = this.#fact ? undefined : this.#slowFault();
    if (!this.#last) return undefined;
    if (slow) {
      const { apart_s: age_s, expected_c } = this.#reference;
      const { measured_c } = this.#last;
      const found = { fault: slow, age_s, measured_c, expected_c };
      return slow === "noHeat" ? { ...found, felt: this.#felt() } : found;
    }
    if (!this.#fact) return undefined;
    const { fault, age_s } = this.#fact;
    return { fault, age_s, ...this.#last, ...(fault === "noHeat" && { felt: this.#felt() }) };
  }

  get isSuspicious(): boolean {
    return this.#suspicion !== undefined || this.#isApart;
  }

  get hasJumped(): boolean {
    return this.#suspicion?.hasJumped ?? false;
  }

  get mayLoseMore(): boolean {
    const isColder = this.#reference.departure_k < 0;
    return this.#suspicion === undefined && isColder && this.#slowFault() === "thermometer";
  }

  get mayBeStove(): boolean {
    const { departure_k, goesOut } = this.#reference;
    return this.#suspicion === undefined && this.#isApart && departure_k > 0 && goesOut;
  }

  get expected() {
    return this.#expected;
  }

  get house() {
    if (this.#suspicion) return { x_c: this.#suspicion.coasting_c, unknown_w: this.#suspicion.unknown_w };
    if (this.#isApart) return this.#reference.house;
    const { state } = this.#follower;
    return state && { x_c: state.x_c, unknown_w: state.g_w };
  }

  get memory(): HouseWatchMemory {
    return { usual: this.#heat.usual, reference: this.#reference.memory, suspected: this.#suspected() };
  }

  #suspected(): SuspectedMemory | undefined {
    const { flows } = this.#heat;
    const { state } = this.#follower;
    const [suspicion, last] = [this.#suspicion, this.#last];
    if (!suspicion || !state || !flows || !last) return undefined;
    return { ...suspicion.memory, state, flows, last, fact: this.#fact && { ...this.#fact } };
  }

  #judge(state: HouseFilterState, innovation_k: number): void {
    const spread_w = Math.sqrt(Math.max(0, state.P.at(-1)!));
    const beyond_w = this.#heat.excess_w(state.g_w, spread_w);
    if (this.#fact) this.#recover(this.#fact, beyond_w === 0);
    // The filter is doubted with the thermometer that it follows: nothing is concluded from it.
    else if (this.#slowFault() === "thermometer") this.#suspicion = undefined;
    else this.#suspect(Math.sign(beyond_w), innovation_k);
  }

  #coast(suspicion: Suspicion, step: WatchedStep): void {
    const expected_c = suspicion.coast(step);
    if (step.theta_air_c !== undefined) this.#last = { measured_c: step.theta_air_c, expected_c };
  }

  #begin(sign: number, hasJumped: boolean): Suspicion {
    const { model } = this.#house;
    const none = { sign, hasJumped, suspicious_s: 0 };
    if (this.#isApart) {
      const { x_c, unknown_w } = this.#reference.house;
      return new Suspicion(model, { ...none, x_c: Array.from(x_c), unknown_w, coasting_c: Array.from(x_c) });
    }
    const isFine = (one: Remembered) => one.isFine;
    const from = Math.max(0, this.#past.findLastIndex(isFine));
    const x_c = Array.from(this.#past[from].x_c);
    const suspicion = new Suspicion(model, { ...none, x_c, unknown_w: this.#heat.usual_w, coasting_c: x_c });
    for (const { step } of this.#past.slice(from)) this.#coast(suspicion, step);
    return suspicion;
  }

  /** @param sign of the heat that is beyond what is tolerated, 0 where none is */
  #suspect(sign: number, innovation_k: number): void {
    const before = this.#suspicion;
    const hasJumped = this.#sinceJump === 0 && Math.abs(innovation_k) > jump_k && !before?.hasJumped;
    if (hasJumped) this.#suspicion = this.#begin(Math.sign(innovation_k), true);
    else if (sign !== 0 && before?.sign !== sign && !before?.hasJumped)
      this.#suspicion = this.#begin(sign, false);
    const suspicion = this.#suspicion;
    if (!suspicion) return;
    const { dtSeconds } = this.#house.model;
    const isApart = this.#departure_k * suspicion.sign >= leastDeparture_k;
    const isSuspicious = suspicion.hasJumped ? isApart : sign !== 0;
    suspicion.suspicious_s += isSuspicious ? dtSeconds : -2 * dtSeconds;
    if (suspicion.suspicious_s <= 0) {
      this.#heat.learn(suspicion.shares);
      this.#suspicion = undefined;
      return;
    }
    if (suspicion.suspicious_s < wait_h.jumpedThermometer * 3600 || !isApart) return;
    const fault = suspicion.faultFor(this.#house.maxPower_w);
    if (suspicion.suspicious_s < suspicion.waitFor(fault)) return;
    this.#fact = { fault, age_s: suspicion.suspicious_s, fine_s: 0, idle_s: 0 };
  }

  #recover(fact: Fact, isTolerated: boolean): void {
    const suspicion = this.#suspicion!;
    fact.age_s += this.#house.model.dtSeconds;
    const isJudgedAgain = fact.fault === "unaskedHeat" && fact.age_s === wait_h.warmThermometer * 3600;
    if (isJudgedAgain) fact.fault = suspicion.faultFor(this.#house.maxPower_w);
    if (!this.#isOver(fact, suspicion, isTolerated)) return;
    if (fact.fault !== "thermometer") this.#reference.restart();
    this.#fact = undefined;
    this.#suspicion = undefined;
    this.#past = [];
  }

  #isOver(fact: Fact, suspicion: Suspicion, isTolerated: boolean): boolean {
    const { dtSeconds } = this.#house.model;
    if (fact.fault === "thermometer") {
      const shows = { departure_k: this.#departure_k, isTolerated, suspicion };
      const back = thermometerBack(fact, dtSeconds, shows);
      if (back === "returned") this.#follower.state = undefined; // it was led by the thermometer
      return back !== undefined;
    }
    const { least_w } = this.#heat.tolerated;
    const [ordered_w, unknown_w] = [this.#heat.flows!.phi_HC_w, this.#follower.state!.g_w];
    return isHeaterBack(fact, dtSeconds, { ordered_w, unknown_w, least_w, isTolerated });
  }

  /** For days the house has been apart from its model: heat is missing, or the thermometer drifts. */
  #slowFault(): Fault | undefined {
    const { isTooWarm, isWrong, departure_k, isHeaterWeak, apart_s } = this.#reference;
    if (isTooWarm) return "thermometer";
    if (!isWrong || departure_k > 0) return undefined;
    if (isHeaterWeak) return "noHeat";
    return apart_s >= wait_h.driftedThermometer * 3600 ? "thermometer" : undefined;
  }

  /** Whether the heat is bounded by the model: a weak heater explains what is missing, and may heat. */
  get #isApart(): boolean {
    const { isApart, departure_k, isHeaterWeak } = this.#reference;
    return isApart && (departure_k > 0 || !isHeaterWeak);
  }

  get #departure_k(): number {
    return this.#last!.measured_c - this.#last!.expected_c;
  }

  #felt(): number | undefined {
    return this.#heat.felt(this.#follower.state?.g_w ?? 0);
  }

  #stepsIn(hours: number): number {
    return (hours * 3600) / this.#house.model.dtSeconds;
  }
}

/** A usual thermometer, and unknown gains that come and go within a day by what the house loses in winter. */
function noiseOf({ loss_w_k }: WatchedHouse): HouseNoise {
  return { sensor_k: 0.2, process_k_sqrth: 0.05, gains_w: usualGains_k * loss_w_k, gainsLast_h: 24 };
}

/** The difference from outdoors that usual unknown gains make, K. */
const usualGains_k = 5;
