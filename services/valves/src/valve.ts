/** A radiator valve: what to send to it, and when. */
import type { Target } from "@azru/actuators";
import type { Log } from "@azru/messaging";
import { createCommandWatch } from "./command-watch.ts";
import type { ValveSettings } from "./valves-file.ts";
import { contradictionOf, type Sent } from "./zigbee/contradiction.ts";
import { controlOf, openMessage, safeMessage, type ValveControl } from "./zigbee/control.ts";
import type { SetMessage, ZigbeeDevice } from "./zigbee/payloads.ts";

/** When and by what a message is decided. */
interface ValveMoment {
  /** Of a clock that never jumps. */
  readonly nowMs: number;
  /** What the device itself measures, or the room's where it has not reported; degrees C. */
  readonly local_c: number | undefined;
}

export interface Valve {
  readonly name: string;
  /** Learns what the device can do. */
  describe(device: ZigbeeDevice | undefined): void;
  /** Has the next message sent although nothing changed: the device may have missed the last. */
  forget(): void;
  /** What to send for a target; nothing where it was sent already or the device is not known. */
  messageFor(target: Target, moment: ValveMoment): SetMessage | undefined;
  /** What to send so that it looks after itself, whatever was sent before. */
  safeMessage(): SetMessage | undefined;
  /** Notes that a message is on its way. */
  sent(message: SetMessage, nowMs: number): void;
  /** Takes note of what the device reports; has the command sent again where it contradicts it. */
  report(raw: Readonly<Record<string, unknown>>, nowMs: number): void;
}

/** A battery device reports its old state for a while after a command. */
const settle_ms = 2 * 60_000;

export function createValve(settings: ValveSettings, log: Log): Valve {
  const { name } = settings;
  const watch = createCommandWatch(name, settle_ms, log);
  let control: ValveControl | undefined = controlOf(settings, undefined);
  let lastSent: { readonly text: string; readonly atMs: number } | undefined;
  let decided: { readonly key: string; readonly message: SetMessage; readonly opening?: number } | undefined;
  let found: string | undefined;

  return {
    name,
    describe(device) {
      const next = controlOf(settings, device);
      if (JSON.stringify(next) !== JSON.stringify(control)) decided = undefined;
      control = next;
      const how = control ? `${control.kind} by ${control.property}` : "no way";
      if (how === found) return;
      found = how;
      if (control) reportFound(name, device, control, log);
      else if (device)
        log.error(
          { device: name, model: device.model },
          "valve can be set neither by its opening nor by a setpoint: name its property in the valves file",
        );
    },
    forget() {
      lastSent = undefined;
    },
    messageFor(target, { nowMs, local_c }) {
      if (!control) return undefined;
      // One setpoint a command: a thermometer's every tenth would otherwise cost battery.
      const key = target.kind === "safe" ? "safe" : `${target.number} ${local_c === undefined}`;
      if (decided?.key !== key) decided = { key, ...decide(control, settings, target, local_c) };
      const isDue = nowMs - (lastSent?.atMs ?? 0) >= (repeatOf(control) ?? Number.POSITIVE_INFINITY);
      return JSON.stringify(decided.message) === lastSent?.text && !isDue ? undefined : decided.message;
    },
    safeMessage: () => control && safeMessage(control, settings),
    sent(message, nowMs) {
      lastSent = { text: JSON.stringify(message), atMs: nowMs };
      watch.sent(nowMs);
    },
    report(raw, nowMs) {
      if (!control || !decided || !lastSent) return;
      const sent: Sent = {
        message: decided.message,
        tolerance: toleranceOf(control),
        ...(decided.opening !== undefined && { opening_percent: decided.opening }),
      };
      if (watch.report(contradictionOf(sent, raw), nowMs)) lastSent = undefined;
    },
  };
}

/** A setpoint says nothing without a temperature beside which it stands: until one is known, the valve is safe. */
function decide(
  control: ValveControl,
  settings: ValveSettings,
  target: Target,
  local_c: number | undefined,
): { readonly message: SetMessage; readonly opening?: number } {
  if (target.kind === "safe" || (control.kind === "setpoint" && local_c === undefined))
    return { message: safeMessage(control, settings) };
  const { opening_percent } = target;
  return { message: openMessage(control, settings, opening_percent, local_c), opening: opening_percent };
}

function repeatOf(control: ValveControl): number | undefined {
  return control.kind === "opening" ? control.repeat_ms : undefined;
}

/** Half a step of a setpoint, 3 % of an opening: devices round. */
function toleranceOf(control: ValveControl): number {
  return control.kind === "setpoint" ? control.step_c / 2 : Math.abs(control.open - control.closed) * 0.03;
}

function reportFound(name: string, device: ZigbeeDevice | undefined, control: ValveControl, log: Log): void {
  const how = `${control.kind} by ${control.property}`;
  log.info({ device: name, model: device?.model, how }, "valve found");
  if (control.kind === "opening" && control.property === "valve_opening_degree")
    log.warn(
      { device: name, model: device?.model },
      "owners report that this valve loses its calibration when its opening is set often, and no longer closes: " +
        "where its radiator stays warm at 0 %, calibrate it, and drive its thermostat by control: setpoint in the valves file",
    );
}
