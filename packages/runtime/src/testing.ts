/** A service as it really runs, for tests: a process of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

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
