/** The building file that follows from the answers. */
import type { BuildingFile, SetupAnswers } from "@azru/contracts";
import { figuresOf } from "./assumptions.ts";

/** ISO 13790 7.2.2.2: all surfaces that face a room, per floor area. */
const internalSurfaces = 4.5;
/** Share of the air changes that is ventilation; the rest leaks in. */
const ventilated = 0.6;

/** @returns a building file, valid for every valid answer */
export function buildingOf(answers: SetupAnswers): BuildingFile {
  const { town, dwelling, floor_area_m2, heater, heat_pump } = answers;
  const a = figuresOf(answers);
  const windows = [
    { azimuth_deg: 0, share: a.south_share },
    { azimuth_deg: -90, share: 1 - a.south_share },
  ].flatMap(({ azimuth_deg, share }) => {
    const area_m2 = Math.round(a.windows_area_m2 * share * 100) / 100;
    return area_m2 > 0 ? [{ azimuth_deg, tilt_deg: 90, area_m2, g: 0.6, lightTransmittance: 0.75 }] : [];
  });
  const ventilation_ach = Math.round(a.air_changes * ventilated * 1000) / 1000;
  return {
    name: `${dwelling}, ${town.name}`.slice(0, 100),
    location: town,
    zone: {
      floorArea_m2: floor_area_m2,
      wallsArea_m2: a.opaque_area_m2,
      windowsArea_m2: a.windows_area_m2,
      roomVolume_m3: Math.round(floor_area_m2 * a.room_height_m * 10) / 10,
      totalInternalArea_m2: Math.round(floor_area_m2 * internalSurfaces * 10) / 10,
      uWalls_w_m2k: a.opaque_u,
      uWindows_w_m2k: a.windows_u,
      ventilation_ach,
      infiltration_ach: Math.round((a.air_changes - ventilation_ach) * 1000) / 1000,
      ventilationEfficiency: 0,
      thermalCapacitance_j_m2k: a.heat_capacity_kj_m2k * 1000,
    },
    windows,
    internalGains_w: a.internal_gains_w,
    heating: {
      emission: heater,
      supply: heat_pump ? "heatPumpAir" : "electric",
      maxPower_w: Math.round(a.max_power_kw * 1000),
    },
    comfort: {
      min_c: answers.coolest_day_c,
      max_c: Math.max(answers.warmest_day_c, answers.warmest_night_c),
    },
    thermostat: {
      on_c: answers.coolest_day_c,
      off_c: answers.coolest_day_c + 1,
      kind: answers.thermostat,
    },
  };
}

/** What the home loses per kelvin between indoors and outdoors, W/K. */
export function heatLoss_w_k({ zone }: Pick<BuildingFile, "zone">): number {
  const air_w_k = 0.34 * (zone.ventilation_ach + zone.infiltration_ach) * zone.roomVolume_m3;
  return zone.wallsArea_m2 * zone.uWalls_w_m2k + zone.windowsArea_m2 * zone.uWindows_w_m2k + air_w_k;
}
