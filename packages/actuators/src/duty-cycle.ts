/** On and off in turn, so that a relay is on for a share of the time. */

export interface DutyCycleOptions {
  /** On and off together at half duty; longer where the minimum times ask for it. */
  readonly period_ms: number;
  readonly minimumOn_ms: number;
  readonly minimumOff_ms: number;
}

/** A relay's past, as far as it matters. */
export interface DutyCycle {
  readonly isOn: boolean;
  /** When it was last switched. */
  readonly sinceMs: number;
  readonly atMs: number;
  /** On-time that was asked for and not given yet; below 0 given too much. */
  readonly owed_ms: number;
}

/** A relay that is off from now on. */
export function startDutyCycle(nowMs: number): DutyCycle {
  return { isOn: false, sinceMs: nowMs, atMs: nowMs, owed_ms: 0 };
}

/**
 * Lives through the time since the last step, in which `duty` was asked for, and switches where it is time to.
 *
 * What is asked for and what is given is kept account of, so that the mean is exact over time, whatever the
 * minimum times and the commands were. The relay goes on when half of a cycle's ripple is owed, and off when as
 * much was given too much. A cycle of on-time T_on = period x duty has the ripple T_on (1 - duty); where a
 * minimum time asks for more, the ripple, and with it the cycle, grows. At 0 it is off at once and what is owed
 * stays owed.
 *
 * @param duty 0 to 1
 */
export function stepDutyCycle(
  cycle: DutyCycle,
  nowMs: number,
  duty: number,
  { period_ms, minimumOn_ms, minimumOff_ms }: DutyCycleOptions,
): DutyCycle {
  const elapsed_ms = Math.max(0, nowMs - cycle.atMs);
  const owed_ms = cycle.owed_ms + elapsed_ms * (duty - (cycle.isOn ? 1 : 0));
  const held_ms = nowMs - cycle.sinceMs;
  const ripple_ms = Math.max(period_ms * duty * (1 - duty), minimumOn_ms * (1 - duty), minimumOff_ms * duty);
  const goesOn =
    !cycle.isOn &&
    duty > 0 &&
    held_ms >= minimumOff_ms &&
    owed_ms >= (duty < 1 ? ripple_ms / 2 : -ripple_ms / 2);
  const goesOff =
    cycle.isOn && duty < 1 && held_ms >= minimumOn_ms && (duty === 0 || owed_ms <= -ripple_ms / 2);
  if (!goesOn && !goesOff) return { ...cycle, atMs: nowMs, owed_ms };
  return { isOn: goesOn, sinceMs: nowMs, atMs: nowMs, owed_ms };
}
