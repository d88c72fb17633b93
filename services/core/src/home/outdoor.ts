/** The thermometers outside: each reports with a room. */
import type { Reading } from "./reading.ts";
import { type HeldValue, heldValue, type TrustLimits } from "./trust.ts";

/** Outdoor temperatures that there can be, degrees C; beyond lies a broken sensor. */
const plausible_c = { min: -60, max: 60 };

/**
 * Reads the outdoor temperature off the readings of all rooms. Undefined where a reading has none, or one that does
 * not count: that cannot be, or that has been exactly the same for too long.
 */
export function createOutdoor(limits: Pick<TrustLimits, "staleAfter_ms" | "frozenAfter_ms">): {
  of(reading: Reading): number | undefined;
  /** Home time was set: what was measured lies as far back as before. */
  shiftTime(shift_ms: number): void;
} {
  const last = new Map<string, HeldValue>();
  return {
    of({ room, timeMs, metrics: { external_temperature: theta_e_c } }) {
      if (theta_e_c === undefined || !(theta_e_c >= plausible_c.min && theta_e_c <= plausible_c.max))
        return undefined;
      const now = heldValue(theta_e_c, timeMs, last.get(room), limits.staleAfter_ms);
      last.set(room, now);
      return timeMs - now.sinceMs < limits.frozenAfter_ms ? theta_e_c : undefined;
    },
    shiftTime(shift_ms) {
      for (const [room, { value, timeMs, sinceMs }] of last)
        last.set(room, { value, timeMs: timeMs + shift_ms, sinceMs: sinceMs + shift_ms });
    },
  };
}
