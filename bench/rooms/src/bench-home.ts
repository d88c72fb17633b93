/** A home of several rooms with electric radiators on pilot wires: what it is, what its people want, and its twin. */
import { housePhysicsOf } from "@azru/house";
import type { RoomLink, RoomNetwork } from "@azru/house/testing";
import type { Building } from "@azru/simulation";

/** Hours of the day, home time, and what a room is kept above in them. */
interface SetpointSpan {
  readonly from_h: number;
  readonly to_h: number;
  readonly setpoint_c: number;
}

export interface BenchRoom {
  readonly name: string;
  readonly building: Building;
  /** Heaters together. */
  readonly rated_w: number;
  /** Spans by day; `usual_c` in all other hours. */
  readonly usual_c: number;
  readonly spans: readonly SetpointSpan[];
  /** Internal gains by hour of the day, W. */
  readonly gainsAt_w: (hour: number) => number;
}

/** A home as one describes it. */
export interface HomeDescription {
  readonly name: string;
  readonly rooms: Readonly<Record<string, RoomDescription>>;
  /** Between rooms by their places in the list. */
  readonly links: readonly RoomLink[];
}

interface RoomDescription extends Pick<BenchRoom, "usual_c" | "spans"> {
  readonly floor_m2: number;
  readonly wall_m2: number; // opaque, to the outside, the roof's part with it
  readonly window_m2: number;
  readonly azimuth_deg: number; // of its windows, from south, east positive
  readonly rated_w: number;
  readonly gains_w: number; // mean
  /** Hours in which its gains are 2.5 times their mean; at other hours less, so that the mean stays. */
  readonly busy: readonly (readonly [number, number])[];
}

export interface BenchHome {
  readonly rooms: readonly BenchRoom[];
  readonly network: RoomNetwork;
  /** The same home as one zone: what its owner writes into a building file. */
  readonly whole: Building;
  readonly total_w: number;
}

/** Heat capacity per floor area by class, ISO 13790 table 12, J/(m2 K). */
export const masses_j_m2k = { light: 110_000, medium: 165_000, heavy: 260_000 } as const;

const location = { name: "Lyon", latitude_deg: 45.76, longitude_deg: 4.84 };
const height_m = 2.5;
/** Blocks insulated inside in the nineties, double glazing, mechanical ventilation. */
const envelope = { uWalls_w_m2k: 0.5, uWindows_w_m2k: 2, ventilation_ach: 0.4, infiltration_ach: 0.15 };
const facing = 4.5; // areas that face a room per floor area, ISO 13790 7.2.2.2
const busyFactor = 2.5;

/** @param thermalCapacitance_j_m2k per floor area */
export function createHome(
  { name, rooms: described, links }: HomeDescription,
  thermalCapacitance_j_m2k: number,
): BenchHome {
  const rooms = Object.entries(described).map(
    ([room, description]): BenchRoom => ({
      name: room,
      building: buildingOf(room, description, thermalCapacitance_j_m2k),
      rated_w: description.rated_w,
      usual_c: description.usual_c,
      spans: description.spans,
      gainsAt_w: gainsOf(description),
    }),
  );
  const network = { rooms: rooms.map(({ building }) => housePhysicsOf(building)), links };
  return { rooms, network, whole: wholeOf(name, rooms), total_w: sumOf(rooms, ({ rated_w }) => rated_w) };
}

function buildingOf(name: string, room: RoomDescription, thermalCapacitance_j_m2k: number): Building {
  const { floor_m2, wall_m2, window_m2, azimuth_deg, rated_w, gains_w } = room;
  return {
    name,
    location,
    zone: {
      floorArea_m2: floor_m2,
      wallsArea_m2: wall_m2,
      windowsArea_m2: window_m2,
      roomVolume_m3: floor_m2 * height_m,
      totalInternalArea_m2: floor_m2 * facing,
      ventilationEfficiency: 0,
      thermalCapacitance_j_m2k,
      ...envelope,
    },
    windows: [{ azimuth_deg, tilt_deg: 90, area_m2: window_m2, g: 0.6, lightTransmittance: 0.75 }],
    internalGains_w: gains_w,
    heating: { emission: "panel", supply: "electric", maxPower_w: rated_w },
    comfort: { min_c: 19, max_c: 26 },
    thermostat: { on_c: 19.5, off_c: 20.5 },
  };
}

function gainsOf({ gains_w, busy }: RoomDescription): (hour: number) => number {
  const hours = busy.reduce((sum, [from, to]) => sum + to - from, 0);
  const quiet = (24 - busyFactor * hours) / (24 - hours);
  return (hour) => gains_w * (busy.some(([from, to]) => hour >= from && hour < to) ? busyFactor : quiet);
}

function wholeOf(name: string, rooms: readonly BenchRoom[]): Building {
  const [{ building: first }] = rooms;
  const total = (of: (building: Building) => number) => sumOf(rooms, ({ building }) => of(building));
  return {
    ...first,
    name,
    zone: {
      ...first.zone,
      floorArea_m2: total(({ zone }) => zone.floorArea_m2),
      wallsArea_m2: total(({ zone }) => zone.wallsArea_m2),
      windowsArea_m2: total(({ zone }) => zone.windowsArea_m2),
      roomVolume_m3: total(({ zone }) => zone.roomVolume_m3),
      totalInternalArea_m2: total(({ zone }) => zone.totalInternalArea_m2),
    },
    windows: rooms.flatMap(({ building }) => building.windows),
    internalGains_w: total(({ internalGains_w }) => internalGains_w),
    heating: { ...first.heating, maxPower_w: total(({ heating }) => heating.maxPower_w) },
  };
}

function sumOf(rooms: readonly BenchRoom[], of: (room: BenchRoom) => number): number {
  return rooms.reduce((sum, room) => sum + of(room), 0);
}

/** Plasterboard without wool, 2 W/(m2 K), between neighbours, and the cracks of a closed door. */
export const wall_w_k = (area_m2: number, door_w_k = 10) => 2 * area_m2 + door_w_k;

/** What a room is kept above at an hour of the day, degrees C. */
export function setpointAt_c({ usual_c, spans }: BenchRoom, hour: number): number {
  return spans.find(({ from_h, to_h }) => hour >= from_h && hour < to_h)?.setpoint_c ?? usual_c;
}

/** What the rest of the home draws, W: a fridge and stand-by, two meals, the evening, a water heater from 22:30 to 2:30. */
export function restAt_w(hour: number): number {
  const base_w = 250;
  const meal_w = (hour >= 12 && hour < 12.75) || (hour >= 19 && hour < 20) ? 1800 : 0;
  const evening_w = hour >= 18 && hour < 23 ? 350 : 0;
  const water_w = hour >= 22.5 || hour < 2.5 ? 2200 : 0;
  return base_w + meal_w + evening_w + water_w;
}
