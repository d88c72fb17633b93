/** The forms that a house may have, with their parameters and what the building file says of them before any data. */
import { type HousePhysics, housePhysicsOf, type ThermalLink, type ThermalNode } from "@azru/house";
import type { CalibratableBuilding } from "../house.ts";

/** What lies between heater and room, and how many layers the walls have. */
export interface Structure {
  readonly emitter: "none" | "body" | "screed";
  readonly layers: 1 | 2;
}

/** A parameter before the data. `log`: its logarithm is normal; `logit`: that of its odds. */
interface Prior {
  readonly name: ParameterName;
  readonly scale: "log" | "logit" | "linear";
  readonly typical: number;
  readonly sd: number;
}

type ParameterName =
  | "airCapacity"
  | "wallsCapacity"
  | "coreCapacity"
  | "emitterCapacity"
  | "airToWalls"
  | "wallsToCore"
  | "emitterToAir"
  | "emitterToWalls"
  | "airLoss"
  | "wallsLoss"
  | "groundLoss"
  | "sunToAir"
  | "sunToEmitter"
  | "heatToAir"
  | "aperture"
  | "heaterPower"
  | "gains_w";

/** A house of some parameters, and the factors on what drives it. */
export interface ParametricHouse {
  readonly physics: HousePhysics;
  readonly aperture: number; // factor on the sun through the file's windows
  readonly heaterPower_w: number; // of an open valve
  readonly gains_w: number;
}

export interface Parametrisation {
  readonly structure: Structure;
  readonly priors: readonly Prior[];
  /** @param x one value a prior, on the scale of the prior */
  houseAt(x: ArrayLike<number>): ParametricHouse;
}

const gainsSd_w_m2 = 3; // of people and things in a home, per floor area
const surfaceShare = 0.2; // of the walls' capacity, in a first layer of two
const h_layers_w_m2k = 8; // between two layers, per floor area: some 10 cm of brick on 2.5 m2 a m2 of floor
const groundShare = 0.2; // of the envelope; nobody writes it into a file

/** The structures worth trying for a building. */
export function structuresOf(): Structure[] {
  return (["none", "body", "screed"] as const).flatMap((emitter) =>
    ([1, 2] as const).map((layers) => ({ emitter, layers })),
  );
}

/** How a structure is called: `2 states`, `4 states with a screed`. */
export function structureName({ emitter, layers }: Structure): string {
  const states = 1 + layers + (emitter === "none" ? 0 : 1);
  return `${states} states${emitter === "none" ? "" : emitter === "screed" ? ", heated floor" : ", heater with a body"}`;
}

const leastScreed_j_m2k = 60_000; // per floor area; no radiator stores as much

/** What a building file says of what lies between heater and room. */
export function writtenEmitter(building: CalibratableBuilding): Structure["emitter"] {
  const { nodes } = housePhysicsOf(building);
  if (nodes.length === 2) return "none";
  return nodes[1].C_j_k > leastScreed_j_m2k * building.zone.floorArea_m2 ? "screed" : "body";
}

/** The physics of the file with an emitter of the structure's kind, whatever the file's own. */
function typicalPhysics(building: CalibratableBuilding, { emitter }: Structure): HousePhysics {
  if (writtenEmitter(building) === emitter) return housePhysicsOf(building);
  const emission = ({ none: "panel", body: "oilRadiator", screed: "floorHeating" } as const)[emitter];
  return housePhysicsOf({ ...building, heating: { ...building.heating, emission } });
}

/** The parameters of a structure, and the house that they make. Parameters that the history does not determine are left out. */
export function parametrise(
  building: CalibratableBuilding,
  structure: Structure,
  { isMetered, hasWindows }: { readonly isMetered: boolean; readonly hasWindows: boolean },
): Parametrisation {
  const priors = priorsOf(building, structure, isMetered, hasWindows);
  const scales = priors.map(({ scale }) => scale);
  const names = priors.map(({ name }) => name);
  return {
    structure,
    priors: priors.map((prior) => ({ ...prior, typical: toScale(prior.scale, prior.typical) })),
    houseAt(x) {
      const values: Partial<Record<ParameterName, number>> = {};
      for (let i = 0; i < names.length; i++) values[names[i]] = fromScale(scales[i], x[i]);
      return houseOf(structure, values, building.heating.maxPower_w, operativeWeights(building, structure));
    },
  };
}

function toScale(scale: Prior["scale"], value: number): number {
  return scale === "log" ? Math.log(value) : scale === "logit" ? Math.log(value / (1 - value)) : value;
}

function fromScale(scale: Prior["scale"], x: number): number {
  return scale === "log" ? Math.exp(x) : scale === "logit" ? 1 / (1 + Math.exp(-x)) : x;
}

function operativeWeights(building: CalibratableBuilding, structure: Structure): number[] {
  return typicalPhysics(building, structure).nodes.map(({ operative }) => operative);
}

