/**
 * A reference climate of our own making: weather that a French town could have had, for any stretch of
 * time, from published monthly normals and a seed. No download, the same in every clone.
 *
 *  1. Season: the normals' annual cycles of daily minimum, daily maximum and sunshine share, as harmonic
 *     series that keep the monthly means.
 *  2. Swings: the daily anomaly of temperature is an AR(1) process (correlation 0.8 from day to day, so
 *     spells of about a week) with a standard deviation of 4 K in mid-January and 3 K in mid-July.
 *  3. Clouds: cover = Phi((g - mu) / s), g a standard normal process made of an AR(1) over days and one over
 *     hours; mu follows from the season's sunshine share. s < 1 makes clear and overcast hours frequent.
 *  4. Day: half cosines between the day's minimum (06 h) and maximum (15 h). A day clearer than the season's
 *     mean has a colder night and a warmer afternoon.
 *  5. Radiation: Haurwitz's clear sky by the sun's height, Kasten and Czeplak's cloud transmittance, Erbs's
 *     split (radiation.ts).
 *
 * Numbers of steps 2 to 4 are chosen, not fitted; the tests hold the result to the normals. Values are
 * rounded to 0.01 so that the last bit of a platform's sine does not matter.
 */
import { dayMs, hourMs } from "@azru/time";
import { harmonicSeries, yearPhase } from "./annual-cycle.ts";
import { diurnalTemperature_c } from "./diurnal.ts";
import { cumulativeNormal, inverseNormal } from "./normal.ts";
import { type MonthlyNormals, type Town, towns } from "./normals.ts";
import { clearSkyGlobal_w_m2, cloudTransmittance, splitGlobal } from "./radiation.ts";
import { autoregression, blended } from "./random.ts";
import { allocateWeather, hoursCovering, type WeatherSource } from "./series.ts";
import { solarDay, sunOver } from "./sun.ts";

const utcOffset_h = 1; // France's standard time, all year
const extremes = { min_h: 6, max_h: 15 };

const streams = { temperature: 1, cloudDays: 2, cloudHours: 3 };
const swing = { phi: 0.8, mean_k: 3.5, seasonal_k: 0.5 };
const cloud = { dayPhi: 0.5, hourPhi: 0.85, dayShare: 0.6, s: 0.55 };
/** Clear share of the sky per share of sunshine: a recorder also counts sun between and through thin clouds. */
const clearPerSunshine = 0.85;
/** Share of the daily range by which a clear night is colder, a clear day warmer, per unit of cloud cover. */
const clearNight = 0.3;
const clearDay = 0.35;

/** Which town's climate, and which of its possible weathers. */
export interface ReferenceYearOptions {
  readonly town?: Town;
  /** A whole number; `defaultSeed` by default. */
  readonly seed?: number;
}

/** The seed whose Lyon winter of 2025-2026 is nearest to the normals, month by month, of 1 to 40. */
export const defaultSeed = 20;

/**
 * The generated weather of a town, hourly, for any range of time; the same instant always has the same
 * weather, whatever the range.
 *
 * @throws RangeError when the seed is not a whole number within 0..4294967295
 */
export function referenceYearSource({
  town = "lyon",
  seed = defaultSeed,
}: ReferenceYearOptions = {}): WeatherSource {
  if (!(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)) {
    throw new RangeError(`seed must be a whole number within 0..4294967295, got ${seed}`);
  }
  const normals: MonthlyNormals = towns[town];
  const climate = annualCycles(normals);
  const { location } = normals;
  const name = `reference year ${location.name}, seed ${seed}`;

  return {
    name,
    async series(startMs, endMs) {
      const grid = hoursCovering(startMs, endMs, utcOffset_h);
      const firstHour = (grid.startMs + utcOffset_h * hourMs) / hourMs; // since 1970, local standard time
      const clouds = cloudCovers(climate, seed, firstHour, grid.count);
      const days = dailyExtremes(climate, seed, firstHour, grid.count);
      const arrays = allocateWeather(grid.count);
      for (let i = 0; i < grid.count; i++) {
        const hour = firstHour + i;
        const sun = sunOver(location, grid.startMs + i * hourMs, 3600);
        const clear =
          sun.daylight > 0 ? sun.daylight * clearSkyGlobal_w_m2(sun.sinElevation / sun.daylight) : 0;
        const split = splitGlobal(clear * cloudTransmittance(clouds[i]), sun);
        arrays.dryBulbTemperature_c[i] = rounded(days.temperatureAt(hour));
        arrays.directNormalIrradiance_w_m2[i] = rounded(split.directNormal_w_m2);
        arrays.diffuseHorizontalIrradiance_w_m2[i] = rounded(split.diffuseHorizontal_w_m2);
        arrays.cloudCover[i] = rounded(clouds[i]);
      }
      return { source: name, location, startMs: grid.startMs, dtSeconds: 3600, ...arrays };
    },
  };
}

