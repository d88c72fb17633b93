/** What a stretch of the past cost, what the thermostat alone would have paid, and where the difference comes from. */
import type { HistoryResponse } from "@azru/contracts";

export interface Saving {
  readonly paid_eur: number;
  readonly baseline_eur: number;
  /** Undefined where nobody metered it. */
  readonly energy_kwh: number | undefined;
  /**
   * The parts of `baseline_eur - paid_eur`: energy that was bought at another mean price, and energy that was not
   * bought, at the mean price of the thermostat's. Undefined where energy is not known.
   */
  readonly shifted_eur: number | undefined;
  readonly lessHeat_eur: number | undefined;
}

/** What was stored of a stretch `[startMs, stopMs]`; null where the store does not have it. */
export interface Stretch {
  readonly startMs: number;
  readonly stopMs: number;
  /** Points of `savings.cost` as they are stored, from before the stretch on: what both counters say at its start counts. */
  readonly paid: HistoryResponse | null;
  /** The same of `savings.baseline_cost`. */
  readonly baseline: HistoryResponse | null;
  /** Means of the power of the rooms that are heated, over windows. */
  readonly power: HistoryResponse | null;
  /** Means of the power of the thermostat's home, over the same windows. */
  readonly baselinePower: HistoryResponse | null;
}

/** @returns undefined where nothing was counted in the stretch */
export function savingOf(stretch: Stretch): Saving | undefined {
  const paid_eur = growth(stretch.paid, stretch);
  const baseline_eur = growth(stretch.baseline, stretch);
  if (paid_eur === undefined || baseline_eur === undefined) return undefined;
  const own_kwh = energies(stretch.power, stretch);
  const all_kwh = energies(stretch.baselinePower, stretch);
  // The costs are of the time that is known on both sides: the energies that explain them too.
  const both = [...own_kwh.keys()].filter((time) => all_kwh.has(time));
  const energy_kwh = own_kwh.size > 0 ? sum(own_kwh.values()) : undefined;
  const baseline_kwh = sum(both.map((time) => all_kwh.get(time)!));
  const less_kwh = baseline_kwh - sum(both.map((time) => own_kwh.get(time)!));
  const lessHeat_eur = baseline_kwh > 0 ? less_kwh * (baseline_eur / baseline_kwh) : undefined;
  return {
    paid_eur,
    baseline_eur,
    energy_kwh,
    lessHeat_eur,
    shifted_eur: lessHeat_eur === undefined ? undefined : baseline_eur - paid_eur - lessHeat_eur,
  };
}

/**
 * By how much a counter grew from what it said at the start of the stretch, so that days add up to their week; where it
 * began anew it counts from nothing.
 */
function growth(history: HistoryResponse | null, { startMs, stopMs }: Stretch): number | undefined {
  let before: number | undefined;
  let grown: number | undefined;
  for (const [timeMs, value] of points(history?.columns[0])) {
    if (timeMs > stopMs) break;
    if (timeMs > startMs && before !== undefined)
      grown = (grown ?? 0) + (value >= before - 1e-9 ? value - before : value);
    before = value;
  }
  return grown;
}

/** Energy of each window as far as it lies within the stretch, kWh, by its start; of all rooms together. */
function energies(history: HistoryResponse | null, { stopMs }: Stretch): Map<number, number> {
  const kwh = new Map<number, number>();
  const window_ms = (history?.every_s ?? 0) * 1000;
  for (const column of history?.columns ?? []) {
    for (const [timeMs, power_w] of points(column)) {
      const lasts_ms = Math.min(timeMs + window_ms, stopMs) - timeMs;
      kwh.set(timeMs, (kwh.get(timeMs) ?? 0) + (power_w * lasts_ms) / 3.6e9);
    }
  }
  return kwh;
}

function* points(column: HistoryResponse["columns"][number] | undefined): Generator<[number, number]> {
  for (const [i, value] of column?.value.entries() ?? [])
    if (typeof value === "number") yield [Date.parse(column!.time[i]), value];
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
