/** Where the sun stands. */

const rad = Math.PI / 180;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The sun's place in the sky. */
export interface SunPosition {
  /** Above the horizon, degrees; negative at night. */
  readonly altitude_deg: number;
  /** From south, degrees, east positive: -90..270, so that west is -90 or 270. */
  readonly azimuth_deg: number;
}

/**
 * The sun's position at an instant, within about a degree.
 *
 * @param latitude_deg north positive
 * @param longitude_deg east positive
 * @param timeMs Unix time
 * @see pveducation.org, "Properties of sunlight": declination, equation of time, solar time, elevation
 */
export function sunPositionAt(latitude_deg: number, longitude_deg: number, timeMs: number): SunPosition {
  const dayStartMs = Math.floor(timeMs / dayMs) * dayMs;
  const yearStartMs = Date.UTC(new Date(dayStartMs).getUTCFullYear(), 0, 1);
  const day = (dayStartMs - yearStartMs) / dayMs + 1; // 1 on 1 January

  const latitude = latitude_deg * rad;
  const declination = 23.45 * rad * Math.sin(((2 * Math.PI) / 365) * (day - 81));
  const B = ((2 * Math.PI) / 364) * (day - 81);
  const equationOfTime_min = 9.87 * Math.sin(2 * B) - 7.53 * Math.cos(B) - 1.5 * Math.sin(B);
  const utc_min = (timeMs - dayStartMs) / 60_000;
  const solarTime_h = (utc_min + 4 * longitude_deg + equationOfTime_min) / 60;
  const hourAngle = 15 * rad * (12 - solarTime_h); // positive before noon

  const altitude = Math.asin(
    withinUnit(
      Math.cos(latitude) * Math.cos(declination) * Math.cos(hourAngle) +
        Math.sin(latitude) * Math.sin(declination),
    ),
  );
  const fromMeridian = Math.asin(
    withinUnit((Math.cos(declination) * Math.sin(hourAngle)) / Math.cos(altitude)),
  );
  const isSouth = Math.tan(latitude) * Math.cos(hourAngle) >= Math.tan(declination);
  return {
    altitude_deg: altitude / rad,
    azimuth_deg: (isSouth ? fromMeridian : Math.PI - fromMeridian) / rad,
  };
}

/**
 * The sun's position as RC_BuildingSimulator counts it: by the hour of a year.
 *
 * North of the equator it is `sunPositionAt`. South of it the azimuth is mirrored, because the library gives
 * north from south by a test that holds for northern latitudes only; kept to agree with its figures.
 *
 * @param hourOfYear hours since 1 January 00:00 UTC
 */
export function sunPosition(
  latitude_deg: number,
  longitude_deg: number,
  year: number,
  hourOfYear: number,
): SunPosition {
  const sun = sunPositionAt(latitude_deg, longitude_deg, Date.UTC(year, 0, 1) + hourOfYear * hourMs);
  return latitude_deg < 0 ? { altitude_deg: sun.altitude_deg, azimuth_deg: 180 - sun.azimuth_deg } : sun;
}

/** Rounding may leave the domain of asin where the sun stands at the zenith. */
function withinUnit(sine: number): number {
  return Math.max(-1, Math.min(1, sine));
}
