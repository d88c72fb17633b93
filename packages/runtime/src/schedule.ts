/** What is due when; knows no clock, is given the time. */

/** Gets the instant that was due, Unix ms. */
export type ScheduledHandler = (dueMs: number) => unknown;

interface Job {
  dueMs: number;
  /** Absent for what happens once. */
  readonly interval_ms?: number;
  readonly phase_ms: number;
  readonly handler: ScheduledHandler;
}

export class Schedule {
  readonly #jobs = new Set<Job>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** The next instant after `nowMs` that lies `phase_ms` after a multiple of `interval_ms`, and each one from there. */
  every(interval_ms: number, nowMs: number, handler: ScheduledHandler, phase_ms = 0): () => void {
    if (!(interval_ms > 0 && Number.isFinite(interval_ms))) {
      throw new RangeError(`interval_ms must be > 0, got ${interval_ms}`);
    }
    if (!(phase_ms >= 0 && phase_ms < interval_ms)) {
      throw new RangeError(`phase_ms must be >= 0 and < interval_ms (${interval_ms}), got ${phase_ms}`);
    }
    const dueMs = latestAt(nowMs, interval_ms, phase_ms) + interval_ms;
    return this.#add({ dueMs, interval_ms, phase_ms, handler });
  }

  at(timeMs: number, handler: ScheduledHandler): () => void {
    return this.#add({ dueMs: timeMs, phase_ms: 0, handler });
  }

  clear(): void {
    this.#jobs.clear();
  }

  nextDueMs(): number | undefined {
    let next: number | undefined;
    for (const { dueMs } of this.#jobs) if (next === undefined || dueMs < next) next = dueMs;
    return next;
  }

  /** Calls what is due at `nowMs`, the earliest first, each once. */
  advance(nowMs: number): void {
    const due: Job[] = [];
    for (const job of this.#jobs) {
      if (job.interval_ms === undefined) {
        if (nowMs >= job.dueMs) due.push(job);
      } else {
        const latestMs = latestAt(nowMs, job.interval_ms, job.phase_ms);
        if (nowMs >= job.dueMs) due.push({ ...job, dueMs: latestMs });
        job.dueMs = latestMs + job.interval_ms;
      }
      if (job.interval_ms === undefined && nowMs >= job.dueMs) this.#jobs.delete(job);
    }
    due.sort((a, b) => a.dueMs - b.dueMs);
    for (const job of due) void this.#call(job);
  }

  #add(job: Job): () => void {
    this.#jobs.add(job);
    return () => this.#jobs.delete(job);
  }

  async #call({ handler, dueMs }: Job): Promise<void> {
    try {
      await handler(dueMs);
    } catch (error) {
      this.#onError(error);
    }
  }
}

function latestAt(timeMs: number, interval_ms: number, phase_ms: number): number {
  return Math.floor((timeMs - phase_ms) / interval_ms) * interval_ms + phase_ms;
}
