/** What the Tab key offers: commands, their options, the words that an option takes, else files. */
import type { CompletionItem } from "@pnpm/tabtab";
import { type CommandName, commands, isCommand } from "./commands.ts";
import type { CommandOption } from "./options-of.ts";

export type OptionsByCommand = Readonly<Partial<Record<CommandName, readonly CommandOption[]>>>;

/** The line as it stands before the cursor. */
export interface Typed {
  /** Up to the cursor. */
  readonly line: string;
  /** The word before the one that is typed. */
  readonly previous: string;
}

/** @returns undefined where a file is meant */
export function completions(
  { line, previous }: Typed,
  options: OptionsByCommand,
): CompletionItem[] | undefined {
  const words = line.trimStart().split(/\s+/);
  if (words.length <= 2)
    return Object.entries(commands).map(([name, { description }]) => ({ name, description }));
  const [, command] = words;
  if (!isCommand(command)) return undefined;
  const known = options[command] ?? [];
  const isOption = words.at(-1)!.startsWith("-");
  const asked = known.find(({ name }) => name === previous);
  if (asked && asked.choices.length > 0)
    return asked.choices.map((name) => ({ name, description: asked.name }));
  return isOption ? known.map(({ name, description }) => ({ name, description })) : undefined;
}
