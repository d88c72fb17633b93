import { MessageChannel } from "node:worker_threads";
import { createThreads } from "@azru/runtime/threads";
import { type RunPlan, simulate, type Trajectory } from "@azru/simulation";
import type { DayMessage, Job } from "./worker.ts";

export interface PoolOptions {
  readonly plans: readonly RunPlan[];
  readonly onDay: (plan: number, day: DayMessage) => void;
  /** Stops all runs where they are when aborted; they still hand over what they have. */
  readonly signal: AbortSignal;
}

/**
 * Runs plans in parallel on the cores.
 *
 * @returns the trajectories in the plans' order, complete or cut short by the signal; a plan that had not
 *   under way when the signal came has a single step
 */
export async function runAll({ plans, onDay, signal }: PoolOptions): Promise<Trajectory[]> {
  const stop = new SharedArrayBuffer(4);
  const abort = () => Atomics.store(new Int32Array(stop), 0, 1);
  signal.addEventListener("abort", abort, { once: true });
  // Ctrl-C on a terminal also ends the compiler that a worker needs to start: such a worker has not started.
  const unlessAborted = (error: unknown) => {
    if (!signal.aborted) throw error;
  };
  const pool = createThreads<Job, Trajectory>({
    module: new URL("./worker.ts", import.meta.url),
    onError: unlessAborted,
  });
  try {
    return await Promise.all(
      plans.map(async (plan, i) => {
        const { port1, port2 } = new MessageChannel();
        port1.on("message", (day: DayMessage) => onDay(i, day));
        const run = pool.run({ plan, progress: port2, stop }, { transferList: [port2] });
        return run.catch((error: unknown) => {
          unlessAborted(error);
          port1.close();
          return firstStep(plan);
        });
      }),
    );
  } finally {
    signal.removeEventListener("abort", abort);
    await pool.end();
  }
}

function firstStep(plan: RunPlan): Trajectory {
  return simulate(plan, () => performance.now()).next().value;
}
