/** Names of the valves file that zigbee2mqtt does not know. */
import type { Log } from "@azru/messaging";
import { closest, distance } from "fastest-levenshtein";
import type { ValvesFile } from "./valves-file.ts";
import type { ZigbeeDevice } from "./zigbee/payloads.ts";

/** A name that a file gives to a device, and the properties that it sets of it. */
interface Named {
  readonly name: string;
  readonly properties: readonly string[];
}

function namesIn(file: ValvesFile): Named[] {
  const rooms = Object.values(file.rooms).flatMap(({ sensors, valves, relays, pilot_wires }) => [
    ...sensors.map(({ name }) => ({ name, properties: [] })),
    ...valves.map(({ name, opening, setpoint }) => ({
      name,
      properties: [opening?.property, setpoint.property].filter((one) => one !== undefined),
    })),
    ...relays.flatMap(({ name, property = "state" }) =>
      name === undefined ? [] : [{ name, properties: [property] }],
    ),
    ...pilot_wires.flatMap(({ name, closed, property = "state" }) =>
      name === undefined ? [] : [{ name, properties: closed === undefined ? [] : [property] }],
    ),
  ]);
  const { meter } = file.power ?? {};
  return meter ? [...rooms, { name: meter.name, properties: [meter.property] }] : rooms;
}

/** Says once of each name, and of each property, that zigbee2mqtt does not know it, and what it may have been. */
export function createNameCheck(
  file: ValvesFile,
  log: Log,
): (devices: ReadonlyMap<string, ZigbeeDevice>) => void {
  const complained = new Set<string>();
  const once = (key: string, isWrong: boolean, complain: () => void) => {
    if (!isWrong) complained.delete(key);
    else if (!complained.has(key)) {
      complained.add(key);
      complain();
    }
  };
  return (devices) => {
    for (const { name, properties } of namesIn(file)) {
      const device = devices.get(name);
      once(name, !device, () =>
        log.warn(
          { device: name, ...nearest(name, [...devices.keys()]) },
          "zigbee2mqtt knows no device of this name: pair it or correct the name",
        ),
      );
      if (!device) continue;
      const known = [
        ...device.exposes.flatMap(({ property }) => property ?? []),
        ...device.ownNames.values(),
      ];
      for (const property of properties)
        once(`${name} ${property}`, !known.includes(property), () =>
          log.warn(
            { device: name, property, ...nearest(property, known), ...outputsOf(device) },
            "device has no property of this name: correct it in the valves file",
          ),
        );
    }
  };
}

/** The switches of a module with several: which of them is meant, its `property` says. */
function outputsOf({ exposes }: ZigbeeDevice): { readonly outputs?: readonly string[] } {
  const outputs = exposes.flatMap(({ name, property }) =>
    name === "state" && property !== undefined ? [property] : [],
  );
  return outputs.length > 1 ? { outputs } : {};
}

/** The nearest of some names, where at most a third of it is different. */
function nearest(name: string, names: readonly string[]): { readonly nearest?: string } {
  if (names.length === 0) return {};
  const found = closest(name, names);
  return distance(name, found) <= Math.max(1, name.length / 3) ? { nearest: found } : {};
}
