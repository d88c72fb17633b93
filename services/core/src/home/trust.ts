/** How far a reading can be trusted: the one place where that is judged. */
import type { RoomState } from "@azru/contracts";
import type { Reading } from "./reading.ts";
import {
  allowedHold,
  allowedSilence,
  type KnownHabit,
  type SensorHabit,
  widthOfReading_k,
  widthOfSilence_k,
} from "./sensor-habit.ts";

/** Air temperatures that a room can have, degrees C; beyond lies a broken sensor. */
const plausible_c = { min: -30, max: 55 };

/**
 * How far a room's air may be from the reading before and still be accepted at once: what sun, wind and the sensor do
 * (an open window in winter 1 to 3 K within minutes) and what the heating does, and more the longer it takes.
 */
const sudden = { besidesHeating_k: 3, perMinute_k: 0.5 };

/** A jump that the sensor repeats after so long is no fault of it, home time. */
const confirmedAfter_ms = 5 * 60_000;

/** So long at most is a sensor waited for that reports seldom, home time. */
const longestWait_ms = 30 * 60_000;

interface Jump {
  readonly from: Reading;
  readonly atMs: number;
  /** After so long it is accepted though the sensor is silent: the next reading would have come. */
  readonly wait_ms: number;
}

/** A sensor's last reading, and those before it that matter. */
export interface SensorHistory extends Reading {
  /** Since when its temperature is exactly the same. */
  readonly sinceMs: number;
  /**
   * Whether the core was stopped since it came, and since its temperature was first said: what was reported meanwhile,
   * nobody knows.
   */
  readonly isOfBefore: boolean;
  readonly isHeldSinceBefore: boolean;
  /** Between its last two readings. */
  readonly interval_ms?: number | undefined;
  readonly habit: SensorHabit;
  /** What that shows. */
  readonly known?: KnownHabit | undefined;
  /** Its last reading that counted, where the present one is too far from it to be accepted at once. */
  readonly jump?: Jump | undefined;
}

/** The same history where home time was set: it lies as far back as before. */
export function shiftedHistory(history: SensorHistory, shift_ms: number): SensorHistory {
  const { jump } = history;
  return {
    ...history,
    timeMs: history.timeMs + shift_ms,
    sinceMs: history.sinceMs + shift_ms,
    jump: jump && {
      ...jump,
      from: { ...jump.from, timeMs: jump.from.timeMs + shift_ms },
      atMs: jump.atMs + shift_ms,
    },
  };
}

/** Whether a reading counts, and where it does not, why. */
export type Trust = Pick<RoomState, "status" | "reason">;

/** Why a reading does not count, in a word. */
export type Distrust = Exclude<RoomState["status"], "fresh">;

/** What the model of the house expects of a room's air, and the standard deviation of that. */
export interface ExpectedAir {
  readonly air_c: number;
  readonly spread_k: number;
}

/** When a reading no longer counts, home time; of a sensor whose habit is not known. */
export interface TrustLimits {
  /** Age. */
  readonly staleAfter_ms: number;
  /** Time in which a sensor that reports says exactly the same: a room's air moves by a tenth within hours. */
  readonly frozenAfter_ms: number;
  /** By how much the heating at full power lifts the air at once, K. */
  readonly heatingLift_k: number;
}

/** The most that a room's air moves within a time, K; what moves farther is a fault of the sensor until it repeats it. */
export function largestMove_k(heatingLift_k: number, passed_ms: number): number {
  return sudden.besidesHeating_k + heatingLift_k + (sudden.perMinute_k * passed_ms) / 60_000;
}

/**
 * The jump that a reading ends in, if any: from the last reading that counted. Readings farther apart than
 * `staleAfter_ms` are not compared, nor such as the clock's jump put in the wrong order. A jump that time alone has
 * confirmed can still have been a fault: what is near the reading before it is accepted at once.
 */
export function jumpOf(
  before: SensorHistory,
  { metrics, timeMs }: Reading,
  { heatingLift_k, staleAfter_ms }: TrustLimits,
): SensorHistory["jump"] {
  const isFarFrom = (from: Reading) =>
    Math.abs(metrics.temperature - from.metrics.temperature) >
    largestMove_k(heatingLift_k, Math.abs(timeMs - from.timeMs));
  const isJumpFrom = (from: Reading) =>
    timeMs >= from.timeMs && timeMs - from.timeMs <= staleAfter_ms && isFarFrom(from);

  const { jump: earlier } = before;
  const hasReturned = earlier !== undefined && !isFarFrom(earlier.from);
  if (hasReturned) return undefined;
  const isDoubted = earlier !== undefined && !isConfirmed(earlier, timeMs);
  const counted = isDoubted || !isPlausible(before) ? earlier?.from : before;
  if (counted === undefined || !isJumpFrom(counted)) return undefined;
  const isRepeated = isDoubted && !isJumpFrom(before);
  if (isRepeated) return timeMs - earlier.atMs < confirmedAfter_ms ? earlier : undefined;

  const { room, metrics: countedMetrics, timeMs: countedMs } = counted;
  const interval_ms = Math.max(timeMs - before.timeMs, before.interval_ms ?? 0);
  const wait_ms = Math.min(Math.max(interval_ms, confirmedAfter_ms), longestWait_ms);
  return { from: { room, metrics: countedMetrics, timeMs: countedMs }, atMs: timeMs, wait_ms };
}

export function isPlausible({ metrics }: Pick<Reading, "metrics">): boolean {
  return metrics.temperature >= plausible_c.min && metrics.temperature <= plausible_c.max;
}