/** The season's means as functions of the day (since 1970, local standard time, with fraction). */
interface AnnualCycles {
  readonly min_c: (day: number) => number;
  readonly max_c: (day: number) => number;
  readonly cloudCover: (day: number) => number;
  readonly swing_k: (day: number) => number;
}

function annualCycles(normals: MonthlyNormals): AnnualCycles {
  const cloudCover = normals.sunshine_h.map(
    (sunshine_h, month) => 1 - (clearPerSunshine * sunshine_h) / daylight_h(normals, month),
  );
  return {
    min_c: harmonicSeries(normals.min_c),
    max_c: harmonicSeries(normals.max_c),
    cloudCover: harmonicSeries(cloudCover),
    swing_k: (day) => swing.mean_k + swing.seasonal_k * Math.cos(yearPhase(day) - Math.PI / 12),
  };
}

/** Hours of daylight in a month of a common year. */
function daylight_h({ location }: MonthlyNormals, month: number): number {
  let sum = 0;
  for (let ms = Date.UTC(2001, month, 1, 12); ms < Date.UTC(2001, month + 1, 1); ms += dayMs) {
    sum += solarDay(location, ms).daylightMs / hourMs;
  }
  return sum;
}

/** Cloud cover of each hour from `firstHour` (since 1970, local standard time). */
function cloudCovers(climate: AnnualCycles, seed: number, firstHour: number, count: number): Float64Array {
  const firstDay = Math.floor((firstHour - 12) / 24);
  const dayCount = Math.floor((firstHour + count - 1 - 12) / 24) - firstDay + 2;
  const days = autoregression(seed, streams.cloudDays, cloud.dayPhi, firstDay, dayCount);
  const hours = autoregression(seed, streams.cloudHours, cloud.hourPhi, firstHour, count);
  const covers = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const hour = firstHour + i;
    const dayPart = blended(days, (hour - 12) / 24 - firstDay, cloud.dayPhi); // a day's value stands at noon
    const g = Math.sqrt(cloud.dayShare) * dayPart + Math.sqrt(1 - cloud.dayShare) * hours[i];
    covers[i] = coverOf(g, climate.cloudCover((hour + 0.5) / 24));
  }
  return covers;
}

/** The cloud cover of a standard normal `g`, with mean `mean`: E Phi((g - mu)/s) = Phi(-mu / sqrt(1 + s2)). */
function coverOf(g: number, mean: number): number {
  const mu = -inverseNormal(mean) * Math.sqrt(1 + cloud.s ** 2);
  return cumulativeNormal((g - mu) / cloud.s);
}

/** Each day's temperature extremes, and the curve through them. */
function dailyExtremes(climate: AnnualCycles, seed: number, firstHour: number, count: number) {
  const firstDay = Math.floor(firstHour / 24) - 1;
  const dayCount = Math.floor((firstHour + count - 1) / 24) - firstDay + 2;
  const swings = autoregression(seed, streams.temperature, swing.phi, firstDay, dayCount);
  const covers = cloudCovers(climate, seed, firstDay * 24, dayCount * 24);
  const min = new Float64Array(dayCount);
  const max = new Float64Array(dayCount);
  for (let d = 0; d < dayCount; d++) {
    const day = firstDay + d;
    const cover = covers.subarray(d * 24, (d + 1) * 24).reduce((sum, value) => sum + value, 0) / 24;
    const noon = day + 0.5;
    const cloudier = cover - climate.cloudCover(noon);
    const range_k = climate.max_c(noon) - climate.min_c(noon);
    const swing_k = climate.swing_k(noon) * swings[d];
    min[d] = climate.min_c(noon) + swing_k + clearNight * range_k * cloudier;
    max[d] = climate.max_c(noon) + swing_k - clearDay * range_k * cloudier;
  }
  const temperatureAt = (hour: number): number => {
    const d = Math.floor(hour / 24) - firstDay;
    return diurnalTemperature_c(hour - (firstDay + d) * 24, extremes, max[d - 1], min[d], max[d], min[d + 1]);
  };
  return { temperatureAt };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
