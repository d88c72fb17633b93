import { gainsAt_w } from "@azru/house";
import { sunPositionAt, windowSolarGains_w } from "@azru/physics";
import { homeHour } from "@azru/time";
import type { WeatherSteps } from "@azru/weather";
import { type Building, heatingCop, type TwinForm } from "./building.ts";

/** What acts on a house apart from its heating; means over each step. */
export interface Disturbances {
  readonly startMs: number; // Unix time
  readonly dtSeconds: number;
  readonly theta_e_c: Float64Array; // outdoor air
  readonly phi_sol_w: Float64Array; // solar gains through the windows
  readonly phi_int_w: Float64Array; // internal gains
  /** Heat per electricity of the building's heating at that outdoor temperature. */
  readonly cop: Float64Array;
}

/**
 * What a stretch of weather does to a building. The sun is taken where it stands in the middle of each
 * step, at the place of the weather.
 */
export function disturbances(building: Building, weather: WeatherSteps): Disturbances {
  const { startMs, dtSeconds, location, dryBulbTemperature_c: theta_e_c } = weather;
  const steps = theta_e_c.length;
  const phi_sol_w = new Float64Array(steps);
  for (let k = 0; k < steps; k++) {
    const direct = weather.directNormalIrradiance_w_m2[k];
    const diffuse = weather.diffuseHorizontalIrradiance_w_m2[k];
    if (direct === 0 && diffuse === 0) continue;
    const sun = sunPositionAt(
      location.latitude_deg,
      location.longitude_deg,
      startMs + (k + 0.5) * dtSeconds * 1000,
    );
    for (const window of building.windows) {
      phi_sol_w[k] += windowSolarGains_w(window, sun, direct, diffuse);
    }
  }
  return {
    startMs,
    dtSeconds,
    theta_e_c,
    phi_sol_w,
    phi_int_w: new Float64Array(steps).fill(building.internalGains_w),
    cop: theta_e_c.map((theta) => heatingCop(building, theta)),
  };
}

/** What a stretch of weather does to a twin: a house that was learnt has an aperture and people of its own. */
export function twinDisturbances(building: Building, weather: WeatherSteps, form?: TwinForm): Disturbances {
  const file = disturbances(building, weather);
  const { learnt } = building;
  if (!learnt || form !== "states") return file;
  const { house } = learnt;
  const { startMs, dtSeconds } = file;
  return {
    ...file,
    phi_sol_w: file.phi_sol_w.map((phi_w) => phi_w * house.aperture),
    phi_int_w: file.phi_int_w.map((_, k) =>
      gainsAt_w(house, homeHour(startMs + (k + 0.5) * dtSeconds * 1000)),
    ),
  };
}
