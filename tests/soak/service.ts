/** A service as a process of its own, that may be killed and started again, and what it holds. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { inheritedEnvironment, runnable } from "@azru/runtime/testing";

/** So small that what is held without need is given back at once, and a leak ends the process. */
const smallHeap = "--max-old-space-size=128 --max-semi-space-size=2";
const pageSize = 4096;
const residentField = 23; // of proc(5) stat, from 0: pages of memory

/** Files that tsx keeps what it has compiled in. */
const loaderCache = /\/tsx-[^/]*\/[^/]+$/;

export interface Holding {
  readonly memory_mb: number;
  /** Open files and sockets, but those of the TypeScript loader: it leaves its cache's files open in each thread. */
  readonly handles: number;
}

export interface Service {
  /** What it holds now; undefined where it does not run. */
  holding(): Holding | undefined;
  signal(signal: NodeJS.Signals): void;
  /** Starts it again, once it has ended. */
  start(): void;
  /** Sends a signal and waits for the end: exit code and wall time until then. */
  end(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly took_ms: number }>;
}

export function serviceOf(
  name: "core" | "mpc",
  environment: Readonly<Record<string, string>>,
  isStarted = true,
): Service {
  const { file, nodeOptions } = runnable(new URL(`../../services/${name}/src/main.ts`, import.meta.url));
  let child = isStarted ? run() : undefined;

  function run(): ChildProcess {
    return spawn(process.execPath, [...nodeOptions, file], {
      env: {
        ...inheritedEnvironment(),
        AZRU_LOG_LEVEL: "fatal",
        NODE_OPTIONS: smallHeap,
        ...environment,
      },
      stdio: ["ignore", "inherit", "inherit"],
    });
  }

  const running = () => (child?.exitCode === null && child.signalCode === null ? child : undefined);

  return {
    holding() {
      const { pid } = running() ?? {};
      if (pid === undefined) return undefined;
      const pages = Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(" ")[residentField]);
      return {
        memory_mb: (pages * pageSize) / 1e6,
        handles: openFiles(pid).filter((path) => !loaderCache.test(path)).length,
      };
    },
    signal: (signal) => void child?.kill(signal),
    start() {
      if (running()) throw new Error(`${name} runs already`);
      child = run();
    },
    async end(signal) {
      const startedAt = performance.now();
      const alive = running();
      if (!alive) return { code: child?.exitCode ?? null, took_ms: 0 };
      const exit = once(alive, "exit");
      alive.kill(signal);
      const [code] = (await exit) as [number | null];
      return { code, took_ms: performance.now() - startedAt };
    },
  };
}

/** What a process has open; what is closed meanwhile is left out. */
function openFiles(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((handle) => {
    try {
      return [readlinkSync(`${folder}/${handle}`)];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  });
}
