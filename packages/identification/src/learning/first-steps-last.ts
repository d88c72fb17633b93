import { stepsADay } from "../day-ahead.ts";
import type { History } from "../history.ts";

/**
 * A history whose first steps follow its last ones, after a gap of a day or more of which nothing is known. The hours
 * of the day stay right where `count` steps are whole days.
 */
export function firstStepsLast(history: History, count: number): History {
  const { startMs, dtSeconds, theta_air_c } = history;
  const day = stepsADay(history);
  const untilWhole = (day - (theta_air_c.length % day)) % day;
  const gap = new Array<number>(day + untilWhole).fill(Number.NaN);
  const moved = (column: Float64Array) =>
    Float64Array.from([...column.subarray(count), ...gap, ...column.subarray(0, count)]);
  return {
    ...history,
    startMs: startMs + count * dtSeconds * 1000,
    theta_air_c: moved(history.theta_air_c),
    valve: moved(history.valve),
    theta_e_c: moved(history.theta_e_c),
    phi_sol_w: moved(history.phi_sol_w),
    ...(history.phi_HC_w && { phi_HC_w: moved(history.phi_HC_w) }),
  };
}
