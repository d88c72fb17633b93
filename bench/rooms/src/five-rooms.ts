/** A home of five rooms with electric radiators on pilot wires, as many French homes are: what it is and what its people want. */
import { housePhysicsOf } from "@azru/house";
import type { RoomNetwork } from "@azru/house/testing";
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

const location = { name: "Lyon", latitude_deg: 45.76, longitude_deg: 4.84 };
const height_m = 2.5;
/** Blocks insulated inside in the nineties, double glazing, mechanical ventilation. */
const envelope = { uWalls_w_m2k: 0.5, uWindows_w_m2k: 2, ventilation_ach: 0.4, infiltration_ach: 0.15 };
const thermalCapacitance_j_m2k = 165_000;
const facing = 4.5; // areas that face a room per floor area, ISO 13790 7.2.2.2

interface RoomSize {
  readonly floor_m2: number;
  readonly wall_m2: number; // opaque, to the outside, the roof's part with it
  readonly window_m2: number;
  readonly azimuth_deg: number; // of its windows, from south, east positive
  readonly rated_w: number;
  readonly gains_w: number; // mean
}

function buildingOf(name: string, size: RoomSize): Building {
  const { floor_m2, wall_m2, window_m2, azimuth_deg, rated_w, gains_w } = size;
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

const sizes = {
  "Salon (sud)": { floor_m2: 32, wall_m2: 60, window_m2: 7, azimuth_deg: 0, rated_w: 3000, gains_w: 130 },
  Cuisine: { floor_m2: 11, wall_m2: 24, window_m2: 1.6, azimuth_deg: 90, rated_w: 1000, gains_w: 80 },
  "Chambre d'amis": { floor_m2: 13, wall_m2: 28, window_m2: 2, azimuth_deg: 180, rated_w: 1500, gains_w: 15 },
  "Chambre des parents": {
    ...{ floor_m2: 15, wall_m2: 30, window_m2: 2.4, azimuth_deg: -90, rated_w: 1500, gains_w: 50 },
  },
  "Salle de bain": { floor_m2: 6, wall_m2: 13, window_m2: 0.6, azimuth_deg: 180, rated_w: 1000, gains_w: 20 },
} satisfies Record<string, RoomSize>;

type RoomName = keyof typeof sizes;

/** Comfort by room: the guests' room is not heated at night, the bathroom is warm when it is used. */
const requests: Record<RoomName, Pick<BenchRoom, "usual_c" | "spans">> = {
  "Salon (sud)": { usual_c: 17, spans: [{ from_h: 6.5, to_h: 23, setpoint_c: 19.5 }] },
  Cuisine: { usual_c: 17, spans: [{ from_h: 6.5, to_h: 22, setpoint_c: 19 }] },
  "Chambre d'amis": { usual_c: 14, spans: [{ from_h: 9, to_h: 21, setpoint_c: 18 }] },
  "Chambre des parents": { usual_c: 17, spans: [{ from_h: 7, to_h: 22, setpoint_c: 18 }] },
  "Salle de bain": {
    usual_c: 18,
    spans: [
      { from_h: 6.5, to_h: 9, setpoint_c: 21 },
      { from_h: 19, to_h: 22, setpoint_c: 21 },
    ],
  },
};

/** Hours in which a room's gains are 2.5 times their mean; at other hours less, so that the mean stays. */
const busy: Record<RoomName, readonly (readonly [number, number])[]> = {
  "Salon (sud)": [[17, 23]],
  Cuisine: [
    [6.5, 8],
    [11.5, 13],
    [18.5, 20.5],
  ],
  "Chambre d'amis": [[14, 18]],
  "Chambre des parents": [[0, 7]],
  "Salle de bain": [
    [6.5, 9],
    [19, 22],
  ],
};

const busyFactor = 2.5;

function gainsOf(name: RoomName): (hour: number) => number {
  const { gains_w } = sizes[name];
  const hours = busy[name].reduce((sum, [from, to]) => sum + to - from, 0);
  const quiet = (24 - busyFactor * hours) / (24 - hours);
  return (hour) =>
    gains_w * (busy[name].some(([from, to]) => hour >= from && hour < to) ? busyFactor : quiet);
}

export const rooms: readonly BenchRoom[] = (Object.keys(sizes) as RoomName[]).map((name) => ({
  name,
  building: buildingOf(name, sizes[name]),
  rated_w: sizes[name].rated_w,
  ...requests[name],
  gainsAt_w: gainsOf(name),
}));

/** Plasterboard without wool, 2 W/(m2 K), between neighbours, and the cracks of a closed door. */
const wall_w_k = (area_m2: number, door_w_k = 10) => 2 * area_m2 + door_w_k;

/** The living room is joined with all others, kitchen and bathroom with their neighbours. */
export const network: RoomNetwork = {
  rooms: rooms.map(({ building }) => housePhysicsOf(building)),
  links: [
    { between: [0, 1], H_w_k: wall_w_k(8, 40) }, // the kitchen's door stands open half of the time
    { between: [0, 2], H_w_k: wall_w_k(9) },
    { between: [0, 3], H_w_k: wall_w_k(10) },
    { between: [0, 4], H_w_k: wall_w_k(4) },
    { between: [2, 4], H_w_k: wall_w_k(6, 0) },
    { between: [2, 3], H_w_k: wall_w_k(8, 0) },
    { between: [1, 4], H_w_k: wall_w_k(5, 0) },
  ],
};

/** The same home as one zone: what its owner writes into a building file. */
export const wholeHome: Building = {
  ...rooms[0].building,
  name: "five rooms",
  zone: {
    ...rooms[0].building.zone,
    floorArea_m2: total(({ zone }) => zone.floorArea_m2),
    wallsArea_m2: total(({ zone }) => zone.wallsArea_m2),
    windowsArea_m2: total(({ zone }) => zone.windowsArea_m2),
    roomVolume_m3: total(({ zone }) => zone.roomVolume_m3),
    totalInternalArea_m2: total(({ zone }) => zone.totalInternalArea_m2),
  },
  windows: rooms.flatMap(({ building }) => building.windows),
  internalGains_w: total(({ internalGains_w }) => internalGains_w),
  heating: { emission: "panel", supply: "electric", maxPower_w: total(({ heating }) => heating.maxPower_w) },
};

function total(of: (building: Building) => number): number {
  return rooms.reduce((sum, { building }) => sum + of(building), 0);
}

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
