/** Which simulated time it is at which wall time. */

/** At `wallMs` it is `simulatedMs`, and from there it runs `speed` times as fast. */
export interface Pace {
  readonly wallMs: number;
  readonly simulatedMs: number;
  /** Simulated per wall time; infinite where the clock runs as fast as it can. */
  readonly speed: number;
}

/** Wall time at which a simulated time is due. */
export function dueMs({ wallMs, simulatedMs, speed }: Pace, timeMs: number): number {
  return wallMs + (timeMs - simulatedMs) / speed;
}

/** Simulated time at a wall time, for a finite speed. */
export function simulatedAt({ wallMs, simulatedMs, speed }: Pace, nowMs: number): number {
  return simulatedMs + (nowMs - wallMs) * speed;
}
