/** The optimiser's workers as their status tells, and a question that outlives the death of one. */
import { type MpcPlan, type MpcRequest, topics } from "@azru/contracts";
import type { Messenger, Requester } from "@azru/messaging";
import { type Ask, NoWorkerError } from "./ask.ts";

/** The service whose status all workers share. */
const service = "mpc";
/** Wall time in which another worker takes back that all are gone, or answers in spite of its status. */
const patience_ms = 1_000;
/** A question that nobody answers, lost with a worker or taken by a stranger, is asked so often within its time. */
const timesAsked = 4;
const repeatAtMost_ms = 1_000;

export interface WorkersOptions {
  readonly messenger: Messenger;
  readonly requester: Requester<MpcRequest, MpcPlan>;
  /** A worker has come online, or the broker is back. */
  readonly onReturn: (cause: string) => void;
}

export interface Workers {
  /** Set while no worker is online, in words. */
  readonly problem: string | undefined;
  /**
   * Asks until somebody answers, again when a worker comes or the broker is back.
   *
   * @throws NoWorkerError at once where no worker is online, and what `Requester.request` throws
   */
  readonly ask: Ask;
  close(): void;
}

/**
 * Follows the workers. They share one status, `offline` when any of them has left and `online` again when another
 * is there still: only an `offline` that lasts means that all are gone. Where no status was ever told, somebody is
 * taken to be there.
 */
export function createWorkers({ messenger, requester, onReturn }: WorkersOptions): Workers {
  const asking = new Set<AbortController>();
  let gone = false;
  let leaving: NodeJS.Timeout | undefined;

  function left(): void {
    clearTimeout(leaving);
    leaving = setTimeout(() => {
      gone = true;
      for (const question of asking)
        question.abort(new NoWorkerError("no worker of the optimiser is online"));
    }, patience_ms);
  }

  function came(): void {
    clearTimeout(leaving);
    gone = false;
  }

  function returned(cause: string): void {
    requester.repeat();
    onReturn(cause);
  }

  const status = messenger.subscribe(
    topics.status,
    ({ payload }) => {
      if (payload === "offline") return left();
      came();
      return returned("the optimiser is back");
    },
    { params: { service } },
  );
  const stopWatching = messenger.onConnectionChange((connected) => {
    if (connected) returned("the broker is back");
  });

  return {
    get problem() {
      return gone ? "no worker of the optimiser is online" : undefined;
    },
    async ask(request, { timeout_ms, signal }) {
      const giveUp = new AbortController();
      asking.add(giveUp);
      if (gone) left();
      try {
        const answer = await requester.request(request, {
          timeout_ms,
          signal: AbortSignal.any([signal, giveUp.signal]),
          repeatEvery_ms: Math.max(repeatAtMost_ms, timeout_ms / timesAsked),
        });
        came();
        return answer;
      } finally {
        asking.delete(giveUp);
      }
    },
    close() {
      clearTimeout(leaving);
      status.close();
      stopWatching();
    },
  };
}
