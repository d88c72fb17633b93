/** The optimiser's workers by their status, and a question that outlives a worker that ends. */
import { type MpcPlan, type MpcRequest, topics } from "@azru/contracts";
import { type Messenger, type Requester, RequestTimeoutError } from "@azru/messaging";
import { type Ask, NoWorkerError } from "./ask.ts";

/** The service whose status all workers share. */
const service = "mpc";
/** Wall time in which another worker takes back that all are gone, or answers in spite of what we think. */
const patience_ms = 1_000;
/** A question that nobody answers, lost with a worker or taken by a stranger, is asked so often within its time. */
const timesAsked = 4;
const repeatAtMost_ms = 1_000;

const offline = "no worker of the optimiser is online";
const silent = "no worker of the optimiser answers";

export interface WorkersOptions {
  readonly messenger: Messenger;
  readonly requester: Requester<MpcRequest, MpcPlan>;
  /** A worker has come online, or the broker is back. */
  readonly onReturn: (cause: string) => void;
}

export interface Workers {
  /** Set while no worker is online or none answers, in words. */
  readonly problem: string | undefined;
  /**
   * Asks until somebody answers, again when a worker comes or the broker is back.
   *
   * @throws NoWorkerError soon where no worker is online, or none answered the last time, and what `Requester.request` throws
   */
  readonly ask: Ask;
  close(): void;
}

/**
 * Follows the workers. They share one status, `offline` when any of them has left and `online` again when another
 * is there still: only an `offline` that lasts means that all are gone. Where there never was a status, a worker is
 * taken to be there. A status that the broker kept may be a dead worker's: once a question found no answer in all its
 * time, nobody is taken to be there until a worker says something, a late answer or a status of now.
 */
export function createWorkers({ messenger, requester, onReturn }: WorkersOptions): Workers {
  const asking = new Set<AbortController>();
  let problem: string | undefined;
  let leaving: NodeJS.Timeout | undefined;

  function giveUpSoon(why: string): void {
    clearTimeout(leaving);
    leaving = setTimeout(() => {
      problem = why;
      for (const question of asking) question.abort(new NoWorkerError(why));
    }, patience_ms);
  }

  function isBack(): void {
    clearTimeout(leaving);
    problem = undefined;
  }

  function returned(cause: string): void {
    requester.repeat();
    onReturn(cause);
  }

  const status = messenger.subscribe(
    topics.status,
    ({ payload, retained }) => {
      if (payload === "offline") return giveUpSoon(offline);
      if (retained && problem === silent) return undefined;
      isBack();
      return returned("the optimiser is back");
    },
    { params: { service } },
  );
  const answers = messenger.subscribe(topics.mpcPlan, isBack);
  const stopWatching = messenger.onConnectionChange((connected) => {
    if (connected) returned("the broker is back");
  });

  return {
    get problem() {
      return problem;
    },
    async ask(request, { timeout_ms, signal }) {
      const giveUp = new AbortController();
      asking.add(giveUp);
      if (problem !== undefined) giveUpSoon(problem);
      try {
        return await requester.request(request, {
          timeout_ms,
          signal: AbortSignal.any([signal, giveUp.signal]),
          repeatEvery_ms: Math.max(repeatAtMost_ms, timeout_ms / timesAsked),
        });
      } catch (error) {
        if (error instanceof RequestTimeoutError) problem = silent;
        throw error;
      } finally {
        asking.delete(giveUp);
      }
    },
    close() {
      clearTimeout(leaving);
      status.close();
      answers.close();
      stopWatching();
    },
  };
}
