/** The whole system as a user starts it, and what it says. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { inheritedEnvironment, programsFolder } from "@azru/runtime/testing";

/** A line of the log. */
export interface LogRecord {
  readonly service: string;
  readonly msg: string;
  readonly [detail: string]: unknown;
}

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningSystem {
  /** What was printed beside the log. */
  readonly lines: readonly string[];
  /** What was written to standard error. */
  readonly complaints: readonly string[];
  readonly exit: Promise<Exit>;
  /** The first record that fits, of those that came and those to come; rejects when the system ends without. */
  record(fits: (record: LogRecord) => boolean): Promise<LogRecord>;
  /** How many records so far fit. */
  count(fits: (record: LogRecord) => boolean): number;
  /** Every process that was started for a service, in order. */
  pids(service: string): number[];
  /** Sends a signal to the whole process group, as a terminal does. */
  signalGroup(signal: NodeJS.Signals): void;
  /** Sends a signal to the supervising process alone. */
  signal(signal: NodeJS.Signals): void;
}

const repository = fileURLToPath(new URL("../../", import.meta.url));
/** What `pnpm start` runs: it makes the programs before it starts them. */
export const startCommand: readonly string[] = ["node", "services/standalone/start.mjs"];
/** With the programs that the test run made, as an installed package has them. */
const madeCommand = programsFolder ? ["node", join(programsFolder, "standalone-main.mjs")] : startCommand;
const folders: string[] = [];
const systems: { readonly child: ChildProcess; readonly lastWords: () => string }[] = [];

interface StartOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
}

/** Starts the system in a process group of its own, with nothing set that the developer may have set. */
export function startSystem(
  args: readonly string[],
  { environment = {}, command = madeCommand }: StartOptions = {},
): RunningSystem {
  const [file, ...first] = command;
  const child = spawn(file, [...first, ...args, "--log-format", "json"], {
    cwd: repository,
    env: {
      ...inheritedEnvironment(),
      ...(command === madeCommand && { AZRU_PROGRAMS: programsFolder }),
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });

  const records: LogRecord[] = [];
  const lines: string[] = [];
  const complaints: string[] = [];
  const waiting = new Set<() => void>();
  let ended = false;
  const look = () => {
    for (const one of waiting) one();
  };
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line.startsWith("{")) records.push(JSON.parse(line));
    else lines.push(line);
    look();
  });
  createInterface({ input: child.stderr }).on("line", (line) => complaints.push(line));
  const exit = once(child, "close").then(([code, signal]): Exit => {
    ended = true;
    look();
    return { code, signal };
  });
  const lastWords = () =>
    [...records.slice(-20).map((record) => JSON.stringify(record)), ...lines, ...complaints].join("\n");
  systems.push({ child, lastWords });

  return {
    lines,
    complaints,
    exit,
    record: (fits) =>
      new Promise((resolve, reject) => {
        const one = () => {
          const found = records.find(fits);
          if (!found && !ended) return;
          waiting.delete(one);
          if (found) resolve(found);
          else reject(new Error(`the system ended without that record:\n${lastWords()}`));
        };
        waiting.add(one);
        one();
      }),
    count: (fits) => records.filter(fits).length,
    pids: (service) =>
      records
        .filter(({ child: name, msg }) => name === service && msg === `${service} started`)
        .map(({ pid }) => Number(pid)),
    signalGroup: (signal) => process.kill(-child.pid!, signal),
    signal: (signal) => child.kill(signal),
  };
}

/** Where its API and its broker are, as soon as it says so. */
export async function addressesOf(system: RunningSystem): Promise<{ api: string; mqtt: string }> {
  const { httpPort, mqttUrl } = await system.record(({ msg }) => msg === "starting");
  return { api: `http://127.0.0.1:${httpPort}`, mqtt: String(mqttUrl) };
}

/** Resolves with what it shows the user once the home is heated. */
export function whenRunning(system: RunningSystem): Promise<LogRecord> {
  return system.record(({ service, msg }) => service === "standalone" && msg === "running");
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "azru-e2e-"));
  folders.push(folder);
  return folder;
}

/** Ends what a test left running and removes the folders. Where the test failed, prints their last lines. */
export async function cleanUp(failed: boolean): Promise<void> {
  for (const { child, lastWords } of systems.splice(0)) {
    if (failed) console.error(lastWords());
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = once(child, "close");
    process.kill(-child.pid!, "SIGKILL");
    await gone;
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
