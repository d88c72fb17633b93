/** The pool that solves: bounded in threads, queue and time. */
import { type FailedPlan, type MpcPlan, type MpcRequest, timeMsOf } from "@azru/contracts";
import type { Log } from "@azru/messaging";
import { createThreads, type Threads } from "@azru/runtime/threads";
import PQueue from "p-queue";
import type { Job, Solve } from "./solve-worker.ts";
import type { SolverName } from "./solver.ts";

export interface OptimiserOptions {
  /** Name that the answers carry. */
  readonly worker: string;
  /** `interior` by default. */
  readonly solver?: SolverName;
  readonly threads: number;
  /** Requests that may wait for a thread. */
  readonly queue: number;
  /** Longest time that a request may take here, however far its deadline. */
  readonly longest_ms: number;
  /** Heap of a thread; a problem that needs more ends its thread, not the process. 256 MB by default. */
  readonly threadMemory_mb?: number;
  readonly log: Log;
  /** Wall clock, Unix ms, that deadlines are judged by. */
  readonly now?: () => number;
  /** Module that the threads run. */
  readonly workerFile?: URL;
  /** Node's options for the threads; those of the process by default. */
  readonly execArgv?: string[];
}

/** What became of the requests since the start. */
interface Outcomes {
  solved: number;
  /** Of those, by the linear program after the solver asked for gave up. */
  fallback: number;
  /** The problem makes no sense, or the solver gave up on it. */
  unsolvable: number;
  /** Past the deadline when they came, while they waited or while they were solved. */
  expired: number;
  /** The queue was full. */
  refused: number;
  /** The thread ended under them. */
  crashed: number;
  /** Unfinished when the worker had to stop. */
  stopped: number;
}

export interface Optimiser {
  readonly outcomes: Readonly<Outcomes>;
  /** Requests in hand, solved at this moment or waiting. */
  readonly pending: number;
  /** The one answer to a request: its plan, or why there is none. Never rejects. */
  solve(request: MpcRequest): Promise<MpcPlan>;
  /** Takes no more requests; those in hand are answered, after `grace_ms` as failed. */
  stop(grace_ms: number): Promise<void>;
}

const idleThread_ms = 60_000;
/** Less than Node's own choice: solving takes half as long again, and a thread 20 MB less. */
const threadYoungMemory_mb = 8;
const longestReason = 500;

/** Starts the pool: one thread at once, the others as they are needed. */
export function createOptimiser(options: OptimiserOptions): Optimiser {
  const { worker, solver = "interior", threads, queue, longest_ms, log, now = Date.now } = options;
  const outcomes: Outcomes = {
    solved: 0,
    fallback: 0,
    unsolvable: 0,
    expired: 0,
    refused: 0,
    crashed: 0,
    stopped: 0,
  };
  const cancels = new Set<AbortController>();
  let stopping = false;

  // Piscina's own queue neither counts nor keeps in order tasks that can be aborted, and all of ours can.
  const waiting = new PQueue({ concurrency: threads });
  const pool = startThreads(options);

  async function solve(request: MpcRequest): Promise<MpcPlan> {
    const { id, deadline } = request;
    const arrivedAt = performance.now();
    const failed = (outcome: keyof Outcomes, reason: string): FailedPlan => {
      outcomes[outcome]++;
      const error = reason.slice(0, longestReason);
      log.warn({ request: id, outcome, reason: error }, "no plan");
      return { id, worker, status: "failed", solve_ms: performance.now() - arrivedAt, error };
    };

    const left_ms = Math.min(timeMsOf(deadline) - now(), longest_ms);
    if (left_ms <= 0) return failed("expired", `the deadline ${deadline} has passed`);
    if (stopping) return failed("stopped", "the worker is stopping");
    if (waiting.pending >= threads && waiting.size >= queue) {
      return failed("refused", `the queue is full: ${threads} being solved, ${queue} waiting`);
    }

    const cancel = new AbortController();
    const expiry = setTimeout(() => cancel.abort("expired"), left_ms);
    cancels.add(cancel);
    const { signal } = cancel;
    try {
      const answer = await waiting.add(() => pool.run({ request, worker, solver }, { signal }), { signal });
      if (answer.status === "unsolvable") return failed("unsolvable", answer.reason);
      outcomes.solved++;
      if (answer.fallback !== undefined) {
        outcomes.fallback++;
        log.warn({ request: id, solver, reason: answer.fallback }, "solved by the linear program instead");
      }
      return answer.plan;
    } catch (error) {
      switch (signal.reason) {
        case "expired":
          return failed("expired", `not solved within ${Math.round(left_ms)} ms`);
        case "stopped":
          return failed("stopped", "the worker had to stop");
        default:
          return failed("crashed", `the solving thread failed: ${String(error)}`);
      }
    } finally {
      clearTimeout(expiry);
      cancels.delete(cancel);
    }
  }

  return {
    outcomes,
    get pending() {
      return waiting.pending + waiting.size;
    },
    solve,
    async stop(grace_ms) {
      stopping = true;
      const timer = setTimeout(() => {
        for (const cancel of cancels) cancel.abort("stopped");
      }, grace_ms);
      await waiting.onIdle();
      clearTimeout(timer);
      await pool.end();
    },
  };
}

function startThreads(options: OptimiserOptions): Threads<Job, ReturnType<Solve>> {
  const { threads, threadMemory_mb = 256, workerFile, execArgv, log } = options;
  return createThreads({
    module: workerFile ?? new URL("./solve-worker.ts", import.meta.url),
    minThreads: 1,
    maxThreads: threads,
    idleTimeout: idleThread_ms,
    resourceLimits: {
      maxOldGenerationSizeMb: threadMemory_mb,
      maxYoungGenerationSizeMb: threadYoungMemory_mb,
    },
    ...(execArgv && { execArgv }),
    onError: (error) => log.error({ err: error }, "a solving thread failed at rest"),
  });
}
