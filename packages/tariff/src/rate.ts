/** Electricity prices as a function of time. */

export type TempoColour = "blue" | "white" | "red";
export type Period = "peak" | "offPeak";

/** One price, from `startMs` (inclusive) to `endMs` (exclusive), Unix time. */
export interface Rate {
  readonly startMs: number;
  readonly endMs: number;
  readonly price_eur_kwh: number;
  readonly period: Period;
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
}
