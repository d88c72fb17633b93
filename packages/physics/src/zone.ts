/**
 * The ISO 13790 simple hourly zone: five conductances, one capacitance (5R1C), Annex C.
 *
 * Symbols are those of the standard: H conductance (W/K), C capacitance (J/K), A area (m2),
 * phi heat flow (W), theta temperature (degrees C).
 */
import type { EmissionSystem } from "./emission.ts";

const h_is_w_m2k = 3.45; // between internal surfaces and air, 7.2.2.2
const h_ms_w_m2k = 9.1; // between thermal mass and internal surfaces, 12.2.2
const rhoC_air_j_m3k = 1200; // heat capacity of air per volume, 9.3.1
const massAreaPerFloorArea = 2.5; // effective mass area A_m / A_f, 12.2.2 table 12 (medium)

/** Thermal capacitance per floor area of the building classes, J/(m2 K). Source: ISO 13790 table 12. */
export const buildingClasses = {
  veryLight: 80_000,
  light: 110_000,
  medium: 165_000,
  heavy: 260_000,
  veryHeavy: 370_000,
} as const;

export type BuildingClass = keyof typeof buildingClasses;

/** What a zone is made of. */
export interface ZoneParameters {
  readonly floorArea_m2: number;
  readonly wallsArea_m2: number;
  readonly windowsArea_m2: number;
  readonly roomVolume_m3: number;
  readonly totalInternalArea_m2: number;
  readonly uWalls_w_m2k: number;
  readonly uWindows_w_m2k: number;
  readonly ventilation_ach: number;
  readonly infiltration_ach: number;
  /** Heat recovered from the ventilation air, 0 to 1. */
  readonly ventilationEfficiency: number;
  readonly thermalCapacitance_j_m2k: number;
}

/** A zone's derived areas, capacitance and conductances. */
export interface Zone {
  readonly A_f: number; // m2, floor
  readonly A_m: number; // m2, effective mass area
  readonly A_t: number; // m2, all internal surfaces
  readonly C_m: number; // J/K
  readonly H_tr_em: number; // W/K, mass to outdoors
  readonly H_tr_w: number; // W/K, windows
  readonly H_ve_adj: number; // W/K, air change
  readonly H_tr_ms: number; // W/K, mass to surface
  readonly H_tr_is: number; // W/K, surface to air
  readonly H_tr_1: number; // W/K, C.6
  readonly H_tr_2: number; // W/K, C.7
  readonly H_tr_3: number; // W/K, C.8
}

/**
 * Derives the conductances of a zone.
 *
 * @throws RangeError naming the field when a parameter is not finite, is negative, or leaves the zone
 *   without floor, internal surface, air change or capacitance.
 * @see ISO 13790 7.2.2.2, 9.3.1, 12.2.2, C.6 to C.8
 */
export function createZone(p: ZoneParameters): Zone {
  checkParameters(p);
  const A_m = massAreaPerFloorArea * p.floorArea_m2;
  const A_t = p.totalInternalArea_m2;
  const ach = p.ventilation_ach + p.infiltration_ach;
  const b_ek = 1 - (p.ventilation_ach / ach) * p.ventilationEfficiency;

  const H_tr_w = p.uWindows_w_m2k * p.windowsArea_m2;
  const H_ve_adj = rhoC_air_j_m3k * b_ek * p.roomVolume_m3 * (ach / 3600);
  const H_tr_is = h_is_w_m2k * A_t;
  const H_tr_ms = h_ms_w_m2k * A_m;
  const H_tr_1 = 1 / (1 / H_ve_adj + 1 / H_tr_is);
  const H_tr_2 = H_tr_1 + H_tr_w;
  const H_tr_3 = 1 / (1 / H_tr_2 + 1 / H_tr_ms);
  return {
    A_f: p.floorArea_m2,
    A_m,
    A_t,
    C_m: p.thermalCapacitance_j_m2k * p.floorArea_m2,
    H_tr_em: p.uWalls_w_m2k * p.wallsArea_m2,
    H_tr_w,
    H_ve_adj,
    H_tr_ms,
    H_tr_is,
    H_tr_1,
    H_tr_2,
    H_tr_3,
  };
}

