/** What a winter in a house came to. */
import type { Rate } from "@azru/tariff";
import type { ControlAccount } from "./control-account.ts";
import type { HomeRecord } from "./home-run.ts";
import { dtSeconds } from "./season.ts";

export interface Outcome {
  readonly days: number;
  readonly cost_eur: number;
  readonly energy_kwh: number; // electric
  /** Below the floor of comfort, by the 5-minute air temperature: a room may be cold between two decisions. */
  readonly airBelow_kh: number;
  readonly opBelow_kh: number; // operative
  readonly airAbove24_kh: number;
  readonly airAbove28_kh: number;
  readonly coldest_c: number; // air, 5 minutes
  readonly redPeak_kwh: number;
  readonly whitePeak_kwh: number;
  readonly p50_ms: number; // to decide
  readonly p95_ms: number;
  readonly control?: ControlAccount; // of a controller that has to earn it
}

const hours = dtSeconds / 3600;
const airValues = 3;

/**
 * Sums up the steps of a record from `from` on.
 *
 * @param rates the rate of each step, of the season's first on
 * @param floorAt_c floor of comfort in each step
 */
export function outcomeOf(
  record: HomeRecord,
  from: number,
  rates: readonly Rate[],
  floorAt_c: (k: number) => number,
): Outcome {
  const sum = { cost: 0, energy: 0, opBelow: 0, redPeak: 0, whitePeak: 0 };
  for (let k = from; k < record.steps; k++) {
    const energy_kwh = (record.power_w[k] * hours) / 1000;
    const { price_eur_kwh, colour, period } = rates[k];
    sum.energy += energy_kwh;
    sum.cost += energy_kwh * price_eur_kwh;
    sum.opBelow += hours * Math.max(0, floorAt_c(k) - record.op_c[k]);
    if (period === "peak" && colour === "red") sum.redPeak += energy_kwh;
    if (period === "peak" && colour === "white") sum.whitePeak += energy_kwh;
  }
  const air_c = record.air5_c.subarray(airValues * from);
  const degreeHours = (excess_k: (theta_c: number, k: number) => number) =>
    air_c.reduce(
      (all, theta_c, i) => all + Math.max(0, excess_k(theta_c, from + Math.floor(i / airValues))),
      0,
    ) *
    (hours / airValues);
  const times_ms = record.decision_ms.slice(from).filter(Number.isFinite).sort();
  return {
    days: ((record.steps - from) * hours) / 24,
    cost_eur: sum.cost,
    energy_kwh: sum.energy,
    airBelow_kh: degreeHours((theta_c, k) => floorAt_c(k) - theta_c),
    opBelow_kh: sum.opBelow,
    airAbove24_kh: degreeHours((theta_c) => theta_c - 24),
    airAbove28_kh: degreeHours((theta_c) => theta_c - 28),
    coldest_c: air_c.reduce((least, theta_c) => Math.min(least, theta_c)),
    redPeak_kwh: sum.redPeak,
    whitePeak_kwh: sum.whitePeak,
    p50_ms: times_ms[Math.floor(times_ms.length / 2)],
    p95_ms: times_ms[Math.floor(0.95 * times_ms.length)],
  };
}
