/** Stretches of time behind the lines of a chart, Unix seconds. */

export interface Stretch {
  readonly start_s: number;
  readonly end_s: number;
}

/** A stretch of one colour and period of the tariff. */
export interface TariffSpan extends Stretch {
  readonly colour: "blue" | "white" | "red" | "unknown" | null;
  readonly isPeak: boolean;
}

/** A stretch of one band of comfort. */
export interface ComfortSpan extends Stretch {
  readonly min_c: number;
  readonly max_c: number;
}
