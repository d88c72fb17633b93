/** Ends what no longer goes on. How long work takes depends on the machine and on who else uses it; that it goes on does not. */

const minute_ms = 60_000;

export interface Progress {
  /** Aborts when nothing has gone on for too long. */
  readonly signal: AbortSignal;
  /** Something has gone on: the time begins anew. */
  readonly made: () => void;
}

/** @param stall_minutes how long nothing may go on; no timer keeps the process alive */
export function watchProgress(stall_minutes: number): Progress {
  const controller = new AbortController();
  const stalled = () =>
    controller.abort(new Error(`nothing went on for ${stall_minutes} minutes, the limit of --stall`));
  const timer = setTimeout(stalled, stall_minutes * minute_ms).unref();
  return { signal: controller.signal, made: () => void timer.refresh() };
}
