import { Command, CommanderError } from "commander";
import { UsageError } from "./errors.ts";
import { say } from "./run.ts";

/**
 * How a command is called, so that it can be copied: `azru simulate` where the package is installed, which says so in
 * AZRU_CALL, else a script of this repository, for whoever has Node and npm alone.
 *
 * @param script its name in package.json, and what follows
 */
export function callOf(script: string): string {
  const { AZRU_CALL: call = "npx -y pnpm@12" } = process.env;
  // pnpm has commands of its own called doctor and setup.
  return `${call} ${call === "azru" ? script.replace(/^run /, "") : script}`;
}

/** A command whose options are yet to be added, for `parseOptions`. */
export function createCommand(script: string, description: string): Command {
  return new Command(callOf(script))
    .description(description)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
}

/**
 * Reads the command line.
 *
 * @returns the options, or nothing when help was asked for and printed
 * @throws UsageError in one line naming the option and the value
 */
export function parseOptions<Options extends object>(
  command: Command,
  argv: readonly string[],
): Options | undefined {
  try {
    command.parse(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    const complaint = error.message.replace(/^error: /, "").replaceAll("\n", " ");
    throw new UsageError(`${complaint} (see ${command.name()} --help)`);
  }
  return command.opts<Options>();
}

/**
 * The options of a developer's program, which is no command of its own. Ends the process with 0 after help, and with 2
 * and one line where an option is wrong.
 */
export function optionsOrExit<Options extends object>(command: Command): Options {
  try {
    const options = parseOptions<Options>(command, process.argv.slice(2));
    if (options) return options;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    say(`${command.name()}: ${error.message}`);
    process.exit(2);
  }
  process.exit(0);
}
