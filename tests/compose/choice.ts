/** Which steps are run. */
import { UsageError } from "@azru/command-line";
import type { Step } from "./step.ts";

/** Each names steps by parts of their names. */
export interface Choice {
  /** The only ones, beside those that others stand on. */
  readonly only?: readonly string[] | undefined;
  /** The last one. */
  readonly until?: string | undefined;
  readonly without: readonly string[];
}

/** @throws UsageError naming the option and the text that is in no step's name */
export function chosenSteps(steps: readonly Step[], { only, until, without }: Choice): readonly Step[] {
  const has = (text: string) => (step: Step) => step.name.includes(text);
  const check = (option: string, text: string) => {
    if (steps.some(has(text))) return;
    const names = steps.map(({ name }) => `  ${name}`).join("\n");
    throw new UsageError(`${option} ${text}: no step has this in its name; the steps are\n${names}`);
  };
  for (const text of only ?? []) check("--only", text);
  for (const text of without) check("--without", text);
  if (until !== undefined) check("--until", until);
  const last = until === undefined ? steps.length : steps.findIndex(has(until)) + 1;
  return steps
    .slice(0, last)
    .filter((step) => !only || step.isBase || only.some((text) => has(text)(step)))
    .filter((step) => !without.some((text) => has(text)(step)));
}
