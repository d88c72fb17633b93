/** A radiator valve: what to send to it, and when. */
import type { Target } from "@azru/actuators";
import type { Log } from "@azru/messaging";
import type { ValveSettings } from "./valves-file.ts";
import { controlOf, openMessage, type SetMessage, safeMessage, type ValveControl } from "./zigbee/control.ts";
import type { ZigbeeDevice } from "./zigbee/payloads.ts";

export interface Valve {
  readonly name: string;
  /** Learns what the device can do. */
  describe(device: ZigbeeDevice | undefined): void;
  /** Has the next message sent although nothing changed: the device may have missed the last. */
  forget(): void;
  /**
   * What to send for a target; nothing where it was sent already or the device is not known.
   *
   * @param local_c what the device itself measures, degrees C
   */
  messageFor(target: Target, local_c: number | undefined): SetMessage | undefined;
  /** What to send so that it looks after itself, whatever was sent before. */
  safeMessage(): SetMessage | undefined;
  /** Notes that a message is on its way. */
  sent(message: SetMessage): void;
}

export function createValve(settings: ValveSettings, log: Log): Valve {
  const { name } = settings;
  let control: ValveControl | undefined = controlOf(settings, undefined);
  let lastSent: string | undefined;
  let decided: { readonly key: string; readonly message: SetMessage } | undefined;
  let told: string | undefined;

  return {
    name,
    describe(device) {
      const next = controlOf(settings, device);
      if (JSON.stringify(next) !== JSON.stringify(control)) decided = undefined;
      control = next;
      const how = control ? `${control.kind} by ${control.property}` : "no way";
      if (how === told) return;
      told = how;
      if (control) log.info({ device: name, model: device?.model, how }, "valve found");
      else if (device)
        log.error(
          { device: name, model: device.model },
          "valve can be set neither by its opening nor by a setpoint: name its property in the valves file",
        );
      else
        log.warn({ device: name }, "zigbee2mqtt knows no device of this name: pair it or correct the name");
    },
    forget() {
      lastSent = undefined;
    },
    messageFor(target, local_c) {
      if (!control) return undefined;
      // One setpoint a command: a thermometer's every tenth would otherwise cost battery.
      const key = target.kind === "safe" ? "safe" : `${target.number} ${local_c === undefined}`;
      if (decided?.key !== key) {
        const message =
          target.kind === "safe"
            ? safeMessage(control, settings)
            : openMessage(control, settings, target.opening_percent, local_c);
        decided = { key, message };
      }
      return JSON.stringify(decided.message) === lastSent ? undefined : decided.message;
    },
    safeMessage: () => control && safeMessage(control, settings),
    sent(message) {
      lastSent = JSON.stringify(message);
    },
  };
}
