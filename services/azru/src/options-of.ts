/** The options of a command, taken from its help. */
export interface CommandOption {
  /** With its dashes. */
  readonly name: string;
  readonly description: string;
  /** Where it takes one of a few words. */
  readonly choices: readonly string[];
}

/** @param help as Commander prints it */
export function optionsOf(help: string): CommandOption[] {
  const [, ...entries] = help.split(/^ {2}(?=-)/m);
  return entries.map((entry) => {
    const text = entry
      .split(/\n(?=\S|\n)/)[0]
      .replaceAll(/\s+/g, " ")
      .trim();
    const [, name = "", description = ""] =
      /^(?:-\w, )?(--[\w-]+)(?: [<[][^>\]]*[>\]])?\s*(.*)$/.exec(text) ?? [];
    const choices = /\(choices: ([^)]*?)(?:, (?:default|env):|\))/.exec(text)?.[1] ?? "";
    const words = [...choices.matchAll(/"([^"]+)"/g)].map(([, word]) => word);
    return { name, description: description.replace(/ \((choices|default|env):.*$/, ""), choices: words };
  });
}
