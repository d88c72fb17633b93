/** Who decides: the optimiser, the thermostat, nobody, or a person for a while. */
import { isoTimeOf, type ModeState } from "@azru/contracts";
import { dayMs } from "@azru/runtime";

/** Somebody has set the valve (0 to 1), until an instant of home time. */
export interface Manual {
  readonly kind: "manual";
  readonly valve: number;
  readonly expiresMs: number;
}

/** Somebody has chosen who decides, until another is chosen; `off`: nobody, frost protection alone opens the valve. */
export interface Standing {
  readonly kind: "auto" | "thermostat" | "off";
}

export type Mode = Standing | Manual;

export const auto: Mode = { kind: "auto" };

/** Longest time that a manual command may hold. */
export const longestManual_ms = 7 * dayMs;

/** A manual mode that begins at `nowMs` (home time); the valve is 0 to 1. */
export function manual(valve: number, nowMs: number, duration_ms: number): Manual {
  return { kind: "manual", valve, expiresMs: Math.round(nowMs + Math.min(duration_ms, longestManual_ms)) };
}

/**
 * The mode in force at an instant: manual mode has an end. An end that lies farther ahead than any command
 * reaches comes from before a jump of the clock, and has passed too.
 */
export function modeAt(mode: Mode, nowMs: number): Mode {
  if (mode.kind !== "manual") return mode;
  const left_ms = mode.expiresMs - nowMs;
  return left_ms > 0 && left_ms <= longestManual_ms ? mode : auto;
}

/** The mode as the API publishes it. */
export function modeState(mode: Mode): ModeState {
  if (mode.kind !== "manual") return { mode: mode.kind, auto_mode: mode.kind === "auto", manual: null };
  const valve_position = 100 * mode.valve;
  return {
    mode: "manual",
    auto_mode: false,
    manual: { valve_position, expires_at: isoTimeOf(mode.expiresMs) },
  };
}
