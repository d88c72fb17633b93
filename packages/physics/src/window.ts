/** Windows: the solar gains and the daylight that come through. */
import type { SunPosition } from "./sun.ts";

const rad = Math.PI / 180;

/** A window and what it lets through. */
export interface Window {
  /** Direction of the outward normal, degrees from south, east positive (-90 west, 180 north). */
  readonly azimuth_deg: number;
  /** Angle between the pane and the horizontal, degrees: 90 a wall's window, 0 a skylight. */
  readonly tilt_deg: number;
  readonly area_m2: number;
  /** Solar transmittance: share of the incident radiation that becomes heat inside, 0 to 1. */
  readonly g: number;
  /** Share of the incident daylight that gets inside, 0 to 1. */
  readonly lightTransmittance: number;
}

/**
 * Cosine of the angle between the beam and a pane's normal; 0 for a beam from behind.
 *
 * Whether the sun is up is left to the weather, whose beam is 0 at night: in the hours of sunrise and sunset a
 * mean beam may meet a position just below the horizon, and its heat would get lost.
 *
 * @see Duffie and Beckman, Solar Engineering of Thermal Processes, eq. 1.6.3
 */
export function incidenceCosine(window: Window, sun: SunPosition): number {
  const altitude = sun.altitude_deg * rad;
  const tilt = window.tilt_deg * rad;
  const fromNormal = (sun.azimuth_deg - window.azimuth_deg) * rad;
  return Math.max(
    0,
    Math.cos(altitude) * Math.sin(tilt) * Math.cos(fromNormal) + Math.sin(altitude) * Math.cos(tilt),
  );
}

/**
 * Heat through a window, W.
 *
 * @param directNormal_w_m2 beam on a plane facing the sun
 * @param diffuseHorizontal_w_m2 from the whole sky on a horizontal plane; taken as isotropic, no reflection
 *   from the ground
 */
export function windowSolarGains_w(
  window: Window,
  sun: SunPosition,
  directNormal_w_m2: number,
  diffuseHorizontal_w_m2: number,
): number {
  return incident(window, sun, directNormal_w_m2, diffuseHorizontal_w_m2) * window.g;
}

/**
 * Daylight through a window, lumen.
 *
 * @param directNormal_lux beam on a plane facing the sun
 * @param diffuseHorizontal_lux from the whole sky on a horizontal plane
 */
export function windowIlluminance_lm(
  window: Window,
  sun: SunPosition,
  directNormal_lux: number,
  diffuseHorizontal_lux: number,
): number {
  return incident(window, sun, directNormal_lux, diffuseHorizontal_lux) * window.lightTransmittance;
}

function incident(window: Window, sun: SunPosition, direct: number, diffuse: number): number {
  const skyViewFactor = (1 + Math.cos(window.tilt_deg * rad)) / 2;
  return (incidenceCosine(window, sun) * direct + skyViewFactor * diffuse) * window.area_m2;
}
