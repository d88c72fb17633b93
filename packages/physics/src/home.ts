/** The home that Azru's prototype heated; our default building. */
import type { Window } from "./window.ts";
import { buildingClasses, type ZoneParameters } from "./zone.ts";

/**
 * The prototype's home of 45 m2, identified from its printed trajectories, which it reproduces to 1e-9.
 *
 * These determine A_t = 270 m2, A_m = 112.5 m2, H_tr_em = 36 W/K, H_tr_w = 15 W/K and H_ve_adj = 26.25 W/K,
 * but not how each conductance splits into area (or volume), U value (or air change): 90 m2 at 0.4, 10 m2 at
 * 1.5 W/(m2 K), and 2.5 m of height at 0.7 air changes without heat recovery are our choice.
 * No internal gains. Building class: medium; for another one,
 * `{ ...prototypeHome, thermalCapacitance_j_m2k: buildingClasses.heavy }`.
 */
export const prototypeHome: ZoneParameters = {
  floorArea_m2: 45,
  wallsArea_m2: 90,
  windowsArea_m2: 10,
  roomVolume_m3: 112.5,
  totalInternalArea_m2: 270,
  uWalls_w_m2k: 0.4,
  uWindows_w_m2k: 1.5,
  ventilation_ach: 0.5,
  infiltration_ach: 0.2,
  ventilationEfficiency: 0,
  thermalCapacitance_j_m2k: buildingClasses.medium,
};

/** Heat from the floor of the prototype's home with the valve fully open, W. */
export const prototypeHeatingPower_w = 4500;

/**
 * The home's windows for real weather: 6 m2 to the south, 4 m2 to the west, double glazing.
 *
 * Our invention: the prototype was handed its solar gains in W and knows no window; only the total area is
 * that of `prototypeHome`.
 */
export const prototypeWindows: readonly Window[] = [
  { azimuth_deg: 0, tilt_deg: 90, area_m2: 6, g: 0.6, lightTransmittance: 0.75 },
  { azimuth_deg: -90, tilt_deg: 90, area_m2: 4, g: 0.6, lightTransmittance: 0.75 },
];
