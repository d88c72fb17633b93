/** A relay: on for a share of the time, or by a thermostat of its own. */
import { type DutyCycleOptions, startDutyCycle, stepDutyCycle } from "./duty-cycle.ts";
import type { Target } from "./room-command.ts";

/** How a relay may be switched. */
export interface SwitchTimes {
  readonly period_minutes: number;
  readonly minimum_on_minutes: number;
  readonly minimum_off_minutes: number;
}

/** What a relay does when nobody commands it. */
export interface SafeThermostat {
  readonly safe_setpoint_c: number;
  readonly safe_hysteresis_k: number;
  /** Where no temperature is known either. */
  readonly safe_duty_percent: number;
}

export type RelayTimes = SwitchTimes & SafeThermostat;

export interface Relay {
  /** Lives on to a time of the steady clock; asks to be called every few seconds. */
  step(target: Target, room_c: number | undefined, nowMs: number): "on" | "off";
}

const minute_ms = 60_000;

export function dutyCycleOptionsOf(times: SwitchTimes): DutyCycleOptions {
  return {
    period_ms: times.period_minutes * minute_ms,
    minimumOn_ms: times.minimum_on_minutes * minute_ms,
    minimumOff_ms: times.minimum_off_minutes * minute_ms,
  };
}

/** The share of the time, 0 to 1, that a relay is to be on for a target; in the safe position by its thermostat. */
export function createDuty(settings: SafeThermostat): (target: Target, room_c: number | undefined) => number {
  const { safe_setpoint_c, safe_hysteresis_k, safe_duty_percent } = settings;
  let isHeating = false;
  return (target, room_c) => {
    if (target.kind === "open") return target.opening_percent / 100;
    if (room_c === undefined) return safe_duty_percent / 100;
    if (room_c <= safe_setpoint_c - safe_hysteresis_k / 2) isHeating = true;
    if (room_c >= safe_setpoint_c + safe_hysteresis_k / 2) isHeating = false;
    return isHeating ? 1 : 0;
  };
}

/** A relay that is off at `startMs`. */
export function createRelay(settings: RelayTimes, startMs: number): Relay {
  const options = dutyCycleOptionsOf(settings);
  const dutyOf = createDuty(settings);
  let cycle = startDutyCycle(startMs);
  let duty = 0;
  return {
    step(target, room_c, nowMs) {
      // The time since the last step was lived under the duty asked for then.
      cycle = stepDutyCycle(cycle, nowMs, duty, options);
      duty = dutyOf(target, room_c);
      cycle = stepDutyCycle(cycle, nowMs, duty, options);
      return cycle.isOn ? "on" : "off";
    },
  };
}
