/** How long a switched heater is to be on: what is commanded, or by a thermostat of its own. */
import type { DutyCycleOptions } from "./duty-cycle.ts";
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

const minute_ms = 60_000;

/** The times of a switch, minutes in its settings, as the duty cycle takes them, ms. */
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