function isConfirmed({ atMs, wait_ms }: Jump, nowMs: number): boolean {
  return Math.abs(nowMs - atMs) >= wait_ms;
}

/** So many standard deviations is the air farther off than it can be. */
const contradiction = 2;

/** Whether the model has the air within a width of the sensor's last reading; undefined where it expects nothing. */
function agrees(
  temperature_c: number,
  width_k: number,
  expected: ExpectedAir | undefined,
): boolean | undefined {
  if (!expected) return undefined;
  return Math.abs(expected.air_c - temperature_c) <= width_k + contradiction * expected.spread_k;
}

/**
 * Judges a room's last reading. Readings from farther ahead than `staleAfter_ms` come from before a jump of the
 * clock and are as old as any.
 *
 * @param expected of the step just past, by the model; undefined where there is none that has proved itself
 */
export function trustOf(
  reading: SensorHistory,
  nowMs: number,
  limits: TrustLimits,
  expected?: ExpectedAir,
): Trust {
  const { metrics, jump } = reading;
  const { temperature } = metrics;
  if (!isPlausible({ metrics })) {
    const { min, max } = plausible_c;
    const reason = `It says ${temperature} °C, and a room's air is between ${min} and ${max} °C.`;
    return { status: "implausible", reason };
  }
  const stale = whyStale(reading, nowMs, limits, expected);
  if (stale !== undefined) return { status: "stale", reason: stale };
  if (jump && !isConfirmed(jump, nowMs)) {
    const passed_ms = jump.atMs - jump.from.timeMs;
    const reason = `It went from ${jump.from.metrics.temperature} to ${temperature} °C within ${duration(passed_ms)}, and counts again when it stays there for ${duration(jump.wait_ms)}.`;
    return { status: "implausible", reason };
  }
  const frozen = whyFrozen(reading, limits, expected);
  return frozen === undefined ? { status: "fresh" } : { status: "frozen", reason: frozen };
}

function whyStale(
  { metrics: { temperature }, timeMs, known }: SensorHistory,
  nowMs: number,
  limits: TrustLimits,
  expected: ExpectedAir | undefined,
): string | undefined {
  const { staleAfter_ms } = limits;
  const age_ms = nowMs - timeMs;
  if (-age_ms > staleAfter_ms)
    return `Its last reading is ${duration(-age_ms)} ahead of the clock, and no more than ${duration(staleAfter_ms)} counts.`;
  const width_k = widthOfSilence_k(known);
  const isWithin = width_k === undefined ? undefined : agrees(temperature, width_k, expected);
  if (age_ms > staleAfter_ms && isWithin === false)
    return `It has said nothing for ${duration(age_ms)}, and reports changes of ${width_k!.toFixed(1)} K; by the model of the house the air went from ${temperature.toFixed(1)} to ${expected!.air_c.toFixed(1)} °C.`;
  const { usual_ms, agreeing_ms } = allowedSilence(known, staleAfter_ms);
  const limit_ms = isWithin ? agreeing_ms : usual_ms;
  if (age_ms <= limit_ms) return undefined;
  return `Its last reading is ${duration(age_ms)} old, and no more than ${duration(limit_ms)} counts.`;
}

function whyFrozen(
  { metrics: { temperature }, timeMs, sinceMs, known }: SensorHistory,
  { frozenAfter_ms }: TrustLimits,
  expected: ExpectedAir | undefined,
): string | undefined {
  const held_ms = timeMs - sinceMs;
  const { usual_ms, agreeing_ms } = allowedHold(known, frozenAfter_ms);
  const isWithin = agrees(temperature, 2 * widthOfReading_k(known), expected);
  if (held_ms < (isWithin ? agreeing_ms : usual_ms)) return undefined;
  return `It has said exactly ${temperature} °C for ${duration(held_ms)}, and air is never that still.`;
}

/** A thermometer that says what the house cannot have. */
export function doubtedTrust(temperature_c: number, { expected_c }: { readonly expected_c: number }): Trust {
  const reason = `It says ${temperature_c.toFixed(1)} °C where the house, heated as it is, should have ${expected_c.toFixed(1)} °C by its model.`;
  return { status: "doubted", reason };
}

function duration(length_ms: number): string {
  const minutes = Math.round(length_ms / 60_000);
  if (minutes < 2) return `${Math.round(length_ms / 1000)} s`;
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}

/** A sensor's last value, and since when it is the same. */
export interface HeldValue {
  readonly value: number;
  readonly timeMs: number;
  readonly sinceMs: number;
}

/** The same of a new value; it holds on from `before` where that is equal and not older than `longestGap_ms`. */
export function heldValue(
  value: number,
  timeMs: number,
  before: HeldValue | undefined,
  longestGap_ms: number,
): HeldValue {
  const goesOn = value === before?.value && Math.abs(timeMs - before.timeMs) <= longestGap_ms;
  return { value, timeMs, sinceMs: goesOn ? before.sinceMs : timeMs };
}

/** Why no temperature is known, in words. */
export function whyNoTemperature(rooms: readonly RoomState[]): string {
  if (rooms.length === 0) return "no temperature was ever measured";
  const deciding = rooms.filter(({ decides }) => decides);
  if (deciding.length === 0) {
    const others = rooms.map(({ room }) => room).join(", ");
    return `no room that decides has measured; ${others} did: name a room in AZRU_ROOM`;
  }
  return `no temperature can be trusted (${deciding.map(({ room, status }) => `${room} ${status}`).join(", ")})`;
}
