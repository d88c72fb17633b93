/** What was spent, from counters that only rise. */
import type { HistoryResponse } from "@azru/contracts";

/**
 * What the counters of cost rose by, EUR; null where there are fewer than two readings. A counter that begins
 * anew does not count against what was spent.
 */
export function spent_eur({ columns }: Pick<HistoryResponse, "columns">): number | null {
  let total: number | null = null;
  for (const { field, value } of columns) {
    if (field !== "heating_cost_cumulative") continue;
    const counter = value.filter((one) => typeof one === "number");
    for (let i = 1; i < counter.length; i++) total = (total ?? 0) + Math.max(0, counter[i] - counter[i - 1]);
  }
  return total;
}
