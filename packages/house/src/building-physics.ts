/** The physics of a house as far as its building file says it. */
import { createZone, type EmissionSystemName, type ZoneParameters } from "@azru/physics";
import { type Emitter, emitterOf } from "./emitter.ts";
import type { HousePhysics, ThermalLink, ThermalNode } from "./thermal-network.ts";

/** What of a building file makes its physics. */
export interface PhysicalBuilding {
  readonly zone: ZoneParameters;
  readonly heating: {
    readonly emission: EmissionSystemName;
    readonly supply?: string;
    readonly maxPower_w: number; // thermal
  };
}

const furniture_j_m2k = 10_000; // per floor area, ISO 52016-1 6.5.11
const rhoC_air_j_m3k = 1200; // ISO 13790 9.3.1
const h_ms_w_m2k = 9.1; // ISO 13790 12.2.2
const groundWinter_c = 12; // of a French winter under a house; matters only where a node touches the ground

/** Shares of a flow that enter at air, emitter and walls. */
type Split = readonly [air: number, emitter: number, walls: number];

/**
 * A house from its building file alone: the conductances, gains and capacity of ISO 13790's zone, whose massless
 * surface node is eliminated exactly; air and furniture have their own capacity, and so has the emitter. Nodes:
 * air, emitter where it has a capacity, walls.
 *
 * @throws RangeError as `createZone` does
 * @see ISO 13790 C.1 to C.12; ISO 52016-1 6.5.11
 */
export function housePhysicsOf({ zone: parameters, heating }: PhysicalBuilding): HousePhysics {
  const zone = createZone(parameters);
  const emitter = emitterOf(heating);
  const { A_f, A_m, A_t, H_tr_is, H_tr_ms, H_tr_w, H_ve_adj, H_tr_em } = zone;
  const H_surface = H_tr_is + H_tr_ms + H_tr_w;
  const [toAir, toWalls] = [H_tr_is / H_surface, H_tr_ms / H_surface];
  const body = bodyOf(emitter, A_f, heating.maxPower_w);
  // The floor takes its share of what falls on surfaces and walls.
  const floor = emitter.kind === "screed" ? A_f / A_t : 0;
  const atSurface = (flow: number): Split => [
    flow * (1 - floor) * toAir,
    flow * floor,
    flow * (1 - floor) * toWalls,
  ];
  const plus = (a: Split, b: Split): Split => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
  const atMass = (flow: number): Split => [0, flow * floor, flow * (1 - floor)];
  const sun = plus(atSurface(1 - A_m / A_t - H_tr_w / (h_ms_w_m2k * A_t)), atMass(A_m / A_t));
  const internal: Split = [0.5 + 0.5 * sun[0], 0.5 * sun[1], 0.5 * sun[2]];
  const heat = heatSplit(emitter, atSurface);
  const felt = (0.7 * H_tr_is) / (H_tr_is + H_tr_ms); // of the air, in what surfaces have of both
  const operative: Split = [0.3 + felt * (1 - floor), 0.7 * floor, (0.7 - felt) * (1 - floor)];
  const node = (
    name: ThermalNode["name"],
    C_j_k: number,
    H_e_w_k: number,
    place: 0 | 1 | 2,
  ): ThermalNode => ({
    name,
    C_j_k,
    H_e_w_k,
    H_g_w_k: 0,
    heat: heat[place],
    sun: sun[place],
    internal: internal[place],
    operative: operative[place],
  });
  const air = node(
    "air",
    furniture_j_m2k * A_f + rhoC_air_j_m3k * parameters.roomVolume_m3,
    H_ve_adj + toAir * H_tr_w,
    0,
  );
  const walls = node("walls", zone.C_m, H_tr_em + toWalls * H_tr_w, 2);
  const airToWalls = toAir * H_tr_ms;
  return body === undefined
    ? network([air, walls], [{ between: [0, 1], H_w_k: airToWalls }])
    : network(
        [air, node("emitter", body.C_j_k, 0, 1), walls],
        [
          { between: [0, 1], H_w_k: body.H_air_w_k },
          { between: [1, 2], H_w_k: body.H_walls_w_k },
          { between: [0, 2], H_w_k: airToWalls },
        ],
      );
}

function network(nodes: readonly ThermalNode[], links: readonly ThermalLink[]): HousePhysics {
  return { nodes, links, theta_g_c: groundWinter_c };
}

/** What of the heater's heat enters where. */
function heatSplit(emitter: Emitter, atSurface: (flow: number) => Split): Split {
  if (emitter.kind === "structure") return [0, 0, 1];
  if (emitter.kind !== "direct") return [0, 1, 0];
  const radiant = atSurface(1 - emitter.convective);
  return [emitter.convective + radiant[0], radiant[1], radiant[2]];
}

/** Capacity and conductances of an emitter that has a body. */
function bodyOf(emitter: Emitter, A_f: number, maxPower_w: number) {
  switch (emitter.kind) {
    case "screed":
      return {
        C_j_k: emitter.capacity_j_m2k * A_f,
        H_air_w_k: emitter.toAir_w_m2k * A_f,
        H_walls_w_k: emitter.toWalls_w_m2k * A_f,
      };
    case "radiator": {
      const H_w_k = maxPower_w / emitter.excess_k;
      return {
        C_j_k: emitter.capacity_j_k_w * maxPower_w,
        H_air_w_k: emitter.convective * H_w_k,
        H_walls_w_k: (1 - emitter.convective) * H_w_k,
      };
    }
    case "direct":
    case "structure":
      return undefined;
  }
}
