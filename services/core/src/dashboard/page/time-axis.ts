/** Where the chart's time is marked: at round hours of the home. Times are Unix seconds. */
import { hourOf } from "./format.ts";

const hour_s = 3600;

/**
 * The densest round hours that fit.
 *
 * @param room number of marks that fit
 */
export function hourTicks(min_s: number, max_s: number, room: number): number[] {
  const every = [3, 6, 12].find((hours) => (max_s - min_s) / hour_s / hours <= room) ?? 24;
  const ticks: number[] = [];
  for (let at_s = Math.ceil(min_s / hour_s) * hour_s; at_s <= max_s; at_s += hour_s) {
    if (hourOf(at_s * 1000) % every === 0) ticks.push(at_s);
  }
  return ticks;
}
