/**
 * A scenario: days given by their coldest and warmest moment and their clouds; the rest is a sinus and a
 * simple sun.
 *
 * - Temperature: the minimum at 04 h, the maximum at 16 h, half cosines between them and on to the next
 *   day's minimum. Hours are those of the scenario's standard time (UTC+1 unless it says otherwise), also in
 *   summer: the sun does not change its clocks.
 * - Sun: global horizontal irradiance is the half sine from sunrise to sunset whose peak is the clear sky's
 *   at the day's noon (Haurwitz) x (1 - 0.75 n^3.4) for nebulosity n (Kasten and Czeplak); hours have its
 *   exact mean. Erbs splits it, with the hour's mean sine of the sun's elevation, so that
 *   global = direct normal x sin(elevation) + diffuse.
 * - Beyond its days, on either side, a scenario repeats.
 */
import { dayMs, hourMs } from "@azru/time";
import { z } from "zod";
import { diurnalTemperature_c } from "./diurnal.ts";
import { firstIssue } from "./issue.ts";
import { clearSkyGlobal_w_m2, cloudTransmittance, splitGlobal } from "./radiation.ts";
import harshWinter from "./scenarios/harsh-winter.json" with { type: "json" };
import sunnySpring from "./scenarios/sunny-spring.json" with { type: "json" };
import { allocateWeather, hoursCovering, type WeatherSource } from "./series.ts";
import { solarDay, sunOver } from "./sun.ts";

const extremes = { min_h: 4, max_h: 16 };

const temperature_c = z.number().min(-90).max(60);
/** Not z.string().min(1): Zod's length checks (4.6) throw a TypeError on an object with a strange `length`. */
const name = z.string().regex(/./su, { error: "must not be empty" });
const scenarioSchema = z.strictObject({
  name,
  location: z.strictObject({
    name,
    latitude_deg: z.number().min(-90).max(90),
    longitude_deg: z.number().min(-180).max(180),
  }),
  /** The date of the first of the days, unless the run says otherwise. */
  first_day: z.iso.date(),
  utc_offset_h: z.number().min(-12).max(14).default(1),
  days: z
    .array(
      z
        .strictObject({ min_c: temperature_c, max_c: temperature_c, nebulosity: z.number().min(0).max(1) })
        .refine((day) => day.max_c >= day.min_c, { path: ["max_c"], error: "must not be below min_c" }),
    )
    .refine((days) => days.length > 0, { error: "must not be empty" }),
  /** EUR/kWh; a tariff reads them, `file:` and the scenario's file. */
  prices: z.strictObject({ peak: z.number(), off_peak: z.number() }).optional(),
  /** "06:00-22:00", several of them, or two whole hours. */
  peak_hours: z.union([z.string(), z.array(z.string()), z.array(z.number())]).optional(),
});

export type Scenario = z.infer<typeof scenarioSchema>;

/**
 * Checks a scenario that came from outside (a parsed JSON file).
 *
 * @throws RangeError naming the field and what is wrong with it
 */
export function parseScenario(value: unknown): Scenario {
  const parsed = scenarioSchema.safeParse(value);
  if (!parsed.success) throw new RangeError(`scenario.${firstIssue(parsed.error)}`);
  return parsed.data;
}

/** The scenarios that come with Azru. */
export const scenarios: Readonly<Record<"harsh-winter" | "sunny-spring", Scenario>> = {
  "harsh-winter": parseScenario(harshWinter),
  "sunny-spring": parseScenario(sunnySpring),
};

/**
 * The hourly weather of a scenario.
 *
 * @param firstDay the date (YYYY-MM-DD) that the first of its days falls on; absent: the scenario's own
 * @throws RangeError when `firstDay` is not a date
 */
export function scenarioSource(scenario: Scenario, firstDay: string = scenario.first_day): WeatherSource {
  if (!z.iso.date().safeParse(firstDay).success) {
    throw new RangeError(`firstDay must be a date YYYY-MM-DD, got ${JSON.stringify(firstDay)}`);
  }
  const { location, days, utc_offset_h } = scenario;
  const firstDayNumber = Date.parse(firstDay) / dayMs;
  const name = `scenario ${scenario.name}`;
  const dayAt = (day: number) => {
    const index = (day - firstDayNumber) % days.length;
    return days[index < 0 ? index + days.length : index];
  };

  return {
    name,
    async series(startMs, endMs) {
      const grid = hoursCovering(startMs, endMs, utc_offset_h);
      const arrays = allocateWeather(grid.count);
      for (let i = 0; i < grid.count; i++) {
        const beginMs = grid.startMs + i * hourMs;
        const localMs = beginMs + utc_offset_h * hourMs;
        const day = Math.floor(localMs / dayMs);
        const { min_c, max_c, nebulosity } = dayAt(day);
        arrays.dryBulbTemperature_c[i] = diurnalTemperature_c(
          (localMs - day * dayMs) / hourMs,
          extremes,
          dayAt(day - 1).max_c,
          min_c,
          max_c,
          dayAt(day + 1).min_c,
        );
        const noonMs = (day + 0.5) * dayMs - utc_offset_h * hourMs;
        const sun = solarDay(location, noonMs);
        const peak_w_m2 = clearSkyGlobal_w_m2(sun.noonSinElevation) * cloudTransmittance(nebulosity);
        const global_w_m2 = peak_w_m2 * halfSineMean(sun.noonMs, sun.daylightMs, beginMs);
        const split = splitGlobal(global_w_m2, sunOver(location, beginMs, 3600));
        arrays.directNormalIrradiance_w_m2[i] = split.directNormal_w_m2;
        arrays.diffuseHorizontalIrradiance_w_m2[i] = split.diffuseHorizontal_w_m2;
        arrays.cloudCover[i] = nebulosity;
      }
      return { source: name, location, startMs: grid.startMs, dtSeconds: 3600, ...arrays };
    },
  };
}

/** Mean over the hour from `beginMs` of the half sine around noon: 1 at noon, 0 at sunrise and sunset. */
function halfSineMean(noonMs: number, daylightMs: number, beginMs: number): number {
  const sunriseMs = noonMs - daylightMs / 2;
  const from = Math.max(beginMs, sunriseMs);
  const to = Math.min(beginMs + hourMs, sunriseMs + daylightMs);
  if (to <= from) return 0;
  const phase = (ms: number) => (Math.PI * (ms - sunriseMs)) / daylightMs;
  return ((Math.cos(phase(from)) - Math.cos(phase(to))) * daylightMs) / Math.PI / hourMs;
}
