/** Home time, handed in: the wall clock, as far as it can be trusted, or the time of a simulation. */

import { Schedule, type ScheduledHandler } from "./schedule.ts";
import { type ClockChange, TrustedTime } from "./trusted-time.ts";

export interface Clock {
  /** True where home time is that of a simulation. */
  readonly simulated: boolean;
  /** Home time, Unix ms. */
  now(): number;
  /** Whether that is the time of day and year; durations can be measured by it in any case. */
  readonly isKnown: boolean;
  /** Why home time is not the system's, in words; undefined where it is. */
  readonly problem: string | undefined;
  /** An instant that has passed, by what was kept of an earlier run: a system's clock that is before it is not trusted. */
  hasPassed(timeMs: number): void;
  /**
   * Calls `listener` when home time was set, before what is due then. Simulated time jumps without.
   *
   * @returns stops
   */
  onChange(listener: (change: ClockChange) => void): () => void;
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

/** The system's clock. Pending timers and listeners keep the process alive. */
export function createWallClock(onError: OnError): Clock {
  const schedule = new Schedule(onError);
  const time = new TrustedTime({ wall: Date.now, steady: () => performance.now() });
  const listeners = new Set<(change: ClockChange) => void>();
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    const change = time.look();
    if (!change) return;
    for (const listener of listeners) {
      try {
        listener(change);
      } catch (error) {
        onError(error);
      }
    }
  }

  function arm(): void {
    clearTimeout(timer);
    const dueMs = schedule.nextDueMs();
    if (dueMs === undefined && listeners.size === 0) return;
    const untilDue_ms = dueMs === undefined ? longestTimer_ms : dueMs - time.now();
    timer = setTimeout(
      () => {
        look();
        schedule.advance(time.now());
        arm();
      },
      Math.min(longestTimer_ms, Math.max(0, untilDue_ms)),
    );
  }

  return clockOn(schedule, {
    simulated: false,
    time,
    arm,
    onChange(listener) {
      listeners.add(listener);
      arm();
      return () => {
        listeners.delete(listener);
        arm();
      };
    },
    forgetListeners: () => listeners.clear(),
  });
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
  const time = { now: () => nowMs, isKnown: true, problem: undefined, hasPassed: () => undefined };
  const clock = clockOn(schedule, {
    simulated: true,
    time,
    arm: () => queueMicrotask(() => schedule.advance(nowMs)),
    onChange: () => () => undefined,
    forgetListeners: () => undefined,
  });
  return Object.assign(clock, {
    set(timeMs: number) {
      nowMs = checked(timeMs);
      schedule.advance(nowMs);
    },
  });
}

interface ClockParts extends Pick<Clock, "simulated" | "onChange"> {
  readonly time: Pick<Clock, "now" | "isKnown" | "problem" | "hasPassed">;
  readonly arm: () => void;
  readonly forgetListeners: () => void;
}

function clockOn(schedule: Schedule, { simulated, time, arm, onChange, forgetListeners }: ClockParts): Clock {
  const cancelling = (cancel: () => void) => () => {
    cancel();
    arm();
  };
  return {
    simulated,
    now: () => time.now(),
    get isKnown() {
      return time.isKnown;
    },
    get problem() {
      return time.problem;
    },
    hasPassed: (timeMs) => time.hasPassed(timeMs),
    onChange,
    scheduleEvery(interval_ms, handler, phase_ms) {
      const cancel = schedule.every(interval_ms, time.now(), handler, phase_ms);
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
      forgetListeners();
      arm();
    },
  };
}

function checked(timeMs: number): number {
  if (!Number.isFinite(timeMs)) throw new RangeError(`timeMs must be a Unix time in ms, got ${timeMs}`);
  return timeMs;
}
