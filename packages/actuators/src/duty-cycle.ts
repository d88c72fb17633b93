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

/** Adds the time since the last step, in which `duty` was asked for, to what is owed. Switches nothing. */
export function accountDutyCycle(cycle: DutyCycle, nowMs: number, duty: number): DutyCycle {
  const elapsed_ms = Math.max(0, nowMs - cycle.atMs);
  return { ...cycle, atMs: nowMs, owed_ms: cycle.owed_ms + elapsed_ms * (duty - (cycle.isOn ? 1 : 0)) };
}

/**
 * Swing of what is owed over one cycle. On-time T_on = period x duty has the ripple T_on (1 - duty); where a
 * minimum time asks for more, the ripple, and with it the cycle, grows.
 */
export function rippleOf(duty: number, { period_ms, minimumOn_ms, minimumOff_ms }: DutyCycleOptions): number {
  return Math.max(period_ms * duty * (1 - duty), minimumOn_ms * (1 - duty), minimumOff_ms * duty);
}

/** Whether it is time to go on: half a ripple is owed, and it was off for its minimum time. */
export function isDueOn(cycle: DutyCycle, duty: number, options: DutyCycleOptions): boolean {
  const half_ms = rippleOf(duty, options) / 2;
  return (
    !cycle.isOn &&
    duty > 0 &&
    cycle.atMs - cycle.sinceMs >= options.minimumOff_ms &&
    cycle.owed_ms >= (duty < 1 ? half_ms : -half_ms)
  );
}

/** Whether it is time to go off: half a ripple was given too much or nothing is asked for, after the minimum time. */
export function isDueOff(cycle: DutyCycle, duty: number, options: DutyCycleOptions): boolean {
  return (
    cycle.isOn &&
    duty < 1 &&
    cycle.atMs - cycle.sinceMs >= options.minimumOn_ms &&
    (duty === 0 || cycle.owed_ms <= -rippleOf(duty, options) / 2)
  );
}
