/** What drove a house in a history: heat, weather, and people by the hour; short gaps filled, long ones left out. */
import type { History } from "../history.ts";

/** Steps `[from, to)` of which all forces are known. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The columns of a history without gaps inside its stretches. */
export interface Drive {
  readonly dtSeconds: number;
  readonly theta_air_c: Float64Array; // NaN where not measured
  /** Heat metered, W, or the valve's share of the heater's power, 0 to 1. */
  readonly heat: Float64Array;
  readonly isMetered: boolean;
  readonly theta_e_c: Float64Array;
  readonly phi_sol_w: Float64Array;
  /** Hour of the day, home time, in the middle of each step. */
  readonly hour: Float64Array;
  readonly stretches: readonly Stretch[];
}

const bridged_h = 2; // a gap so short is filled by a straight line
const shortest_h = 24; // a stretch that is shorter shows nothing of a day
const mostStretches = 8; // each has a start of its own to find

/** @param hourOfDay of a Unix time, ms: people live by the clock */
export function driveOf(history: History, hourOfDay: (timeMs: number) => number): Drive {
  const { dtSeconds, startMs } = history;
  const longest = Math.round((bridged_h * 3600) / dtSeconds);
  const heat = bridged(history.phi_HC_w ?? history.valve, longest);
  const theta_e_c = bridged(history.theta_e_c, longest);
  const phi_sol_w = bridged(history.phi_sol_w, longest);
  const steps = heat.length;
  const stretches: Stretch[] = [];
  for (let k = 0, from = 0; k <= steps; k++) {
    if (k < steps && !Number.isNaN(heat[k] + theta_e_c[k] + phi_sol_w[k])) continue;
    if ((k - from) * dtSeconds >= shortest_h * 3600) stretches.push({ from, to: k });
    from = k + 1;
  }
  return {
    dtSeconds,
    theta_air_c: history.theta_air_c,
    heat,
    isMetered: history.phi_HC_w !== undefined,
    theta_e_c,
    phi_sol_w,
    hour: heat.map((_, k) => hourOfDay(startMs + (k + 0.5) * dtSeconds * 1000)),
    stretches: stretches
      .toSorted((a, b) => b.to - b.from - (a.to - a.from))
      .slice(0, mostStretches)
      .toSorted((a, b) => a.from - b.from),
  };
}

/** The part of a drive in steps `[from, to)`. */
export function driveBetween(drive: Drive, from: number, to: number): Drive {
  const shortest = (shortest_h * 3600) / drive.dtSeconds;
  const stretches = drive.stretches
    .map((s) => ({ from: Math.max(from, s.from), to: Math.min(to, s.to) }))
    .filter((s) => s.to - s.from >= shortest);
  return { ...drive, stretches };
}

function bridged(column: Float64Array, longest: number): Float64Array {
  const filled = column.slice();
  for (let k = 1; k < filled.length; k++) {
    if (!Number.isNaN(filled[k]) || Number.isNaN(filled[k - 1])) continue;
    let end = k;
    while (end < filled.length && Number.isNaN(column[end])) end++;
    if (end === filled.length || end - k > longest) continue;
    const [before, after] = [filled[k - 1], column[end]];
    for (let i = k; i < end; i++) filled[i] = before + ((after - before) * (i - k + 1)) / (end - k + 1);
  }
  return filled;
}
