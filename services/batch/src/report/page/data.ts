/** What the report's charts are drawn from, as it stands in the page; numbers rounded, times Unix seconds. */
import type { TariffSpan } from "@azru/page/browser/spans.ts";

export interface PageData {
  /** Stretches of one colour and period, in order, without gap. */
  readonly spans: readonly TariffSpan[];
  /** Beginnings of the days in Europe/Paris that touch the period, and the one after. */
  readonly midnights_s: readonly number[];
  readonly buildings: readonly PageBuilding[];
}

export interface PageBuilding {
  readonly name: string;
  readonly max_c: number; // ceiling of comfort
  /** Stretches of one floor of comfort, in order, without gap. */
  readonly floors: readonly PageFloor[];
  readonly start_s: number;
  readonly dt_s: number;
  /** Electric power of the fully open valve, where power is in proportion to the valve throughout. */
  readonly fullPower_kw: number | null;
  readonly theta_e_c: readonly number[];
  readonly price_eur_kwh: readonly number[];
  readonly runs: readonly PageRun[];
}

export interface PageFloor {
  readonly start_s: number;
  readonly end_s: number;
  readonly min_c: number;
}

/** One value a step; a run that was stopped early is shorter than its building's series. */
export interface PageRun {
  readonly mode: "mpc" | "manual";
  readonly theta_air_c: readonly number[];
  readonly valve_percent: readonly number[];
  readonly power_kw: readonly number[];
  /** Paid until the end of the step. */
  readonly cumulative_eur: readonly number[];
}
