/** A service that people start by hand. */
import { logVariables, runService, type ServiceContext, type Variables, variablesHelp } from "@azru/runtime";
import { callOf, createCommand, parseOptions } from "./command.ts";
import { runCommand } from "./run.ts";

interface ServiceCommand<V extends Variables> {
  readonly name: string;
  readonly description: string;
  /** Lines to copy, up to the call itself. */
  readonly example: string;
  /** The page that explains its file. */
  readonly page: string;
  readonly variables: V;
  readonly start: (context: ServiceContext<V>) => unknown;
}

/** Runs a service (`runService`), or prints its help. */
export async function runServiceCommand<const V extends Variables>(
  options: ServiceCommand<V>,
): Promise<void> {
  const { name, description, example, page, variables, start } = options;
  const notes = `
Example:
  ${example}${callOf(name)}

Environment variables (${page} explains the file):
${variablesHelp({ ...variables, ...logVariables })}
Exit codes: 0 stopped by Ctrl-C, 1 failed, 2 asked wrongly.`;
  await runCommand(name, async (argv) => {
    const command = createCommand(name, `${description} Ctrl-C stops it.`).addHelpText("after", notes);
    if (parseOptions(command, argv)) await runService(name, variables, start);
    return 0;
  });
}
