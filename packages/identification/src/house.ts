/** What of a building file measurements can correct, and the file that comes of it. */
import {
  createZone,
  type EmissionSystemName,
  type Window,
  type Zone,
  type ZoneParameters,
} from "@azru/physics";

/** The part of a building file that is calibrated; any building with these fields will do. */
export interface CalibratableBuilding {
  readonly zone: ZoneParameters;
  readonly windows: readonly Window[];
  readonly internalGains_w: number;
  readonly heating: { readonly emission: EmissionSystemName; readonly maxPower_w: number };
}

/**
 * Factors on what a building file says, and the constant gains. Areas of heat exchange inside the zone stay:
 * they tie temperatures to watts, without them all factors could be doubled at once and nobody would notice.
 */
export interface Corrections {
  readonly capacitance: number; // on C_m
  readonly envelope: number; // on H_tr_em
  readonly airExchange: number; // on H_ve and H_tr_w, which act alike on the air: only their sum can be identified
  readonly aperture: number; // on the solar gains
  readonly heaterPower: number; // on the heat of an open valve
  readonly internalGains_w: number;
}

/** The corrections under which a building file stays as it is. */
export function noCorrections({ internalGains_w }: CalibratableBuilding): Corrections {
  return { capacitance: 1, envelope: 1, airExchange: 1, aperture: 1, heaterPower: 1, internalGains_w };
}

/** The zone of a building under corrections. Throws RangeError as `createZone` does. */
export function correctedZone({ zone }: CalibratableBuilding, corrections: Corrections): Zone {
  return createZone(correctedParameters(zone, corrections));
}

function correctedParameters(zone: ZoneParameters, corrections: Corrections): ZoneParameters {
  const { capacitance, envelope, airExchange } = corrections;
  return {
    ...zone,
    thermalCapacitance_j_m2k: zone.thermalCapacitance_j_m2k * capacitance,
    uWalls_w_m2k: zone.uWalls_w_m2k * envelope,
    uWindows_w_m2k: zone.uWindows_w_m2k * airExchange,
    ventilation_ach: zone.ventilation_ach * airExchange,
    infiltration_ach: zone.infiltration_ach * airExchange,
  };
}

/**
 * A building file with its corrections written in. Windows let through more or less sun; where a transmittance
 * would exceed 1, the windows grow instead.
 *
 * @returns a building of the same shape, other fields untouched
 */
export function correctedBuilding<B extends CalibratableBuilding>(building: B, corrections: Corrections): B {
  const { aperture, heaterPower, internalGains_w } = corrections;
  return {
    ...building,
    zone: correctedParameters(building.zone, corrections),
    windows: building.windows.map((window) => {
      const g = Math.min(1, window.g * aperture);
      return { ...window, g, area_m2: g === 0 ? window.area_m2 : (window.area_m2 * window.g * aperture) / g };
    }),
    internalGains_w,
    heating: { ...building.heating, maxPower_w: building.heating.maxPower_w * heaterPower },
  };
}

/**
 * Heat that leaves a house per kelvin between its air and outdoors when nothing changes any more, W/K: air
 * change and windows beside the way through surface, mass and walls.
 */
export function heatLoss_w_k({ H_ve_adj, H_tr_w, H_tr_is, H_tr_ms, H_tr_em }: Zone): number {
  const throughWalls = 1 / (1 / H_tr_ms + 1 / H_tr_em);
  return H_ve_adj + 1 / (1 / H_tr_is + 1 / (H_tr_w + throughWalls));
}
