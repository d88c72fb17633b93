/** Electric light that daylight leaves to be made. */

export interface Lighting {
  /** Installed power per floor area, W/m2. */
  readonly load_w_m2: number;
  /** Illuminance on the working plane below which the light is on, lux. */
  readonly threshold_lux: number;
  /** Share of the daylight through the windows that reaches the working plane. */
  readonly utilisationFactor: number;
  /** What dirt on the panes leaves of it. */
  readonly maintenanceFactor: number;
}

/** RC_BuildingSimulator's office. */
export const officeLighting: Lighting = {
  load_w_m2: 11.7,
  threshold_lux: 300,
  utilisationFactor: 0.45,
  maintenanceFactor: 0.9,
};

/**
 * Power of the lights, W: all on when somebody is there and daylight is too weak, off otherwise.
 *
 * @param daylight_lm through the windows, lumen; see `windowIlluminance_lm`
 * @param occupancy people, or their probability; any positive value counts
 * @see Szokolay, Environmental Science Handbook, 2.2.1.3 (utilisation), 2.2.3.1 (maintenance)
 */
export function lightingDemand_w(
  lighting: Lighting,
  floorArea_m2: number,
  daylight_lm: number,
  occupancy: number,
): number {
  const lux = (daylight_lm * lighting.utilisationFactor * lighting.maintenanceFactor) / floorArea_m2;
  return occupancy > 0 && lux < lighting.threshold_lux ? lighting.load_w_m2 * floorArea_m2 : 0;
}
