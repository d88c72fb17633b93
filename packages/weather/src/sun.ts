/**
 * As much of the sun as weather needs: how high it stands, averaged over an interval.
 *
 * The Astronomical Almanac's low-precision formulas: declination within 0.01 degrees and equation of time
 * within 0.1 min from 1950 to 2050, little more until 2100. Without refraction.
 *
 * @see Michalsky, J. (1988), "The Astronomical Almanac's algorithm for approximate solar position
 *   (1950-2050)", Solar Energy 40
 */
import { dayMs } from "@azru/time";
import type { Location } from "./series.ts";

const rad = Math.PI / 180;
const j2000Ms = Date.UTC(2000, 0, 1, 12);
const solarConstant_w_m2 = 1367; // World Radiation Center

/** Declination (rad), equation of time (rad of hour angle) and the earth's orbit at an instant. */
interface Season {
  readonly declination: number;
  readonly equationOfTime: number;
  /** Extraterrestrial irradiance normal to the sun, W/m2. */
  readonly extraterrestrialNormal_w_m2: number;
}

/** What the sun does over an interval. */
export interface SunInterval {
  /** Mean over the whole interval of max(0, sin elevation). */
  readonly sinElevation: number;
  /** Share of the interval with the sun above the horizon, 0 to 1. */
  readonly daylight: number;
  readonly extraterrestrialNormal_w_m2: number;
}

function seasonAt(ms: number): Season {
  const n = (ms - j2000Ms) / dayMs;
  const meanLongitude = (280.46 + 0.9856474 * n) * rad;
  const meanAnomaly = (357.528 + 0.9856003 * n) * rad;
  const longitude = meanLongitude + (1.915 * Math.sin(meanAnomaly) + 0.02 * Math.sin(2 * meanAnomaly)) * rad;
  const obliquity = (23.439 - 4e-7 * n) * rad;
  const rightAscension = Math.atan2(Math.cos(obliquity) * Math.sin(longitude), Math.cos(longitude));
  const distance_au = 1.00014 - 0.01671 * Math.cos(meanAnomaly) - 0.00014 * Math.cos(2 * meanAnomaly);
  return {
    declination: Math.asin(Math.sin(obliquity) * Math.sin(longitude)),
    equationOfTime: wrap(meanLongitude - rightAscension),
    extraterrestrialNormal_w_m2: solarConstant_w_m2 / distance_au ** 2,
  };
}

/** Hour angle (rad, 0 at true solar noon, within -pi..pi) at an instant. */
function hourAngle(longitude_deg: number, season: Season, ms: number): number {
  const meanTime = (2 * Math.PI * (ms % dayMs)) / dayMs - Math.PI + longitude_deg * rad;
  return wrap(meanTime + season.equationOfTime);
}

function wrap(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}

/** Half the day's length as an hour angle: 0 in the polar night, pi under the midnight sun. */
function sunsetHourAngle(latitude: number, declination: number): number {
  return Math.acos(Math.min(1, Math.max(-1, -Math.tan(latitude) * Math.tan(declination))));
}

/**
 * The sun over `[startMs, startMs + dtSeconds)`, at most a day: sin(elevation) = a + b cos(hour angle) is
 * integrated in closed form between sunrise and sunset; the season is that of the interval's middle.
 */
export function sunOver(location: Location, startMs: number, dtSeconds: number): SunInterval {
  const middleMs = startMs + dtSeconds * 500;
  const season = seasonAt(middleMs);
  const latitude = location.latitude_deg * rad;
  const a = Math.sin(latitude) * Math.sin(season.declination);
  const b = Math.cos(latitude) * Math.cos(season.declination);
  const sunset = sunsetHourAngle(latitude, season.declination);
  const half = (Math.PI * dtSeconds * 1000) / dayMs;
  const middle = hourAngle(location.longitude_deg, season, middleMs);

  let integral = 0;
  let daylit = 0;
  // An interval across midnight may touch the day before or after.
  for (const turn of [-2 * Math.PI, 0, 2 * Math.PI]) {
    const from = Math.max(middle - half, turn - sunset);
    const to = Math.min(middle + half, turn + sunset);
    if (to <= from) continue;
    integral += a * (to - from) + b * (Math.sin(to) - Math.sin(from));
    daylit += to - from;
  }
  return {
    sinElevation: Math.max(0, integral / (2 * half)),
    daylight: Math.min(1, daylit / (2 * half)),
    extraterrestrialNormal_w_m2: season.extraterrestrialNormal_w_m2,
  };
}

/** A day's daylight. */
export interface SolarDay {
  readonly noonMs: number;
  /** From sunrise to sunset; 0 in the polar night. */
  readonly daylightMs: number;
  readonly noonSinElevation: number;
}

/** The solar day whose noon is nearest to an instant. */
export function solarDay(location: Location, ms: number): SolarDay {
  const season = seasonAt(ms);
  const latitude = location.latitude_deg * rad;
  return {
    noonMs: ms - (hourAngle(location.longitude_deg, season, ms) / (2 * Math.PI)) * dayMs,
    daylightMs: (sunsetHourAngle(latitude, season.declination) / Math.PI) * dayMs,
    noonSinElevation: Math.max(0, Math.cos(latitude - season.declination)),
  };
}
