/**
 * Threads for work that would block the process. None is ended before it has loaded its module: Node 20 ends the whole
 * process where a thread is ended inside `require` of an ES module, by which Piscina loads (`v8::Module::IsGraphAsync`).
 */
import type { Transferable, Worker } from "node:worker_threads";
import { Piscina } from "piscina";

type PiscinaOptions = NonNullable<ConstructorParameters<typeof Piscina>[0]>;

export interface ThreadsOptions
  extends Pick<PiscinaOptions, "minThreads" | "maxThreads" | "idleTimeout" | "resourceLimits" | "execArgv"> {
  /** Module whose default export takes a job and gives its answer. */
  readonly module: URL;
  /** A thread failed that had nothing to do. */
  readonly onError: (error: Error) => void;
}

export interface Threads<Job, Answer> {
  /**
   * Runs a job on a thread that is free. Rejects when it fails or the signal is aborted; the thread that has it in hand
   * is then ended.
   */
  run(job: Job, options: JobOptions): Promise<Answer>;
  /** Ends the threads, as soon as none loads any more. */
  end(): Promise<void>;
}

interface JobOptions {
  readonly signal?: AbortSignal;
  readonly transferList?: readonly Transferable[];
}

/** Starts the threads that are always there; the others as they are needed. */
export function createThreads<Job, Answer>({
  module,
  onError,
  ...options
}: ThreadsOptions): Threads<Job, Answer> {
  const loaded = new Set<number>();
  const pool = new Piscina<Job, Answer>({
    ...options,
    filename: module.href,
    // Piscina's own balancer gives jobs that wait to threads that still load.
    loadBalancer: ({ isAbortable }, threads) =>
      threads.find(({ id, currentUsage }) => currentUsage === 0 && (!isAbortable || loaded.has(id))) ?? null,
  });
  pool.on("error", onError);
  const first = new Set(pool.threads.map(({ threadId }) => threadId));
  // Piscina calls the first threads created, and gives them jobs, while they still load; the others when they have loaded.
  pool.on("workerCreate", ({ id }: { readonly id: number }) => {
    if (!first.has(id)) loaded.add(id);
  });
  const firstLoaded = Promise.all(
    pool.threads.map(async (thread) => {
      const { threadId } = thread;
      await loadingOf(thread);
      loaded.add(threadId);
    }),
  );

  return {
    async run(job, options) {
      if (options.signal) await unlessAborted(firstLoaded, options.signal);
      return pool.run(job, options);
    },
    async end() {
      await Promise.all(pool.threads.filter(({ threadId }) => !loaded.has(threadId)).map(loadingOf));
      await pool.destroy();
    },
  };
}

/** Resolves when a thread has loaded its module, which is the first that it says, or has ended by itself. */
function loadingOf(thread: Worker): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ["message", "error", "exit"]) thread.once(event, () => resolve());
  });
}

/** Resolves with what is awaited; rejects as soon as the signal is aborted. */
function unlessAborted(awaited: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new Error("aborted", { cause: signal.reason }));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    void awaited.then(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    });
  });
}
