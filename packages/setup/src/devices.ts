/** The valves file and the rooms file that follow from the radiators and thermometers that were named. */
import type { Radiator, SetupAnswers } from "@azru/contracts";

/** A pilot wire in a valves file: docs/pilot-wire.md. */
interface PilotWire {
  readonly name: string;
  readonly rated_w: number;
  readonly closed?: NonNullable<Radiator["closed"]>;
  readonly property?: string;
}

interface RoomDevices {
  readonly sensors?: readonly { readonly name: string }[];
  readonly pilot_wires?: readonly PilotWire[];
}

/** A valves file, as far as set-up asks for it: docs/valves.md. */
export interface DescribedValves {
  readonly power?: { readonly subscribed_kva: number; readonly base_load_w: number };
  readonly rooms: Readonly<Record<string, RoomDevices>>;
}

/** A rooms file whose rooms have the home's comfort and the power of their radiators: docs/rooms.md. */
export interface DescribedRooms {
  readonly rooms: Readonly<Record<string, Readonly<Record<string, never>>>>;
}

type DeviceAnswers = Pick<
  SetupAnswers,
  "rooms" | "thermometers" | "radiators" | "subscribed_kva" | "base_load_w"
>;

/** The room whose plan a radiator follows: its own where that has a thermometer, else the first. */
function roomOf({ room }: Radiator, { rooms, thermometers }: DeviceAnswers): string {
  return thermometers.some((one) => one.room === room) ? room : rooms[0];
}

/** @returns undefined where no radiator was named: somebody writes a valves file, or there is none */
export function describedValves(answers: DeviceAnswers): DescribedValves | undefined {
  const { rooms, thermometers, radiators, subscribed_kva, base_load_w } = answers;
  if (radiators.length === 0) return undefined;
  const described = rooms.map((room): [string, RoomDevices] => {
    const sensors = thermometers.filter((one) => one.room === room).map(({ name }) => ({ name }));
    const pilot_wires = radiators
      .filter((radiator) => roomOf(radiator, answers) === room)
      .map(({ name, rated_w, closed, property }) => ({
        name,
        rated_w,
        ...(closed !== null && { closed }),
        ...(property !== null && { property }),
      }));
    return [room, { ...(sensors.length > 0 && { sensors }), ...(pilot_wires.length > 0 && { pilot_wires }) }];
  });
  return {
    ...(subscribed_kva !== null && { power: { subscribed_kva, base_load_w } }),
    rooms: Object.fromEntries(described.filter(([, devices]) => Object.keys(devices).length > 0)),
  };
}

/**
 * The rooms that are heated each by itself: those that have radiators and a thermometer.
 *
 * @returns undefined where all radiators follow the first room, which needs no rooms file
 */
export function describedRooms(answers: DeviceAnswers): DescribedRooms | undefined {
  const heated = new Set(answers.radiators.map((radiator) => roomOf(radiator, answers)));
  const names = answers.rooms.filter((room) => heated.has(room));
  if (names.length === 0 || (names.length === 1 && names[0] === answers.rooms[0])) return undefined;
  return { rooms: Object.fromEntries(names.map((name) => [name, {}])) };
}
