/** Runs steps one after the other. */
import type { Stack } from "./stack.ts";
import { type Circumstances, NotHere, type Step } from "./step.ts";

interface Outcome {
  readonly name: string;
  readonly result: "ok" | "failed" | "not run";
  readonly took_s: number;
}

/** Runs the steps to the first that fails, and prints each with its time. */
export async function runSteps(
  steps: readonly Step[],
  stack: Stack,
  circumstances: Circumstances,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { name, run } of steps) {
    const start_ms = performance.now();
    const report = (result: Outcome["result"], text: string | undefined) => {
      const took_s = (performance.now() - start_ms) / 1000;
      outcomes.push({ name, result, took_s });
      console.log(`${result.padEnd(8)}${took_s.toFixed(1).padStart(7)} s  ${name}`);
      if (text) console.log(text.replaceAll(/^/gm, " ".repeat(19)));
    };
    try {
      report("ok", await run(stack, circumstances));
    } catch (error) {
      if (error instanceof NotHere) report("not run", error.message);
      else {
        report("failed", (error as Error).stack);
        console.log(await stack.compose("ps", "--all"));
        console.log(await stack.compose("--profile", "*", "logs", "--tail", "15"));
        break;
      }
    }
  }
  return outcomes;
}
