/** Radiation on the ground from the sun's height and the clouds, where nobody measured it. */
import type { SunInterval } from "./sun.ts";

/** Direct normal and diffuse horizontal irradiance; global horizontal = direct x sin(elevation) + diffuse. */
export interface Irradiance {
  readonly directNormal_w_m2: number;
  readonly diffuseHorizontal_w_m2: number;
}

/**
 * Global horizontal irradiance under a clear sky, W/m2.
 *
 * @see Haurwitz, B. (1945), J. Meteorology 2: 1098 sin(h) exp(-0.057 / sin(h))
 */
export function clearSkyGlobal_w_m2(sinElevation: number): number {
  return sinElevation > 0 ? 1098 * sinElevation * Math.exp(-0.057 / sinElevation) : 0;
}

/**
 * The share of clear-sky global irradiance that a cloud cover (0 to 1) lets through.
 *
 * @see Kasten, F. and Czeplak, G. (1980), Solar Energy 24: 1 - 0.75 n^3.4
 */
export function cloudTransmittance(cloudCover: number): number {
  return 1 - 0.75 * cloudCover ** 3.4;
}

/**
 * Direct normal irradiance under a clear sky, W/m2; at a low sun also the most that a split may claim.
 *
 * @see Meinel, A. B. and Meinel, M. P. (1976), Applied Solar Energy: I0 0.7^(AM^0.678); air mass by Kasten,
 *   F. and Young, A. T. (1989), Applied Optics 28
 */
export function clearSkyDirect_w_m2(sinElevation: number, extraterrestrialNormal_w_m2: number): number {
  if (sinElevation <= 0) return 0;
  const elevation_deg = (Math.asin(Math.min(1, sinElevation)) * 180) / Math.PI;
  const airMass = 1 / (sinElevation + 0.50572 * (elevation_deg + 6.07995) ** -1.6364);
  return extraterrestrialNormal_w_m2 * 0.7 ** (airMass ** 0.678);
}

/**
 * The diffuse share of global irradiance at a clearness index (global over extraterrestrial horizontal).
 *
 * @see Erbs, D. G., Klein, S. A. and Duffie, J. A. (1982), Solar Energy 28, eq. 1
 */
export function diffuseFraction(clearness: number): number {
  const k = clearness;
  if (k <= 0.22) return 1 - 0.09 * k;
  if (k > 0.8) return 0.165;
  return 0.9511 - 0.1604 * k + 4.388 * k ** 2 - 16.638 * k ** 3 + 12.336 * k ** 4;
}

/**
 * Splits an interval's global horizontal irradiance into direct and diffuse, by Erbs; what the direct part
 * would exceed a clear sky's at that elevation is diffuse. The two always add up to the global.
 */
export function splitGlobal(globalHorizontal_w_m2: number, sun: SunInterval): Irradiance {
  if (globalHorizontal_w_m2 <= 0 || sun.sinElevation <= 0) {
    return { directNormal_w_m2: 0, diffuseHorizontal_w_m2: Math.max(0, globalHorizontal_w_m2) };
  }
  const clearness = globalHorizontal_w_m2 / (sun.extraterrestrialNormal_w_m2 * sun.sinElevation);
  const direct = (globalHorizontal_w_m2 * (1 - diffuseFraction(clearness))) / sun.sinElevation;
  const most =
    sun.daylight * clearSkyDirect_w_m2(sun.sinElevation / sun.daylight, sun.extraterrestrialNormal_w_m2);
  const directNormal_w_m2 = Math.min(direct, most);
  return {
    directNormal_w_m2,
    diffuseHorizontal_w_m2: globalHorizontal_w_m2 - directNormal_w_m2 * sun.sinElevation,
  };
}
