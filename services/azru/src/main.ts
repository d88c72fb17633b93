/** The command of the installed package: `azru simulate`, `azru start`, ... */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runCommand, UsageError } from "@azru/command-line";
import tabtab from "@pnpm/tabtab";
import { commands, isCommand } from "./commands.ts";
import { completions, type OptionsByCommand } from "./completion.ts";

const manifest = new URL("../../../package.json", import.meta.url);

const help = `Usage: azru <command> [options]

Heats a home for less money.

Commands:
${Object.entries(commands)
  .map(([name, { description }]) => `  ${name.padEnd(16)}${description}`)
  .join("\n")}

  azru <command> --help   what a command takes
  azru completion SHELL   a script for bash, zsh, fish or pwsh: source <(azru completion bash)
  azru --version
`;

const [, , command, ...rest] = process.argv;
if (isCommand(command)) {
  const { service } = commands[command];
  process.env.AZRU_CALL ??= "azru";
  process.env.AZRU_PROGRAMS ??= fileURLToPath(new URL("../../../dist", import.meta.url));
  process.argv.splice(2, 1);
  await import(new URL(`../../${service}/src/main.ts`, import.meta.url).href);
} else await runCommand("azru", () => itself(command, rest));

/** What the command answers itself. @returns the exit code */
async function itself(asked: string | undefined, [shell]: readonly string[]): Promise<number> {
  switch (asked) {
    case "--version":
    case "-V":
      return print(`${(JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version}\n`);
    case "--help":
    case "-h":
    case "help":
    case undefined:
      return print(help);
    case "completion":
      return print(await completionScript(shell));
    case "completion-server":
      return complete();
    default:
      throw new UsageError(`there is no command ${JSON.stringify(asked)} (see azru --help)`);
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

async function completionScript(shell = "bash"): Promise<string> {
  if (!tabtab.isShellSupported(shell))
    throw new UsageError(
      `completion is for ${tabtab.SUPPORTED_SHELLS.join(", ")}, got ${JSON.stringify(shell)}`,
    );
  return tabtab.getCompletionScript({ name: "azru", completer: "azru", shell });
}

/** Answers the script that the shell calls at each Tab. */
function complete(): number {
  const { complete: isAsked, partial, prev } = tabtab.parseEnv(process.env);
  if (!isAsked) return 0;
  const shell = tabtab.getShellFromEnv(process.env);
  const options = JSON.parse(
    readFileSync(new URL("../../../dist/options.json", import.meta.url), "utf8"),
  ) as OptionsByCommand;
  const found = completions({ line: partial, previous: prev }, options);
  if (found) tabtab.log(found, shell);
  else tabtab.logFiles();
  return 0;
}
