/** Home time, handed in: the wall clock, or the time of a simulation. */
import { Schedule, type ScheduledHandler } from "./schedule.ts";

export interface Clock {
  /** True where home time is that of a simulation. */
  readonly simulated: boolean;
  /** Home time, Unix ms. */
  now(): number;
  /**
   * Calls `handler` whenever home time reaches a multiple of `interval_ms` since the Unix epoch: every quarter
   * of an hour at :00, :15, :30 and :45 in any time zone of whole hours, daylight saving or not. The handler
   * gets that instant. Time that jumps forward over several of them calls once, for the latest; time that
   * jumps back calls again at the next one after where it lands. The current instant does not count.
   *
   * @param phase_ms how long after the multiples; 0 by default
   * @returns cancels
   * @throws RangeError when `interval_ms` is not positive, or `phase_ms` not within it
   */
  scheduleEvery(interval_ms: number, handler: ScheduledHandler, phase_ms?: number): () => void;
  /**
   * Calls `handler` once, as soon as home time is `timeMs` or later; never before the caller is done.
   *
   * @returns cancels
   */
  scheduleAt(timeMs: number, handler: ScheduledHandler): () => void;
  /** Cancels everything. */
  close(): void;
}

/** Gets what a handler throws or rejects with; the clock goes on. */
export type OnError = (error: unknown) => void;

/** Longest time until a change of the system's clock is noticed. */
const longestTimer_ms = 5_000;

/** The system's clock. Pending timers keep the process alive. */
export function createWallClock(onError: OnError): Clock {
  const schedule = new Schedule(onError);
  let timer: NodeJS.Timeout | undefined;

  function arm(): void {
    clearTimeout(timer);
    const dueMs = schedule.nextDueMs();
    if (dueMs === undefined) return;
    const wait_ms = Math.min(longestTimer_ms, Math.max(0, dueMs - Date.now()));
    timer = setTimeout(() => {
      schedule.advance(Date.now());
      arm();
    }, wait_ms);
  }

  return clockOn(schedule, { simulated: false, now: Date.now, arm });
}

export interface SimulatedClock extends Clock {
  /**
   * Sets home time and calls what has become due.
   *
   * @param timeMs Unix time, ms; may be before the present one
   * @throws RangeError when it is not finite
   */
  set(timeMs: number): void;
}

/** A clock that stands still until it is set. */
export function createSimulatedClock(startMs: number, onError: OnError): SimulatedClock {
  let nowMs = checked(startMs);
  const schedule = new Schedule(onError);
  const clock = clockOn(schedule, {
    simulated: true,
    now: () => nowMs,
    arm: () => queueMicrotask(() => schedule.advance(nowMs)),
  });
  return Object.assign(clock, {
    set(timeMs: number) {
      nowMs = checked(timeMs);
      schedule.advance(nowMs);
    },
  });
}

function clockOn(
  schedule: Schedule,
  { simulated, now, arm }: { simulated: boolean; now: () => number; arm: () => void },
): Clock {
  const cancelling = (cancel: () => void) => () => {
    cancel();
    arm();
  };
  return {
    simulated,
    now,
    scheduleEvery(interval_ms, handler, phase_ms) {
      const cancel = schedule.every(interval_ms, now(), handler, phase_ms);
      arm();
      return cancelling(cancel);
    },
    scheduleAt(timeMs, handler) {
      const cancel = schedule.at(timeMs, handler);
      arm();
      return cancelling(cancel);
    },
    close() {
      schedule.clear();
      arm();
    },
  };
}

function checked(timeMs: number): number {
  if (!Number.isFinite(timeMs)) throw new RangeError(`timeMs must be a Unix time in ms, got ${timeMs}`);
  return timeMs;
}
