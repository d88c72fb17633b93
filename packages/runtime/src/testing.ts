/** Services and commands as they really run, for tests: processes of their own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

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
  /** On top of `inheritedEnvironment`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Told what comes on standard error, and how to press Ctrl-C. */
  readonly onStderr?: (text: string, interrupt: () => void) => void;
}

/** Runs a command's `main.ts` to its end, in the folder of the repository. */
export async function runProgram(
  main: URL,
  args: readonly string[],
  { environment = {}, onStderr }: ProgramOptions = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, ["--import", "tsx", fileURLToPath(main), ...args], {
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
  const child = spawn(process.execPath, ["--import", "tsx", fileURLToPath(main)], {
    env: { ...process.env, AZRU_LOG_FORMAT: "json", ...environment },
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
