/** A run of the comparison, in a process of its own so that its memory and processor time are its own. */
import type { Outcome } from "./outcome.ts";
import { outcomeOfRun, type WinterTask } from "./winter-run.ts";

/** What a controller came to, and what it took to decide. */
export interface ComparedOutcome extends Outcome {
  /** Largest resident set of the process that decides, MB. */
  readonly memory_mb: number;
  /** Decisions for which it found no plan. */
  readonly unplanned: number;
}

export type ComparedAnswer = { readonly outcome: ComparedOutcome } | { readonly failed: string };

/** Processor time of this process, ms: unlike the clock's, it does not grow with what else the machine does. */
function processor_ms(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

process.once("message", async (task: WinterTask) => {
  const answer = await outcomeOfRun(task, processor_ms).then(
    ({ outcome, usage }): ComparedAnswer => ({
      outcome: {
        ...outcome,
        memory_mb: usage?.memory_mb ?? process.resourceUsage().maxRSS / 1024,
        unplanned: usage?.unplanned ?? 0,
      },
    }),
    (error: Error): ComparedAnswer => ({ failed: error.message }),
  );
  process.send!(answer, () => process.disconnect());
});
