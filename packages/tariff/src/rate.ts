/** Electricity prices as a function of time. */
import type { PriceBranches } from "./price-branches.ts";

export type TempoColour = "blue" | "white" | "red";
export type Period = "peak" | "offPeak";

/** One price, from `startMs` (inclusive) to `endMs` (exclusive), Unix time. */
export interface Rate {
  readonly startMs: number;
  readonly endMs: number;
  readonly price_eur_kwh: number;
  /** Absent where the tariff has no peak and off-peak hours. */
  readonly period?: Period;
  /** Whether the price is not known yet and stands for what is expected of it; of Tempo days see `colour`. */
  readonly isExpected?: boolean;
  /** The Tempo day's colour; `unknown` where it was not decided yet (the price is an expectation), absent where the tariff has none. */
  readonly colour?: TempoColour | "unknown";
}

export interface Tariff {
  readonly name: string;
  /**
   * The rates that cover `[startMs, endMs)` without gap or overlap, in order, clipped to it.
   *
   * @param knownAtMs instant of asking: colours published later than this are unknown. Absent: all that the
   *   calendar holds is known.
   */
  rates(startMs: number, endMs: number, knownAtMs?: number): Rate[];
  /**
   * What the prices of `count` steps may turn out to be, as a tree over the colours published after
   * `knownAtMs`; absent where the tariff has none.
   *
   * A colour turns out before the first step that begins at or after its publication, never before the first
   * step of all. Until the first branching prices are those of `rates`. Each branching has the odds given the
   * colours that turned out before it, so by the rules' own odds the mean over the tree is the price of
   * `rates`; by others it is the mean of what they say day after day. A day that begins after the horizon, or
   * whose colour is certain, makes no branching. A colour that is overdue at `knownAtMs` stays an expectation:
   * nobody knows when it turns out. From its beginning on, the last day that turns out follows as a single
   * branch, one object for all branches in which it has the same colour.
   *
   * @param dtSeconds length of a step; there is no tree of steps longer than 12 h
   * @returns undefined when no price turns out within the horizon
   * @throws RangeError when a parameter is out of range
   */
  priceTree?(startMs: number, dtSeconds: number, count: number, knownAtMs: number): PriceBranches | undefined;
}
