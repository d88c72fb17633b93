/** What the configuration means for the parts. */
import { type Config, ConfigError, parseHomeTime } from "@azru/runtime";
import type { variables } from "./config.ts";
import type { Decisions } from "./lockstep.ts";
import type { Pacing } from "./simulator.ts";
import type { ValveOptions } from "./valve.ts";

type Settings = Config<typeof variables>;

const minuteMs = 60_000;
const freeSpeed = 60;
const lockstepStart = "2026-01-11T00:00:00";
/** Commands travel in real time: what is this young there is fresh at any speed. */
const freshCommand_ms = 5_000;
const clockDifference_ms = 1_000;

/** Simulated time of the start, Unix ms: a whole number of samples. */
export function startOf({ start, pacing, sampleSeconds }: Settings, nowMs: number): number {
  const sampleMs = sampleSeconds * 1000;
  const wanted = start ?? (pacing === "lockstep" ? parseHomeTime(lockstepStart) : nowMs);
  return Math.floor(wanted / sampleMs) * sampleMs;
}

/**
 * How simulated time passes.
 *
 * @throws ConfigError when decisions are not due at measurements
 */
export function pacingOf(settings: Settings, decisions: Decisions): Pacing {
  const { pacing: kind, speed, stepMinutes, sampleSeconds, lockstepTimeoutSeconds } = settings;
  if (kind === "free") return { kind, speed: speed ?? freeSpeed };
  const step_ms = stepMinutes * minuteMs;
  if (step_ms % (sampleSeconds * 1000) !== 0) {
    throw new ConfigError([
      `AZRU_SAMPLE_SECONDS must divide AZRU_STEP_MINUTES (${stepMinutes}) in lockstep, got "${sampleSeconds}"`,
    ]);
  }
  return {
    kind,
    speed: speed ?? Number.POSITIVE_INFINITY,
    step_ms,
    timeout_ms: lockstepTimeoutSeconds * 1000,
    decisions,
  };
}

/** Which commands the valve accepts, and what it does in silence. */
export function valveOptions(settings: Settings, pacing: Pacing): Omit<ValveOptions, "startMs" | "log"> {
  const { commandAgeMinutes, valveTimeoutMinutes, valveSafePosition } = settings;
  const speed = pacing.kind === "free" ? pacing.speed : 1;
  return {
    maxAge_ms: Math.max(commandAgeMinutes * minuteMs, freshCommand_ms * speed),
    tolerance_ms: Math.max(minuteMs, clockDifference_ms * speed),
    silence_ms: valveTimeoutMinutes === 0 ? undefined : valveTimeoutMinutes * minuteMs,
    safePosition: valveSafePosition / 100,
  };
}
