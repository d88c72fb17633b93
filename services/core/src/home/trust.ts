/** How far a reading can be trusted: the one place where that is judged. */
import type { RoomState } from "@azru/contracts";
import type { Reading } from "./reading.ts";

/** Air temperatures that a room can have, degrees C; beyond lies a broken sensor. */
const plausible_c = { min: -30, max: 55 };

/** When a reading no longer counts, home time. */
export interface TrustLimits {
  /** Age. */
  readonly staleAfter_ms: number;
  /** Time in which a sensor that reports says exactly the same: a room's air moves by a tenth within hours. */
  readonly frozenAfter_ms: number;
}

/**
 * Judges a room's last reading, which says the same since `sinceMs`. Readings from farther ahead than `staleAfter_ms` come from before a jump of the
 * clock and are as old as any.
 */
export function trustOf(
  { metrics, timeMs, sinceMs }: Reading & { readonly sinceMs: number },
  nowMs: number,
  { staleAfter_ms, frozenAfter_ms }: TrustLimits,
): RoomState["status"] {
  const { temperature } = metrics;
  if (!(temperature >= plausible_c.min && temperature <= plausible_c.max)) return "implausible";
  if (Math.abs(nowMs - timeMs) > staleAfter_ms) return "stale";
  return timeMs - sinceMs >= frozenAfter_ms ? "frozen" : "fresh";
}

/** Why no temperature is known, in words. */
export function whyNoTemperature(rooms: readonly RoomState[]): string {
  if (rooms.length === 0) return "no temperature was ever measured";
  return `no temperature can be trusted (${rooms.map(({ room, status }) => `${room} ${status}`).join(", ")})`;
}
