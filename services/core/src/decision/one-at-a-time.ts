/** Decisions in sequence: one is made at a time, and what comes meanwhile is made together, right after. */
import { randomUUID } from "node:crypto";

/** One decision to be made. */
export interface Task {
  readonly id: string;
  /** In words. */
  readonly cause: string;
  /** Aborted when the decision is no longer wanted. */
  readonly signal: AbortSignal;
}

export interface OneAtATime {
  /** @returns the id of the decision that the cause leads to, and whether it begins now */
  begin(cause: string): { readonly id: string; readonly started: boolean };
  /** Aborts the one being made, if any, and begins another. */
  beginInstead(cause: string): void;
  /** Whether one is being made. */
  readonly isBusy: boolean;
  /** Resolves when nothing is being made and nothing waits. */
  idle(): Promise<void>;
  /** Aborts what is being made and begins nothing more. */
  close(): Promise<void>;
}

export interface OneAtATimeOptions {
  readonly make: (task: Task) => Promise<void>;
  /** Gets what `make` rejects with, unless it was aborted. */
  readonly onError: (error: unknown, task: Task) => void;
  /** A cause came while a decision was being made. */
  readonly onMerged: () => void;
}

export function oneAtATime({ make, onError, onMerged }: OneAtATimeOptions): OneAtATime {
  let running: { abort: AbortController; done: Promise<void>; id: string } | undefined;
  let waiting: { id: string; causes: Set<string> } | undefined;
  let closed = false;

  function start(id: string, cause: string): void {
    if (closed) return;
    const abort = new AbortController();
    const task = { id, cause, signal: abort.signal };
    const done = make(task)
      .catch((error: unknown) => {
        if (!abort.signal.aborted) onError(error, task);
      })
      .then(() => {
        running = undefined;
        const next = waiting;
        waiting = undefined;
        if (next) start(next.id, [...next.causes].join(", "));
      });
    running = { abort, done, id };
  }

  function begin(cause: string): { id: string; started: boolean } {
    if (!running) {
      const id = randomUUID();
      start(id, cause);
      return { id, started: true };
    }
    onMerged();
    waiting ??= { id: randomUUID(), causes: new Set() };
    waiting.causes.add(cause);
    return { id: waiting.id, started: false };
  }

  return {
    begin,
    beginInstead(cause) {
      running?.abort.abort(new Error(`overtaken: ${cause}`));
      begin(cause);
    },
    get isBusy() {
      return running !== undefined;
    },
    async idle() {
      while (running) await running.done;
    },
    async close() {
      closed = true;
      running?.abort.abort(new Error("stopping"));
      await running?.done;
    },
  };
}
