/** An electric heater that is on or off: by a relay, or by orders on its pilot wire. */
import {
  createDuty,
  dutyCycleOptionsOf,
  type HeaterOptions,
  type PilotMode,
  type Target,
} from "@azru/actuators";
import type { Log } from "@azru/messaging";
import { createCommandWatch } from "./command-watch.ts";
import type { PilotWireSettings, RelaySettings } from "./valves-file.ts";
import { contradictionOf } from "./zigbee/contradiction.ts";
import type { SetMessage, ZigbeeDevice } from "./zigbee/payloads.ts";
import { type PilotControl, pilotControlOf, pilotMessage } from "./zigbee/pilot-control.ts";

/** What leads to the devices. */
export interface HeaterPorts {
  /** Sends to a Zigbee device; false when the broker is away. */
  readonly set: (device: string, message: SetMessage) => boolean;
  /** Sends to any other topic. */
  readonly send: (topic: string, text: string) => boolean;
  readonly log: Log;
}

export interface Heater {
  /** Its name in zigbee2mqtt, where it has one. */
  readonly name: string | undefined;
  readonly options: HeaterOptions;
  /** Learns what the device can do. */
  describe(device: ZigbeeDevice | undefined): void;
  /** Share of the time that it is to be on, 0 to 1. */
  dutyAt(target: Target, room_c: number | undefined): number;
  /** Sends what it is to do now, where that has changed or is due again. */
  act(target: Target, isOn: boolean, nowMs: number): void;
  /** Takes note of what the device reports; has the order sent again where it contradicts it. */
  report(raw: Readonly<Record<string, unknown>>, nowMs: number): void;
  /** Has the next order sent although nothing changed: the device may have missed the last. */
  forget(): void;
  /** Sends it to where it is safe without us; false when it could not be reached. */
  release(): boolean;
}

/** What a heater is sent. */
type Order = { readonly topic: string; readonly text: string } | { readonly message: SetMessage };

/** How one kind of heater is given its orders; nothing where there is no way (yet). */
interface Orders {
  order(target: Target, isOn: boolean): Order | undefined;
  onStop(): Order | undefined;
  dutyAt(target: Target, room_c: number | undefined): number;
  describe(device: ZigbeeDevice | undefined): void;
}

/** A relay that lost power has forgotten; it is sent its order again this often. */
const repeat_ms = 5 * 60_000;
/** Mains devices report within seconds. */
const settle_ms = 10_000;

export function createRelayHeater(settings: RelaySettings, ports: HeaterPorts): Heater {
  return heaterOf(settings, ports, {
    order: (_, isOn) => switchOrder(settings, isOn),
    onStop: () => switchOrder(settings, settings.on_stop === "on"),
    dutyAt: createDuty(settings),
    describe() {},
  });
}

/**
 * A radiator on a pilot wire: comfort while it is on, its low order otherwise.
 *
 * In the safe position a module gives its safe order, which leaves the room to the radiator's own thermostat. A
 * relay has two orders only, so that it keeps the safe setpoint by the room's thermometer, and opens on stop.
 */
export function createPilotHeater(settings: PilotWireSettings, ports: HeaterPorts): Heater {
  if (settings.closed !== undefined)
    return heaterOf(settings, ports, {
      order: (_, isOn) => switchOrder(settings, !isOn),
      onStop: () => switchOrder(settings, false),
      dutyAt: createDuty(settings),
      describe() {},
    });
  const { name = "", low = "frost_protection", safe = "eco" } = settings;
  const dutyOf = createDuty(settings);
  let control: PilotControl | undefined;
  let found: string | undefined;
  const orderOf = (mode: PilotMode): Order | undefined => {
    const message = control && pilotMessage(control, mode);
    return message && { message };
  };
  return heaterOf(settings, ports, {
    order: (target, isOn) => orderOf(target.kind === "safe" ? safe : isOn ? "comfort" : low),
    onStop: () => orderOf(safe),
    dutyAt: (target, room_c) => (target.kind === "safe" ? 0 : dutyOf(target, room_c)),
    describe(device) {
      control = pilotControlOf(device);
      const how = control ? `orders by ${control.property}` : "no way";
      if (how === found) return;
      found = how;
      if (control) reportFound(control, { name, model: device?.model, how, low, safe }, ports.log);
      else if (device)
        ports.log.error(
          { device: name, model: device.model },
          "device takes no orders of a pilot wire: for a relay name its closed order in the valves file",
        );
    },
  });
}

interface FoundPilot {
  readonly name: string;
  readonly model: string | undefined;
  readonly how: string;
  readonly low: PilotMode;
  readonly safe: PilotMode;
}

function reportFound(control: PilotControl, { name, model, how, low, safe }: FoundPilot, log: Log): void {
  log.info({ device: name, model, how, low, safe }, "pilot wire found");
  const unknown = [low, safe].filter((mode) => !control.values.has(mode));
  if (unknown.length > 0)
    log.error(
      { device: name, model, unknown, known: [...control.values.keys()] },
      "pilot wire does not know this order: name another in the valves file",
    );
}

function switchOrder(
  { topic, property = "state", on, off }: Pick<RelaySettings, "topic" | "property" | "on" | "off">,
  isClosed: boolean,
): Order {
  const text = isClosed ? on : off;
  return topic === undefined ? { message: { [property]: text } } : { topic, text };
}

function heaterOf(
  settings: RelaySettings | PilotWireSettings,
  { set, send, log }: HeaterPorts,
  orders: Orders,
): Heater {
  const { name } = settings;
  const watch = createCommandWatch(name ?? settings.topic!, settle_ms, log);
  let sent: { readonly order: Order; readonly text: string; readonly atMs: number } | undefined;
  const give = (order: Order) =>
    "topic" in order ? send(order.topic, order.text) : set(name!, order.message);
  return {
    name,
    options: { ...dutyCycleOptionsOf(settings), rated_w: settings.rated_w },
    describe: orders.describe,
    dutyAt: orders.dutyAt,
    act(target, isOn, nowMs) {
      const order = orders.order(target, isOn);
      if (!order) return;
      const text = JSON.stringify(order);
      if (sent?.text === text && nowMs - sent.atMs < repeat_ms) return;
      if (!give(order)) return;
      sent = { order, text, atMs: nowMs };
      watch.sent(nowMs);
    },
    report(raw, nowMs) {
      if (!sent || "topic" in sent.order) return;
      if (watch.report(contradictionOf({ message: sent.order.message, tolerance: 0 }, raw), nowMs))
        sent = undefined;
    },
    forget() {
      sent = undefined;
    },
    release() {
      const order = orders.onStop();
      return order === undefined || give(order);
    },
  };
}