function priorsOf(
  building: CalibratableBuilding,
  structure: Structure,
  isMetered: boolean,
  hasWindows: boolean,
): Prior[] {
  const { floorArea_m2 } = building.zone;
  const { nodes, links } = typicalPhysics(building, structure);
  const at = (name: ThermalNode["name"]) => nodes.findIndex((node) => node.name === name);
  const link = (a: ThermalNode["name"], b: ThermalNode["name"]) =>
    links.find(({ between }) => between.includes(at(a)) && between.includes(at(b)))!.H_w_k;
  const [air, walls] = [nodes[0], nodes[at("walls")]];
  const hasEmitter = structure.emitter !== "none";
  const emitter = hasEmitter ? nodes[at("emitter")] : undefined;
  const share = (value: number) => Math.min(0.95, Math.max(0.05, value));
  const all: (Prior | false)[] = [
    { name: "airCapacity", scale: "log", typical: air.C_j_k, sd: 1 },
    ...(structure.layers === 1
      ? [{ name: "wallsCapacity", scale: "log", typical: walls.C_j_k, sd: 0.7 } as const]
      : ([
          { name: "wallsCapacity", scale: "log", typical: surfaceShare * walls.C_j_k, sd: 0.8 },
          { name: "coreCapacity", scale: "log", typical: walls.C_j_k, sd: 0.7 },
          { name: "wallsToCore", scale: "log", typical: h_layers_w_m2k * floorArea_m2, sd: 0.8 },
        ] as const)),
    { name: "airToWalls", scale: "log", typical: link("air", "walls"), sd: 0.5 },
    { name: "airLoss", scale: "log", typical: air.H_e_w_k, sd: 0.4 },
    { name: "wallsLoss", scale: "log", typical: (1 - groundShare) * walls.H_e_w_k, sd: 0.4 },
    { name: "groundLoss", scale: "log", typical: groundShare * walls.H_e_w_k, sd: 0.8 },
    { name: "sunToAir", scale: "logit", typical: share(air.sun), sd: 0.7 },
    ...(emitter
      ? ([
          { name: "emitterCapacity", scale: "log", typical: emitter.C_j_k, sd: 0.7 },
          { name: "emitterToAir", scale: "log", typical: link("air", "emitter"), sd: 0.5 },
          { name: "emitterToWalls", scale: "log", typical: link("emitter", "walls"), sd: 0.5 },
        ] as const)
      : ([{ name: "heatToAir", scale: "logit", typical: share(air.heat), sd: 0.8 }] as const)),
    structure.emitter === "screed" && {
      name: "sunToEmitter",
      scale: "logit",
      typical: 0.3,
      sd: 0.7,
    },
    hasWindows && { name: "aperture", scale: "log", typical: 1, sd: 0.4 },
    !isMetered && { name: "heaterPower", scale: "log", typical: 1, sd: 0.2 },
    { name: "gains_w", scale: "linear", typical: building.internalGains_w, sd: gainsSd_w_m2 * floorArea_m2 },
  ];
  return all.filter((prior) => prior !== false);
}

function houseOf(
  { emitter, layers }: Structure,
  p: Partial<Record<ParameterName, number>>,
  maxPower_w: number,
  operative: readonly number[],
): ParametricHouse {
  const hasEmitter = emitter !== "none";
  const sunToAir = p.sunToAir!;
  const sunToEmitter = (1 - sunToAir) * (p.sunToEmitter ?? 0);
  const sunToWalls = 1 - sunToAir - sunToEmitter;
  const heatToAir = hasEmitter ? 0 : p.heatToAir!;
  // The ground lies under the floor: under the screed, or behind the last layer.
  const ground = emitter === "screed" ? "emitter" : layers === 2 ? "core" : "walls";
  const node = (
    name: ThermalNode["name"],
    C_j_k: number,
    H_e_w_k: number,
    heat: number,
    sun: number,
    felt: number,
  ): ThermalNode => ({
    name,
    C_j_k,
    H_e_w_k,
    H_g_w_k: name === ground ? p.groundLoss! : 0,
    heat,
    sun,
    internal: name === "air" ? 0.5 + 0.5 * sun : 0.5 * sun,
    operative: felt,
  });
  const nodes = [
    node("air", p.airCapacity!, p.airLoss!, heatToAir, sunToAir, operative[0]),
    ...(hasEmitter ? [node("emitter", p.emitterCapacity!, 0, 1, sunToEmitter, operative[1])] : []),
    node(
      "walls",
      p.wallsCapacity!,
      layers === 1 ? p.wallsLoss! : 0,
      hasEmitter ? 0 : 1 - heatToAir,
      sunToWalls,
      operative[operative.length - 1],
    ),
    ...(layers === 2 ? [node("core", p.coreCapacity!, p.wallsLoss!, 0, 0, 0)] : []),
  ];
  const walls = hasEmitter ? 2 : 1;
  const links: ThermalLink[] = [
    { between: [0, walls], H_w_k: p.airToWalls! },
    ...(hasEmitter
      ? [
          { between: [0, 1] as const, H_w_k: p.emitterToAir! },
          { between: [1, walls] as const, H_w_k: p.emitterToWalls! },
        ]
      : []),
    ...(layers === 2 ? [{ between: [walls, walls + 1] as const, H_w_k: p.wallsToCore! }] : []),
  ];
  return {
    physics: { nodes, links, theta_g_c: 12 },
    aperture: p.aperture ?? 1,
    heaterPower_w: maxPower_w * (p.heaterPower ?? 1),
    gains_w: p.gains_w!,
  };
}