function checkParameters(p: ZoneParameters): void {
  for (const [field, value] of Object.entries(p)) {
    if (!Number.isFinite(value) || value < 0)
      throw new RangeError(`zone.${field} must be >= 0, got ${value}`);
  }
  for (const field of [
    "floorArea_m2",
    "roomVolume_m3",
    "totalInternalArea_m2",
    "thermalCapacitance_j_m2k",
  ] as const) {
    if (p[field] === 0) throw new RangeError(`zone.${field} must be > 0, got 0`);
  }
  if (p.ventilation_ach + p.infiltration_ach === 0) {
    throw new RangeError("zone.ventilation_ach + zone.infiltration_ach must be > 0, got 0");
  }
  if (p.ventilationEfficiency > 1) {
    throw new RangeError(`zone.ventilationEfficiency must be within 0..1, got ${p.ventilationEfficiency}`);
  }
}

/** What acts on a zone during one step; every value is the mean over the step. */
export interface StepInputs {
  readonly theta_m_prev_c: number; // mass temperature at the start of the step
  readonly theta_e_c: number; // outdoor air; also the supply air
  readonly phi_sol_w: number; // solar gains
  readonly phi_int_w: number; // internal gains
  readonly phi_HC_w: number; // heating power, negative for cooling
}

/** Every intermediate of one step, ISO 13790 C.1 to C.12. */
export interface StepResult {
  readonly phi_ia_w: number;
  readonly phi_st_w: number;
  readonly phi_m_w: number;
  readonly phi_m_tot_w: number;
  readonly theta_m_next_c: number; // state at the end of the step
  readonly theta_m_c: number; // mean over the step
  readonly theta_s_c: number;
  readonly theta_air_c: number;
  readonly theta_op_c: number;
}

/**
 * Advances a zone by one Crank-Nicolson step of any length.
 *
 * @param emission where the heat (or cold) enters the zone
 * @param dtSeconds length of the step; the standard's is 3600
 * @throws RangeError when `dtSeconds` is not positive and finite
 * @see ISO 13790 C.1 to C.5, C.9 to C.12
 */
export function stepZone(
  zone: Zone,
  emission: EmissionSystem,
  dtSeconds: number,
  input: StepInputs,
): StepResult {
  if (!(dtSeconds > 0 && dtSeconds < Number.POSITIVE_INFINITY))
    throw new RangeError(`dtSeconds must be > 0, got ${dtSeconds}`);
  const { A_m, A_t, H_tr_em, H_tr_w, H_ve_adj, H_tr_ms, H_tr_is, H_tr_1, H_tr_2, H_tr_3 } = zone;
  const { theta_m_prev_c, theta_e_c, phi_sol_w, phi_int_w, phi_HC_w } = input;
  const toMass = A_m / A_t;
  const gains = 0.5 * phi_int_w + phi_sol_w;

  const phi_ia_w = 0.5 * phi_int_w + emission.air * phi_HC_w; // C.1
  const phi_st_w = (1 - toMass - H_tr_w / (h_ms_w_m2k * A_t)) * gains + emission.surface * phi_HC_w; // C.3
  const phi_m_w = toMass * gains + emission.mass * phi_HC_w; // C.2
  const airNode = H_tr_1 * (phi_ia_w / H_ve_adj + theta_e_c);
  const phi_m_tot_w =
    phi_m_w + H_tr_em * theta_e_c + (H_tr_3 * (phi_st_w + H_tr_w * theta_e_c + airNode)) / H_tr_2; // C.5

  const C = zone.C_m / dtSeconds;
  const H = 0.5 * (H_tr_3 + H_tr_em);
  const theta_m_next_c = (theta_m_prev_c * (C - H) + phi_m_tot_w) / (C + H); // C.4
  const theta_m_c = (theta_m_prev_c + theta_m_next_c) / 2; // C.9
  const theta_s_c =
    (H_tr_ms * theta_m_c + phi_st_w + H_tr_w * theta_e_c + airNode) / (H_tr_ms + H_tr_w + H_tr_1); // C.10
  const theta_air_c = (H_tr_is * theta_s_c + H_ve_adj * theta_e_c + phi_ia_w) / (H_tr_is + H_ve_adj); // C.11
  const theta_op_c = 0.3 * theta_air_c + 0.7 * theta_s_c; // C.12
  return {
    phi_ia_w,
    phi_st_w,
    phi_m_w,
    phi_m_tot_w,
    theta_m_next_c,
    theta_m_c,
    theta_s_c,
    theta_air_c,
    theta_op_c,
  };
}
