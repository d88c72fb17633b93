/** How heat gets from a heating system into a house: by what body, how fast, how much of it by radiation. */
import type { EmissionSystemName } from "@azru/physics";

/** Heat enters at once. */
interface DirectEmitter {
  readonly kind: "direct";
  readonly convective: number; // share that warms the air; the rest radiates to surfaces
}

/** A body that stands in the room: its capacity and its excess of temperature follow from the rated power. */
interface RadiatorEmitter {
  readonly kind: "radiator";
  readonly convective: number;
  readonly capacity_j_k_w: number; // per W of rated power, its water or oil included
  readonly excess_k: number; // mean surface above the room at rated power
}

/** The floor, warmed by cables or pipes in its screed. */
interface ScreedEmitter {
  readonly kind: "screed";
  readonly capacity_j_m2k: number;
  readonly toAir_w_m2k: number; // by convection
  readonly toWalls_w_m2k: number; // by radiation
}

/** The structure itself. */
interface StructureEmitter {
  readonly kind: "structure";
}

export type Emitter = DirectEmitter | RadiatorEmitter | ScreedEmitter | StructureEmitter;

/** Cast radiators with 70/55 degrees water hold some 15 l of water and 25 kg of iron a kW, modern panels a third. */
const oldWaterRadiator: Emitter = { kind: "radiator", convective: 0.7, capacity_j_k_w: 75, excess_k: 45 };
/** A panel radiator holds 4 to 6 l and 15 kg of steel a kW, its circuit as much water again (EN 442, makers' data). */
const waterRadiator: Emitter = { kind: "radiator", convective: 0.7, capacity_j_k_w: 50, excess_k: 30 };

/**
 * By the names of building files. Radiant shares: makers' data to EN 60675 and EN 442, EN 15316-2 tables. Oil: 2.5 kg
 * and 7 kg of steel a kW at some 65 K above the room, with the 1,900 and 480 J/(kg K) of both. Screed: 7 cm at
 * 2,000 kg/m3 and 1,000 J/(kg K). Floor to room: 10.8 W/(m2 K) of EN 1264-2, of which radiation makes 5.5.
 */
const emitters: Readonly<Record<EmissionSystemName, Emitter>> = {
  convector: { kind: "direct", convective: 0.95 },
  panel: { kind: "direct", convective: 0.6 },
  oilRadiator: { kind: "radiator", convective: 0.7, capacity_j_k_w: 8, excess_k: 65 },
  waterRadiator,
  oldRadiators: oldWaterRadiator,
  newRadiators: waterRadiator,
  chilledBeams: { kind: "direct", convective: 0.95 },
  airConditioning: { kind: "direct", convective: 1 },
  floorHeating: { kind: "screed", capacity_j_m2k: 140_000, toAir_w_m2k: 5.3, toWalls_w_m2k: 5.5 },
  tabs: { kind: "structure" },
};

/**
 * The emitter of a heating system. The standard's radiators are taken for electric ones where electricity heats
 * directly: old ones for convectors, new ones for radiant panels.
 */
export function emitterOf({
  emission,
  supply = "electric",
}: {
  readonly emission: EmissionSystemName;
  readonly supply?: string;
}): Emitter {
  if (supply === "electric" && emission === "oldRadiators") return emitters.convector;
  if (supply === "electric" && emission === "newRadiators") return emitters.panel;
  return emitters[emission];
}
