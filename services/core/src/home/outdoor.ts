/** The thermometers outside: each reports with a room. */
import type { Reading } from "./reading.ts";
import { type HeldValue, heldValue, type TrustLimits } from "./trust.ts";

/** Outdoor temperatures that there can be, degrees C; beyond lies a broken sensor. */
const plausible_c = { min: -60, max: 60 };

/**
 * Reads the outdoor temperature off the readings of all rooms. Undefined where a reading has none, or one that does
 * not count: that cannot be, or that has said exactly the same for too long.
 */
export function createOutdoor(
  limits: Pick<TrustLimits, "staleAfter_ms" | "frozenAfter_ms">,
): (reading: Reading) => number | undefined {
  const last = new Map<string, HeldValue>();
  return ({ room, timeMs, metrics: { external_temperature: theta_e_c } }) => {
    if (theta_e_c === undefined || !(theta_e_c >= plausible_c.min && theta_e_c <= plausible_c.max))
      return undefined;
    for (const [known, held] of last) {
      if (Math.abs(timeMs - held.timeMs) > limits.staleAfter_ms) last.delete(known);
    }
    const now = heldValue(theta_e_c, timeMs, last.get(room), limits);
    last.set(room, now);
    return timeMs - now.sinceMs < limits.frozenAfter_ms ? theta_e_c : undefined;
  };
}
