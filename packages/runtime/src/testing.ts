/** Services and commands as they really run, for tests: processes of their own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** Names the JSON file of the programs that the test run made (tests/programs.ts): path of the program by that of its source. */
export const programsVariable = "AZRU_TEST_PROGRAMS";

const manifest = process.env[programsVariable];
const programs: Readonly<Record<string, string>> = manifest ? JSON.parse(readFileSync(manifest, "utf8")) : {};

/** The folder of the programs that the test run made; undefined outside of one. */
export const programsFolder = manifest && dirname(manifest);

/** How Node runs a module of this repository. */
export interface Runnable {
  readonly file: string;
  readonly nodeOptions: readonly string[];
}

/** As the program that the test run made of it, as in an image; through tsx where there is none. */
export function runnable(module: URL): Runnable {
  const file = programs[fileURLToPath(module)];
  return file === undefined ? fromSource(module) : { file, nodeOptions: [] };
}

/** As it is, compiled by tsx at each start: so does pnpm in a clone. */
export function fromSource(module: URL): Runnable {
  return { file: fileURLToPath(module), nodeOptions: ["--import", "tsx"] };
}

/** Our environment without what a developer may have set for Azru. */
export function inheritedEnvironment(): Record<string, string | undefined> {
  const isOurs = /^(AZRU|MQTT|INFLUXDB)_/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs.test(name)));
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  /** How the module is run; `runnable` by default. */
  readonly as?: (module: URL) => Runnable;
  /** On top of `inheritedEnvironment`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Called with what comes on standard error, and with how to press Ctrl-C. */
  readonly onStderr?: (text: string, interrupt: () => void) => void;
}

/** Runs a command's `main.ts` to its end, in the folder of the repository. */
export async function runProgram(
  main: URL,
  args: readonly string[],
  { as = runnable, environment = {}, onStderr }: ProgramOptions = {},
): Promise<Outcome> {
  const { file, nodeOptions } = as(main);
  const child = spawn(process.execPath, [...nodeOptions, file, ...args], {
    cwd: fileURLToPath(new URL("../../../", import.meta.url)),
    env: { ...inheritedEnvironment(), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a group of its own, which Ctrl-C on a terminal goes to as a whole
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
    onStderr?.(chunk, () => process.kill(-child.pid!, "SIGINT"));
  });
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  return { code, stdout, stderr };
}

export interface ServiceProcess {
  /** What it has logged so far. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** Its exit code, or the signal that ended it; what it logged is complete by then. */
  readonly ended: Promise<number | NodeJS.Signals>;
  kill(signal: NodeJS.Signals): void;
}

/**
 * Starts a service's `main.ts`.
 *
 * @param environment on top of ours
 */
export function startService(main: URL, environment: Readonly<Record<string, string>>): ServiceProcess {
  const { file, nodeOptions } = runnable(main);
  const child = spawn(process.execPath, [...nodeOptions, file], {
    env: { ...inheritedEnvironment(), AZRU_LOG_FORMAT: "json", ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const log: Record<string, unknown>[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => log.push(JSON.parse(line)));
  const closed = Promise.all([once(child, "exit"), once(lines, "close")]);
  return {
    log,
    ended: closed.then(([[code, signal]]) => code ?? signal),
    kill: (signal) => child.kill(signal),
  };
}
