/** What the valves service sends to a listed device. */
import { type ValveSettings, valvesFile } from "../../services/valves/src/valves-file.ts";
import { controlOf, openMessage, safeMessage } from "../../services/valves/src/zigbee/control.ts";
import {
  decodeBridgeDevices,
  inOwnNames,
  type SetMessage,
  type ZigbeeDevice,
} from "../../services/valves/src/zigbee/payloads.ts";
import { pilotControlOf, pilotMessage } from "../../services/valves/src/zigbee/pilot-control.ts";
import type { ListedDevice } from "./selection.ts";

/** How a device is driven, as the page on devices shows it. */
export interface Drive {
  /** "opening by valve_position" */
  readonly how: string;
  readonly messages: Readonly<Record<string, SetMessage>>;
}

/** As zigbee2mqtt publishes it, and the service reads it. */
function bridgeDevice({
  vendor,
  model,
  exposes,
}: Omit<ListedDevice, "kind" | "description" | "aliases">): ZigbeeDevice {
  const entry = { friendly_name: model, definition: { vendor, model, exposes } };
  return decodeBridgeDevices(Buffer.from(JSON.stringify([entry])))[0];
}

function valveSettings(changes: object): ValveSettings {
  const file = { rooms: { room: { valves: [{ name: "valve", ...changes }] } } };
  return valvesFile.parse(JSON.stringify(file), "devices").rooms.room.valves[0];
}

/** @returns nothing where the service has no way to drive it */
export function driveOf(listed: ListedDevice): Drive | undefined {
  const device = bridgeDevice(listed);
  const drive = driveOfKind(listed.kind, device);
  if (!drive) return undefined;
  const messages = Object.entries(drive.messages).map(([name, message]) => [
    name,
    inOwnNames(device, message),
  ]);
  return { ...drive, messages: Object.fromEntries(messages) };
}

function driveOfKind(kind: ListedDevice["kind"], device: ZigbeeDevice): Drive | undefined {
  if (kind === "valve") return driveValve(device);
  if (kind === "pilot_wire") return drivePilotWire(device) ?? driveValve(device);
  return driveRelay(device);
}

function driveValve(device: ZigbeeDevice): Drive | undefined {
  const settings = valveSettings({});
  const control = controlOf(settings, device);
  if (!control) return undefined;
  const byThermostat = control.kind === "opening" && control.setpoint;
  const setpoint = valveSettings({ control: "setpoint" });
  return {
    how: `${control.kind} by \`${control.property}\``,
    messages: {
      "0 %": openMessage(control, settings, 0, 19),
      "40 %": openMessage(control, settings, 40, 19),
      "100 %": openMessage(control, settings, 100, 19),
      ...(byThermostat && {
        "60 % by its thermostat": openMessage(controlOf(setpoint, device)!, setpoint, 60, 19),
      }),
      safe: safeMessage(control, settings),
    },
  };
}

function drivePilotWire(device: ZigbeeDevice): Drive | undefined {
  const control = pilotControlOf(device);
  if (!control) return undefined;
  const orders = [...control.values.keys()].map((mode) => [mode, pilotMessage(control, mode)!]);
  return { how: `orders by \`${control.property}\``, messages: Object.fromEntries(orders) };
}

function driveRelay({ exposes }: ZigbeeDevice): Drive | undefined {
  const states = exposes.filter(({ name, access = 0 }) => name === "state" && (access & 0b010) !== 0);
  if (states.length === 0) return undefined;
  const messages = states.flatMap(({ property }) =>
    ["ON", "OFF"].map((state) => [`${property} ${state}`, { [property!]: state }]),
  );
  return { how: `switch by \`${states[0].property}\``, messages: Object.fromEntries(messages) };
}
