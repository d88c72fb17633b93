/** Commands that the simulated clock waits for. */

export interface Decisions {
  /** A command for this simulated time has come; it also answers all earlier waits. */
  arrived(timeMs: number): void;
  /** Resolves when a command for `timeMs` or later has come; at once if it has already. */
  until(timeMs: number): Promise<void>;
}

/** Nothing has come yet. One waits at a time. */
export function createDecisions(): Decisions {
  let latestMs = Number.NEGATIVE_INFINITY;
  let waiting: { readonly timeMs: number; readonly resolve: () => void } | undefined;
  return {
    arrived(timeMs) {
      latestMs = Math.max(latestMs, timeMs);
      if (!waiting || latestMs < waiting.timeMs) return;
      waiting.resolve();
      waiting = undefined;
    },
    until(timeMs) {
      return new Promise((resolve) => {
        if (latestMs >= timeMs) resolve();
        else waiting = { timeMs, resolve };
      });
    },
  };
}
