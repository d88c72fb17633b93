/**
 * A suspicion that heater or thermometer is wrong: from the last sound step on, the model alone carries the house's
 * temperatures on by the heat ordered, so that what is suspected can be held against it.
 */
import { nextState, outputOf, type StateSpace } from "@azru/house";
import type { WatchedStep } from "./follower.ts";

/** `noHeat`: heat is ordered and not felt; `unaskedHeat`: felt and not ordered; `thermometer`: no heater explains it. */
export type Fault = "noHeat" | "unaskedHeat" | "thermometer";

/** How long something must be wrong before it is one of the faults, h. */
export const wait_h = {
  noHeat: 3, // an open window is shut by then
  unaskedHeat: 6, // guests are gone by then
  coldThermometer: 3,
  warmThermometer: 12, // a stove is out by then
  driftedThermometer: 12, // a heater that fails has shown by then in how the air moves
  jumpedThermometer: 1, // by more than any stove lifts the air within a step
};
const remembered_h = 24;
/** How a thermometer moves beside the model, over `lag_h`, and how far the model must move for that to be seen. */
const alike = { least: 0.4, most: 2.5 };
const lag_h = 2;
const leastMovement_k = 0.2;
/** Rough models explain to within this, K, and this share of what they predict. */
const rough = { k: 1, share: 0.3 };
/** So large a share of the heat may be what is wrong: a heater stuck half open, of another power than the model's. */
const heaterShare = { least: 0.3, most: 1.3 };

/** A suspicion as plain data, of bounded size. */
export interface SuspicionMemory {
  /** 1: warmer than the house can be; -1: colder. */
  readonly sign: number;
  readonly hasJumped: boolean;
  /** Of the house when it began. */
  readonly x_c: readonly number[];
  readonly unknown_w: number;
  /** By the model alone, to the end of the last step. */
  readonly coasting_c: readonly number[];
  readonly suspicious_s: number;
}

interface CoastedStep {
  readonly step: WatchedStep;
  readonly expected_c: number;
}

export class Suspicion {
  readonly sign: number;
  readonly hasJumped: boolean;
  readonly unknown_w: number;
  /** Shares of unknown heat meanwhile: usual ones, should the suspicion come to nothing. */
  readonly shares: number[] = [];
  suspicious_s: number;
  readonly #model: StateSpace;
  readonly #x_c: readonly number[];
  #coasting_c: ArrayLike<number>;
  readonly #steps: CoastedStep[] = [];

  constructor(
    model: StateSpace,
    { sign, hasJumped, x_c, unknown_w, coasting_c, suspicious_s }: SuspicionMemory,
  ) {
    this.#model = model;
    this.sign = sign;
    this.hasJumped = hasJumped;
    this.unknown_w = unknown_w;
    this.suspicious_s = suspicious_s;
    this.#x_c = x_c;
    this.#coasting_c = coasting_c;
  }

  /** Temperatures of the house by the model alone, at the end of the last step. */
  get coasting_c(): ArrayLike<number> {
    return this.#coasting_c;
  }

  /** Goes through a step by the model alone, and returns the output that it expects, degrees C. */
  coast(step: WatchedStep): number {
    const forces = { ...step, phi_int_w: step.phi_int_w + this.unknown_w };
    const expected_c = outputOf(this.#model, this.#coasting_c, step.phi_HC_w, forces);
    this.#coasting_c = nextState(this.#model, this.#coasting_c, step.phi_HC_w, forces);
    this.#steps.push({ step, expected_c });
    if (this.#steps.length > this.#stepsIn(remembered_h)) this.#steps.shift();
    return expected_c;
  }

  /**
   * What explains the steps since the suspicion began. A thermometer that reads ever less and a heater that fails look
   * alike: it is taken for the heater, so that the home goes on being heated, as far as the model allows.
   */
  faultFor(maxPower_w: number): Fault {
    if (this.sign < 0) return this.hasJumped ? "thermometer" : "noHeat";
    const open = this.#courseWith(maxPower_w);
    const moved = this.#steps.map(({ step: { theta_air_c = Number.NaN }, expected_c }, k) => ({
      measured_k: theta_air_c - expected_c,
      otherwise_k: open[k] - expected_c,
    }));
    return isExplained(moved) ? "unaskedHeat" : "thermometer";
  }

  /** How long the suspicion must last before it is that fault, s. */
  waitFor(fault: Fault): number {
    if (fault !== "thermometer") return wait_h[fault] * 3600;
    if (!this.hasJumped) return wait_h.warmThermometer * 3600;
    return (this.sign < 0 ? wait_h.coldThermometer : wait_h.jumpedThermometer) * 3600;
  }

  /** Whether the thermometer moves as the model does, over the hours remembered. */
  movesAlike(): boolean {
    const steps = this.#steps;
    const lag = Math.max(1, Math.round(this.#stepsIn(lag_h)));
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

  /** What a restart keeps: all but the steps, which it does without. */
  get memory(): SuspicionMemory {
    const { sign, hasJumped, unknown_w, suspicious_s } = this;
    const coasting_c = Array.from(this.#coasting_c);
    return { sign, hasJumped, x_c: this.#x_c, unknown_w, coasting_c, suspicious_s };
  }

  /** Air temperatures of the model with another heat than the one ordered. */
  #courseWith(phi_HC_w: number): number[] {
    let x: ArrayLike<number> = this.#x_c;
    return this.#steps.map(({ step }) => {
      const forces = { ...step, phi_int_w: step.phi_int_w + this.unknown_w };
      const air_c = outputOf(this.#model, x, phi_HC_w, forces);
      x = nextState(this.#model, x, phi_HC_w, forces);
      return air_c;
    });
  }

  #stepsIn(hours: number): number {
    return (hours * 3600) / this.#model.dtSeconds;
  }
}

function measuredIn({ step }: CoastedStep): number {
  return step.theta_air_c ?? Number.NaN;
}

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
