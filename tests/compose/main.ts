/** `pnpm test:compose`: the whole stack of docker-compose.yml in a Docker engine, through a home's life. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createCommand, number, parseOptions, runCommand, UsageError } from "@azru/command-line";
import { Option } from "commander";
import { chosenSteps } from "./choice.ts";
import { type Interrupted, onInterruption } from "./interruption.ts";
import { steps } from "./life.ts";
import { watchProgress } from "./progress.ts";
import { before, runSteps } from "./run-steps.ts";
import { createStack } from "./stack.ts";

const notes = `
--engine 28 and 20.10 make engine, Compose and stand-ins for the images from Debian's, npm's and Go's packages, in
--cache (half an hour and 6 GB the first time; needs root on Debian). --engine system takes the engine that this user
has, with the real images. Either way the project is named azru-test and removed at the end.
Ctrl-C ends the step, removes the project and ends the engine; a second one ends the engine without removing, and the
next run removes what was left.
Exit codes: 0 every step went well, 1 one did not, 2 asked wrongly, 130 ended by Ctrl-C, 143 by SIGTERM.`;

const minute_ms = 60_000;
/** How long removing the project may take, after the last step. */
const teardown_minutes = 5;
/** What making the stand-ins of images may take. */
const standIns_minutes = 60;

interface Options {
  readonly engine: "28" | "20.10" | "system";
  readonly cache: string;
  readonly watch: number;
  readonly homeDays: number;
  readonly homeMinutes: number;
  readonly stall: number;
  readonly upgradeFrom?: string;
  readonly only?: readonly string[];
  readonly until?: string;
  readonly without: readonly string[];
}

await runCommand("test:compose", async (argv) => {
  const command = createCommand("test:compose", "Runs docker-compose.yml, whole, and looks at what it does.")
    .addOption(
      new Option("--engine <version>", "which Docker engine")
        .choices(["28", "20.10", "system"])
        .default("28"),
    )
    .option("--cache <folder>", "what was made of packages", join(homedir(), ".cache", "azru-compose"))
    .option("--watch <minutes>", "how long memory and writing are watched", number(0), 2)
    .option("--home-days <days>", "how many simulated days memory is watched over", number(0), 0)
    .option(
      "--home-minutes <minutes>",
      "how many minutes those days are spread over; at most a quarter more on a slow machine",
      number(1),
      10,
    )
    .option("--stall <minutes>", "how long nothing may go on before the run ends", number(1), 20)
    .option("--upgrade-from <ref>", "which version of the repository to upgrade from (default: the last tag)")
    .option(
      "--only <text...>",
      "the steps to run, by a part of their names, beside those that bring the stack up",
    )
    .option("--until <text>", "the last step to run, by a part of its name")
    .option("--without <text...>", "steps to leave out, by a part of their names", [])
    .addHelpText("after", notes);
  const options = parseOptions<Options>(command, argv);
  if (!options) return 0;
  const chosen = chosenSteps(steps, options);
  if (options.engine !== "system") return runInEngine(options);
  const { watch: watch_minutes, homeDays, homeMinutes, stall, upgradeFrom } = options;
  const progress = watchProgress(stall);
  const interruption = new AbortController();
  let interrupted: Interrupted | undefined;
  onInterruption((reason) => {
    if (interrupted) process.exit(reason.exitCode);
    interrupted = reason;
    console.error(`${reason.message}: the project is removed`);
    interruption.abort(reason);
  });
  const signal = AbortSignal.any([progress.signal, interruption.signal]);
  const stack = createStack(signal, progress.made);
  const circumstances = { watch_minutes, homeDays, homeMinutes, ...(upgradeFrom && { upgradeFrom }) };
  const outcomes = await runSteps(chosen, stack, circumstances, signal).finally(() =>
    before(AbortSignal.timeout(teardown_minutes * minute_ms), stack.remove()),
  );
  if (interrupted) return interrupted.exitCode;
  return outcomes.every(({ result }) => result !== "failed") ? 0 : 1;
});
// A step that was left when it stalled may still hold connections.
process.exit();

/** Makes engine and images, and runs this program again beside them. */
async function runInEngine(options: Options): Promise<number> {
  const { engine, cache, watch, homeDays, homeMinutes, stall, upgradeFrom, only, until, without } = options;
  if (process.getuid?.() !== 0)
    throw new UsageError(`--engine ${engine} needs root; --engine system does not`);
  const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const made = await run([path("packages.sh"), cache, engine], { isWhole: true });
  if (made !== 0) return made;
  const again = [
    process.execPath,
    "--import",
    "tsx",
    path("main.ts"),
    "--engine",
    "system",
    "--watch",
    `${watch}`,
  ];
  const upgrade = upgradeFrom === undefined ? [] : ["--upgrade-from", upgradeFrom];
  const days = ["--home-days", `${homeDays}`, "--home-minutes", `${homeMinutes}`];
  const end = ["--stall", `${stall}`];
  const those = only === undefined ? [] : ["--only", ...only];
  const last = until === undefined ? [] : ["--until", until];
  const left = without.length > 0 ? ["--without", ...without] : [];
  const command = [
    ...[path("engine.sh"), join(cache, `engine-${engine}`), join(cache, `data-${engine}`)],
    ...["bash", "-c", `timeout ${standIns_minutes}m "$0" "$1" && shift && exec "$@"`],
    ...[path("stand-ins/make.sh"), cache],
    ...[...again, ...days, ...end, ...upgrade, ...those, ...last, ...left],
  ];
  return run(command);
}

/**
 * Runs a program away from the terminal, whose Ctrl-C would end the engine before the project is removed; a signal is
 * passed on to it.
 *
 * @param isWhole whether a signal ends what the program has started, too, which then cannot end it in its own order
 */
async function run([program, ...args]: readonly string[], { isWhole = false } = {}): Promise<number> {
  const child = spawn(program, args, { stdio: "inherit", detached: true });
  let interrupted: Interrupted | undefined;
  const stopListening = onInterruption((reason) => {
    interrupted = reason;
    if (child.pid !== undefined) process.kill(isWhole ? -child.pid : child.pid, "SIGTERM");
  });
  const [code] = (await once(child, "exit")) as [number | null];
  stopListening();
  return interrupted?.exitCode ?? code ?? 1;
}
