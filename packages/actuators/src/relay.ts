/** A relay: on for a share of the time, or by a thermostat of its own. */
import { startDutyCycle, stepDutyCycle } from "./duty-cycle.ts";
import type { Target } from "./room-command.ts";

/** How a relay may be switched, and what it does when nobody commands it. */
export interface RelayTimes {
  readonly period_minutes: number;
  readonly minimum_on_minutes: number;
  readonly minimum_off_minutes: number;
  readonly safe_setpoint_c: number;
  readonly safe_hysteresis_k: number;
  /** Where no temperature is known either. */
  readonly safe_duty_percent: number;
}

export interface Relay {
  /** Lives on to a time of the steady clock; asks to be called every few seconds. */
  step(target: Target, room_c: number | undefined, nowMs: number): "on" | "off";
}

const minute_ms = 60_000;

/** A relay that is off at `startMs`. */
export function createRelay(settings: RelayTimes, startMs: number): Relay {
  const options = {
    period_ms: settings.period_minutes * minute_ms,
    minimumOn_ms: settings.minimum_on_minutes * minute_ms,
    minimumOff_ms: settings.minimum_off_minutes * minute_ms,
  };
  const { safe_setpoint_c, safe_hysteresis_k } = settings;
  let cycle = startDutyCycle(startMs);
  let isHeating = false;
  let duty = 0;

  const safeDuty = (room_c: number | undefined) => {
    if (room_c === undefined) return settings.safe_duty_percent / 100;
    if (room_c <= safe_setpoint_c - safe_hysteresis_k / 2) isHeating = true;
    if (room_c >= safe_setpoint_c + safe_hysteresis_k / 2) isHeating = false;
    return isHeating ? 1 : 0;
  };
  return {
    step(target, room_c, nowMs) {
      // The time since the last step was lived under the duty asked for then.
      cycle = stepDutyCycle(cycle, nowMs, duty, options);
      duty = target.kind === "open" ? target.opening_percent / 100 : safeDuty(room_c);
      cycle = stepDutyCycle(cycle, nowMs, duty, options);
      return cycle.isOn ? "on" : "off";
    },
  };
}
