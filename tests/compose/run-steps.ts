/** Runs steps one after the other. */
import { Interrupted } from "./interruption.ts";
import type { Stack } from "./stack.ts";
import { type Circumstances, NotHere, type Step } from "./step.ts";

export interface Outcome {
  readonly name: string;
  readonly result: "ok" | "failed" | "not run" | "stopped";
  readonly took_s: number;
}

/** How long the state of the stack may take to print where a step has failed. */
const lookAround_ms = 60_000;

/**
 * Runs the steps to the first that fails, and prints each with its time.
 *
 * @param end when it aborts, the step that runs then has failed, or was stopped where a user asked for the end
 */
export async function runSteps(
  steps: readonly Step[],
  stack: Stack,
  circumstances: Circumstances,
  end: AbortSignal,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { name, run } of steps) {
    const start_ms = performance.now();
    console.error(`${new Date().toISOString().slice(11, 19)} UTC          ${name} ...`);
    const report = (result: Outcome["result"], text: string | undefined) => {
      const took_s = (performance.now() - start_ms) / 1000;
      outcomes.push({ name, result, took_s });
      console.log(`${result.padEnd(8)}${took_s.toFixed(1).padStart(7)} s  ${name}`);
      if (text) console.log(text.replaceAll(/^/gm, " ".repeat(19)));
      stack.goesOn();
    };
    try {
      report("ok", await before(end, run(stack, circumstances)));
    } catch (error) {
      if (error instanceof NotHere) report("not run", error.message);
      else if (error instanceof Interrupted) {
        report("stopped", error.message);
        break;
      } else {
        report("failed", (error as Error).stack);
        const state = before(AbortSignal.timeout(lookAround_ms), stack.state());
        console.log(await state.catch(({ message }: Error) => message));
        break;
      }
    }
  }
  return outcomes;
}

/** What the work gives; throws the signal's reason as soon as it aborts, and leaves the work to itself then. */
export async function before<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const settled = new AbortController();
  const over = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { signal: settled.signal });
  });
  return Promise.race([work, over]).finally(() => settled.abort());
}
