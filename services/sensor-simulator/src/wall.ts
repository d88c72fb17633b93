/** Time as it passes outside of the simulation. */
import { setImmediate, setTimeout } from "node:timers/promises";

export interface Wall {
  /** Milliseconds from any origin; never goes back. */
  now(): number;
  /** Lets `ms` pass, and others have their turn even if that is 0; returns early once the signal is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export const wall: Wall = {
  now: () => performance.now(),
  async wait(ms, signal) {
    const passed = ms > 0 ? setTimeout(ms, undefined, { signal }) : setImmediate(undefined, { signal });
    await passed.catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  },
};
