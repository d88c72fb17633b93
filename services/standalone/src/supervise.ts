/** A service as a child process that is started again whenever it ends. */
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import type { Logger } from "@azru/runtime";
import { execa } from "execa";

export interface ServiceOptions {
  readonly name: string;
  /** The file that Node runs. */
  readonly file: string;
  /** Options for Node itself. */
  readonly nodeOptions?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where it runs; this process's folder by default. */
  readonly directory?: string;
  /** Gets each line that the service writes. */
  readonly onLine: (line: string) => void;
  /** The service has ended well, to be started again with other settings. */
  readonly onRestartAsked?: (() => void) | undefined;
  readonly log: Logger;
  /** Pause before the first restart; doubles up to 30 s until the service has run for a minute. 500 ms by default. */
  readonly restartMin_ms?: number;
  /** How long it may take to end when asked to; 4 s by default. */
  readonly grace_ms?: number;
}

export interface Service {
  readonly name: string;
  /** Undefined while it does not run. */
  readonly pid: number | undefined;
  /**
   * Resolves when the service is not started any more: it was stopped, or it refuses its configuration
   * (exit code 2), which a restart would not change.
   */
  readonly ended: Promise<"stopped" | "refused">;
  /** Asks it to end, and ends it when it takes too long. Resolves when it is gone. */
  stop(): Promise<void>;
}

const refusedConfiguration = 2;
/** A service ends well only when it is stopped, or because it has been given other settings. */
const asksForRestart = 0;
const restartMax_ms = 30_000;
const stable_ms = 60_000;
const defaultRestartMin_ms = 500;
const defaultGrace_ms = 4_000;

/** Starts a service and keeps it running. */
export function supervise(options: ServiceOptions): Service {
  const { name, log, restartMin_ms = defaultRestartMin_ms, grace_ms = defaultGrace_ms } = options;
  const stopping = new AbortController();
  let child: ReturnType<typeof run> | undefined;

  async function keepRunning(): Promise<"stopped" | "refused"> {
    for (let attempts = 0; ; attempts++) {
      const startedAt = performance.now();
      child = run(options, grace_ms);
      const { pid } = child;
      log.info({ child: name, pid }, `${name} started`);
      const end = await child;
      child = undefined;
      if (stopping.signal.aborted) {
        if (end.signal === "SIGKILL") log.warn(`${name} did not end within ${grace_ms} ms and was killed`);
        return "stopped";
      }
      if (end.exitCode === refusedConfiguration) return "refused";
      if (performance.now() - startedAt > stable_ms) attempts = 0;
      const pause_ms = Math.min(restartMin_ms * 2 ** attempts, restartMax_ms);
      const how = end.signal ?? (end.exitCode === undefined ? end.message : `exit code ${end.exitCode}`);
      if (end.exitCode === asksForRestart) {
        log.info({ child: name, pid }, `${name} asks to be started again`);
        options.onRestartAsked?.();
      } else
        log.error({ child: name, pid }, `${name} ended (${how}), starting it again in ${pause_ms / 1000} s`);
      await setTimeout(pause_ms, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return "stopped";
    }
  }

  const ended = keepRunning();
  return {
    name,
    get pid() {
      return child?.pid;
    },
    ended,
    async stop() {
      stopping.abort();
      child?.kill("SIGTERM");
      await ended;
    },
  };
}

function run({ file, nodeOptions = [], env, directory, onLine }: ServiceOptions, grace_ms: number) {
  const child = execa(process.execPath, [...nodeOptions, file], {
    env,
    ...(directory !== undefined && { cwd: directory }),
    // The channel closes when this process is gone, which ends the service; see lifeline.ts.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    buffer: false,
    reject: false,
    forceKillAfterDelay: grace_ms,
  });
  for (const input of [child.stdout, child.stderr]) createInterface({ input }).on("line", onLine);
  return child;
}
