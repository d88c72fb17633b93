/** One step of the test, and the circumstances it is run in. */
import type { Stack } from "./stack.ts";

export interface Circumstances {
  readonly watch_minutes: number;
  /** Over how many days of a simulated home memory is watched. */
  readonly homeDays: number;
  /** How many minutes those days are spread over, where the machine keeps up. */
  readonly homeMinutes: number;
  readonly upgradeFrom?: string;
}

/** What a step that cannot be run here throws: the reason. */
export class NotHere extends Error {}

export interface Step {
  readonly name: string;
  /** Whether all others stand on it, so that it is run with any choice of steps. */
  readonly isBase?: boolean;
  /** Gives what is worth printing. */
  readonly run: (stack: Stack, circumstances: Circumstances) => Promise<string | undefined>;
}

/** @throws Error that says what does not hold */
export function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}
