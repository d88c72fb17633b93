/** `pnpm test:compose`: the whole stack of docker-compose.yml in a Docker engine, through a home's life. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createCommand, number, parseOptions, runCommand, UsageError } from "@azru/command-line";
import { Option } from "commander";
import { steps } from "./life.ts";
import { watchProgress } from "./progress.ts";
import { before, runSteps } from "./run-steps.ts";
import { createStack } from "./stack.ts";

const notes = `
--engine 28 and 20.10 make engine, Compose and stand-ins for the images from Debian's, npm's and Go's packages, in
--cache (half an hour and 6 GB the first time; needs root on Debian). --engine system takes the engine that this user
has, with the real images. Either way the project is named azru-test and removed at the end.
Exit codes: 0 every step went well, 1 one did not, 2 asked wrongly.`;

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
    .option("--until <text>", "the last step to run, by a part of its name")
    .option("--without <text...>", "steps to leave out, by a part of their names", [])
    .addHelpText("after", notes);
  const options = parseOptions<Options>(command, argv);
  if (!options) return 0;
  if (options.engine !== "system") return runInEngine(options);
  const { watch: watch_minutes, homeDays, homeMinutes, stall, upgradeFrom, until, without } = options;
  const progress = watchProgress(stall);
  const signal = AbortSignal.any([progress.signal, interruption()]);
  const stack = createStack(signal, progress.made);
  const last = until === undefined ? steps.length : steps.findIndex(({ name }) => name.includes(until)) + 1;
  if (last === 0) throw new UsageError(`--until ${until}: no step has this in its name`);
  const chosen = steps.slice(0, last).filter(({ name }) => !without.some((text) => name.includes(text)));
  const circumstances = { watch_minutes, homeDays, homeMinutes, ...(upgradeFrom && { upgradeFrom }) };
  const outcomes = await runSteps(chosen, stack, circumstances, signal).finally(() =>
    before(AbortSignal.timeout(teardown_minutes * minute_ms), stack.remove()),
  );
  return outcomes.every(({ result }) => result !== "failed") ? 0 : 1;
});
// A step that was left when it stalled may still hold connections.
process.exit();

/** Aborts when the user or the system ends this program, which removes the stack first. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => controller.abort(new Error(`ended by ${signal}`)));
  return controller.signal;
}

/** Makes engine and images, and runs this program again beside them. */
async function runInEngine(options: Options): Promise<number> {
  const { engine, cache, watch, homeDays, homeMinutes, stall, upgradeFrom, until, without } = options;
  if (process.getuid?.() !== 0)
    throw new UsageError(`--engine ${engine} needs root; --engine system does not`);
  const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const made = await run([path("packages.sh"), cache, engine]);
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
  const last = until === undefined ? [] : ["--until", until];
  const left = without.length > 0 ? ["--without", ...without] : [];
  const command = [
    ...[path("engine.sh"), join(cache, `engine-${engine}`), join(cache, `data-${engine}`)],
    ...["bash", "-c", `timeout ${standIns_minutes}m "$0" "$1" && shift && exec "$@"`],
    ...[path("stand-ins/make.sh"), cache],
    ...[...again, ...days, ...end, ...upgrade, ...last, ...left],
  ];
  return run(command);
}

/** Runs a program, and ends it when this one is ended. */
async function run([program, ...args]: readonly string[]): Promise<number> {
  const child = spawn(program, args, { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => child.kill("SIGTERM"));
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? 1;
}
