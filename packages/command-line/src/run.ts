import { ConfigError } from "@azru/runtime";
import { RunError, UsageError } from "./errors.ts";

/**
 * Runs a command and sets the process's exit code: what `main` returns, 2 where the user asked wrongly (UsageError,
 * or a ConfigError: the environment is wrong), 1 where something outside failed (RunError). What went wrong is written
 * in one line each to standard error, after the command's name; any other error is a defect and thrown on.
 *
 * @param main gets the arguments
 */
export async function runCommand(
  name: string,
  main: (argv: readonly string[]) => Promise<number>,
): Promise<void> {
  // Who reads no further, such as head, ends the command without a complaint.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
  process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
    if (error instanceof ConfigError) return complain(name, error.problems, 2);
    if (error instanceof UsageError || error instanceof RunError)
      return complain(name, [error.message], error.exitCode);
    throw error;
  });
}

function complain(name: string, problems: readonly string[], exitCode: number): number {
  // Where the package is installed, `pnpm run setup` is `azru setup`.
  const { AZRU_CALL: call } = process.env;
  const known = call === "azru" ? name.replace(/^pnpm (run )?/, "azru ") : name;
  for (const problem of problems) say(`${known}: ${problem}`);
  return exitCode;
}

/** Writes something beside the result: a line on standard error. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
