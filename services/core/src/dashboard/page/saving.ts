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

/** @returns undefined where either has less than two points */
export function savingOf(
  own: HistoryResponse | null,
  thermostat: HistoryResponse | null,
): Saving | undefined {
  const paid_eur = growth(own, "heating_cost_cumulative");
  const baseline_eur = growth(thermostat, "heating_cost_cumulative");
  if (paid_eur === undefined || baseline_eur === undefined) return undefined;
  const energy_kwh = energyOf(own);
  const baseline_kwh = energyOf(thermostat);
  const isSplit = energy_kwh !== undefined && baseline_kwh !== undefined && baseline_kwh > 0;
  const lessHeat_eur = isSplit ? (baseline_kwh - energy_kwh) * (baseline_eur / baseline_kwh) : undefined;
  return {
    paid_eur,
    baseline_eur,
    energy_kwh,
    lessHeat_eur,
    shifted_eur: lessHeat_eur === undefined ? undefined : baseline_eur - paid_eur - lessHeat_eur,
  };
}

function column(history: HistoryResponse | null, field: string) {
  return history?.columns.find((one) => one.field === field && one.value.length > 1);
}

/** By how much a counter grew; where it began anew it counts from nothing. */
function growth(history: HistoryResponse | null, field: string): number | undefined {
  const values = column(history, field)?.value.filter((value) => typeof value === "number");
  if (!values) return undefined;
  let sum = 0;
  for (const [i, value] of values.entries()) {
    if (i > 0) sum += value >= values[i - 1] - 1e-9 ? value - values[i - 1] : value;
  }
  return sum;
}

/** Energy between the first and the last mean of the power, as the costs are counted. */
function energyOf(history: HistoryResponse | null): number | undefined {
  const power_w = column(history, "power_consumption")?.value.filter((value) => typeof value === "number");
  if (!power_w || !history?.every_s) return undefined;
  const between = power_w.slice(1).map((value, i) => (value + power_w[i]) / 2);
  return (between.reduce((sum, value) => sum + value, 0) * history.every_s) / 3.6e6;
}
