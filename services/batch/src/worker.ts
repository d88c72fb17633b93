/** Runs one simulation on a thread of the pool. */
import type { MessagePort } from "node:worker_threads";
import { type RunPlan, simulate, type Trajectory } from "@azru/simulation";

export interface Job {
  readonly plan: RunPlan;
  /** Gets the number of days simulated and the trajectory's sums of the latest one. */
  readonly progress: MessagePort;
  /** One 32-bit integer; anything but 0 stops the run at its next step. */
  readonly stop: SharedArrayBuffer;
}

export interface DayMessage {
  readonly day: number; // 1-based
  readonly cost_eur: number;
  readonly energy_kwh: number;
  readonly meanTemperature_c: number;
}

/** Simulates the job's plan, or as much of it as there was time for. */
export default function work({ plan, progress, stop }: Job): Trajectory {
  const stopped = new Int32Array(stop);
  const stepsADay = Math.max(1, Math.round(86_400 / plan.weather.dtSeconds));
  let latest: Trajectory | undefined;
  try {
    for (const trajectory of simulate(plan, () => performance.now())) {
      latest = trajectory;
      if (trajectory.length % stepsADay === 0) progress.postMessage(dayOf(trajectory, stepsADay));
      if (Atomics.load(stopped, 0) !== 0) break;
    }
  } finally {
    progress.close();
  }
  if (!latest) throw new RangeError("plan.steps must be > 0, got 0");
  return latest;
}

function dayOf(t: Trajectory, stepsADay: number): DayMessage {
  const from = t.length - stepsADay;
  const sum = (column: Float64Array) => column.subarray(from, t.length).reduce((a, b) => a + b, 0);
  return {
    day: t.length / stepsADay,
    cost_eur: sum(t.cost_eur),
    energy_kwh: (sum(t.power_w) * t.dtSeconds) / 3.6e6,
    meanTemperature_c: sum(t.theta_air_c) / stepsADay,
  };
}
