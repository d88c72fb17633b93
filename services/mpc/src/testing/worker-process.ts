/** The service as it really runs: a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));

export interface WorkerProcess {
  /** What it has logged so far. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts `main.ts` in the environment given, on top of ours. */
export function startWorker(environment: Readonly<Record<string, string>>): WorkerProcess {
  const child: ChildProcess = spawn(process.execPath, ["--import", "tsx", main], {
    env: { ...process.env, AZRU_LOG_FORMAT: "json", ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const log: Record<string, unknown>[] = [];
  const lines = createInterface({ input: child.stdout! });
  lines.on("line", (line) => log.push(JSON.parse(line)));
  const closed = Promise.all([once(child, "exit"), once(lines, "close")]);
  return {
    log,
    ended: closed.then(([[code, signal]]) => code ?? signal),
    kill: (signal) => child.kill(signal),
  };
}
