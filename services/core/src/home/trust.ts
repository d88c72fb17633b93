/** How far a reading can be trusted: the one place where that is judged. */
import type { RoomState } from "@azru/contracts";
import type { Reading } from "./reading.ts";

/** Air temperatures that a room can have, degrees C; beyond lies a broken sensor. */
const plausible_c = { min: -30, max: 55 };

/** Whether a reading counts, and where it does not, why. */
export type Trust = Pick<RoomState, "status" | "reason">;

/** Why a reading does not count, in a word. */
export type Distrust = Exclude<RoomState["status"], "fresh">;

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
): Trust {
  const { temperature } = metrics;
  const { min, max } = plausible_c;
  if (!(temperature >= min && temperature <= max)) {
    const reason = `It says ${temperature} °C, and a room's air is between ${min} and ${max} °C.`;
    return { status: "implausible", reason };
  }
  const age_ms = nowMs - timeMs;
  if (Math.abs(age_ms) > staleAfter_ms) {
    const limit = `no more than ${duration(staleAfter_ms)} counts`;
    const reason =
      age_ms > 0
        ? `Its last reading is ${duration(age_ms)} old, and ${limit}.`
        : `Its last reading is ${duration(-age_ms)} ahead of the clock, and ${limit}.`;
    return { status: "stale", reason };
  }
  if (timeMs - sinceMs < frozenAfter_ms) return { status: "fresh" };
  const reason = `It has said exactly ${temperature} °C for ${duration(timeMs - sinceMs)}, and air is never that still.`;
  return { status: "frozen", reason };
}

function duration(length_ms: number): string {
  const minutes = Math.round(length_ms / 60_000);
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}

/** What a sensor said last, and since when it says the same. */
export interface Said {
  readonly value: number;
  readonly timeMs: number;
  readonly sinceMs: number;
}

/** A sensor says something, after `before` and no later than `staleAfter_ms` where it is to go on with that. */
export function said(
  value: number,
  timeMs: number,
  before: Said | undefined,
  { staleAfter_ms }: Pick<TrustLimits, "staleAfter_ms">,
): Said {
  const goesOn = value === before?.value && Math.abs(timeMs - before.timeMs) <= staleAfter_ms;
  return { value, timeMs, sinceMs: goesOn ? before.sinceMs : timeMs };
}

/** Why no temperature is known, in words. */
export function whyNoTemperature(rooms: readonly RoomState[]): string {
  if (rooms.length === 0) return "no temperature was ever measured";
  return `no temperature can be trusted (${rooms.map(({ room, status }) => `${room} ${status}`).join(", ")})`;
}
