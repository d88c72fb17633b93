import { expect, it, vi } from "vitest";
import { Interrupted } from "./interruption.ts";
import { runSteps } from "./run-steps.ts";
import type { Stack } from "./stack.ts";
import { NotHere, type Step } from "./step.ts";

const circumstances = { watch_minutes: 0, homeDays: 0, homeMinutes: 1 };
const stack = { goesOn: () => undefined, state: async () => "all containers" } as Stack;

async function outcomesOf(steps: readonly Step[], end = new AbortController()) {
  const printed: string[] = [];
  const keep = (line: string) => void printed.push(line);
  const spies = [vi.spyOn(console, "log").mockImplementation(keep), vi.spyOn(console, "error")];
  spies[1].mockImplementation(() => undefined);
  const outcomes = await runSteps(steps, stack, circumstances, end.signal);
  for (const spy of spies) spy.mockRestore();
  return { results: outcomes.map(({ result }) => result), printed: printed.join("\n") };
}

it("goes on after what cannot be run, and ends with the state of the stack at what fails", async () => {
  const never = vi.fn();
  const { results, printed } = await outcomesOf([
    { name: "well", run: async () => "said" },
    { name: "not here", run: () => Promise.reject(new NotHere("no tag")) },
    { name: "wrong", run: () => Promise.reject(new Error("it does not hold")) },
    { name: "after that", run: never },
  ]);
  expect(results).toEqual(["ok", "not run", "failed"]);
  expect(printed).toMatch(/said[\s\S]*no tag[\s\S]*it does not hold\n +at [\s\S]*all containers/);
  expect(never).not.toHaveBeenCalled();
});

it.each(["SIGINT", "SIGTERM"] as const)("stops at once, without a stack trace, at %s", async (signal) => {
  const end = new AbortController();
  const never = vi.fn();
  const { results, printed } = await outcomesOf(
    [
      {
        name: "long",
        run: () => {
          end.abort(new Interrupted(signal));
          return new Promise(() => undefined);
        },
      },
      { name: "after that", run: never },
    ],
    end,
  );
  expect(results).toEqual(["stopped"]);
  expect(printed).toMatch(/^stopped +[\d.]+ s {2}long\n +ended by .*SIG(INT|TERM)\)?$/);
  expect(never).not.toHaveBeenCalled();
});
