import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Town, towns } from "./normals.ts";
import { referenceYearSource } from "./reference-year.ts";
import { validateSeries, type WeatherSeries } from "./series.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Midnight of French standard time. */
const midnightMs = (year: number, month: number, day: number) => Date.UTC(year, month - 1, day) - hourMs;

interface Day {
  readonly month: number; // 0 to 11
  readonly min_c: number;
  readonly max_c: number;
  readonly mean_c: number;
  readonly sunshine_h: number;
}

/** Days of a series that begins at midnight; sunshine as the WMO defines it, direct normal above 120 W/m2. */
function daysOf(series: WeatherSeries): Day[] {
  const days: Day[] = [];
  for (let i = 0; i + 24 < series.dryBulbTemperature_c.length; i += 24) {
    const theta = series.dryBulbTemperature_c.subarray(i, i + 24);
    days.push({
      month: new Date(series.startMs + i * hourMs + hourMs).getUTCMonth(),
      min_c: Math.min(...theta),
      max_c: Math.max(...theta),
      mean_c: mean(theta),
      sunshine_h: series.directNormalIrradiance_w_m2.subarray(i, i + 24).filter((direct) => direct > 120)
        .length,
    });
  }
  return days;
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

const century = async (town: Town) =>
  daysOf(await referenceYearSource({ town }).series(midnightMs(2000, 1, 1), midnightMs(2100, 1, 1)));

const climates = { lyon: await century("lyon"), paris: await century("paris") };

describe("the climate of a century", () => {
  it.each(Object.keys(towns) as Town[])("keeps the normals of %s", (town) => {
    const days = climates[town];
    expect(days.length).toBe(36_525);
    const normals = towns[town];
    for (let month = 0; month < 12; month++) {
      const own = days.filter((day) => day.month === month);
      expect(Math.abs(mean(own.map((day) => day.min_c)) - normals.min_c[month])).toBeLessThan(0.9);
      expect(Math.abs(mean(own.map((day) => day.max_c)) - normals.max_c[month])).toBeLessThan(0.9);
      const sunshine_h = mean(own.map((day) => day.sunshine_h)) * (own.length / 100);
      expect(sunshine_h / normals.sunshine_h[month]).toBeGreaterThan(0.85);
      expect(sunshine_h / normals.sunshine_h[month]).toBeLessThan(1.25);
    }
  });

  it("has Lyon's winters: swings of 4 K over days, a few days below -3 degrees, rare hard spells", () => {
    const januaries = climates.lyon.filter((day) => day.month === 0);
    const means = januaries.map((day) => day.mean_c);
    expect(Math.abs(mean(means) - 3.4)).toBeLessThan(0.7);
    expect(deviation(means)).toBeGreaterThan(3.5);
    expect(deviation(means)).toBeLessThan(4.5);
    const anomalies = means.map((value) => value - mean(means));
    const nextDay = mean(anomalies.slice(1).map((value, i) => value * anomalies[i])) / deviation(means) ** 2;
    expect(nextDay).toBeGreaterThan(0.65);
    expect(nextDay).toBeLessThan(0.9);
    const coldDaysAYear = means.filter((value) => value < -3).length / 100;
    expect(coldDaysAYear).toBeGreaterThan(1);
    expect(coldDaysAYear).toBeLessThan(4);
    const coldest = Math.min(...januaries.map((day) => day.min_c));
    expect(coldest).toBeGreaterThan(-22); // Bron's record is -24.6
    expect(coldest).toBeLessThan(-12);
  });
});

describe("referenceYearSource", () => {
  it("gives an instant the same weather, whatever the range asked for", async () => {
    const source = referenceYearSource({ seed: 5 });
    const beginMs = midnightMs(2025, 12, 1);
    const winter = await source.series(beginMs, midnightMs(2026, 3, 1));
    await fc.assert(
      fc.asyncProperty(fc.nat(80 * 24), fc.integer({ min: 1, max: 200 }), async (offset_h, hours) => {
        const startMs = beginMs + offset_h * hourMs;
        const part = await source.series(startMs, startMs + hours * hourMs);
        expect(part.startMs).toBe(startMs);
        for (const field of ["dryBulbTemperature_c", "directNormalIrradiance_w_m2", "cloudCover"] as const) {
          expect(part[field]).toEqual(winter[field].slice(offset_h, offset_h + hours + 1));
        }
      }),
      { numRuns: 40 },
    );
  });

  it("is smooth and plausible across every new year and leap day", async () => {
    for (let year = 2000; year < 2100; year += 9) {
      const series = validateSeries(
        await referenceYearSource().series(midnightMs(year, 2, 20), midnightMs(year + 1, 1, 10)),
      );
      const theta = series.dryBulbTemperature_c;
      const steepest = Math.max(...theta.subarray(1).map((value, i) => Math.abs(value - theta[i])));
      expect(steepest).toBeLessThan(5);
    }
  });

  it("has its nights dark and its coldest and warmest hours at 6 and 15 o'clock", async () => {
    const series = await referenceYearSource().series(midnightMs(2026, 6, 1), midnightMs(2026, 7, 1));
    for (let i = 0; i + 24 < series.cloudCover.length; i += 24) {
      const theta = series.dryBulbTemperature_c.subarray(i + 6, i + 16);
      expect(Math.min(...theta)).toBe(theta[0]);
      expect(Math.max(...theta)).toBe(theta[9]);
      expect(series.directNormalIrradiance_w_m2[i]).toBe(0);
      expect(series.diffuseHorizontalIrradiance_w_m2[i + 12]).toBeGreaterThan(20);
    }
  });

  it("stays the reference: figures of the default seed that must not drift", async () => {
    const series = await referenceYearSource().series(midnightMs(2026, 1, 1), midnightMs(2026, 2, 1));
    expect({
      mean_c: Math.round(mean(series.dryBulbTemperature_c) * 100) / 100,
      direct_kwh_m2: Math.round(mean(series.directNormalIrradiance_w_m2) * 0.745 * 10) / 10,
      first_c: [...series.dryBulbTemperature_c.subarray(0, 4)],
    }).toMatchInlineSnapshot(`
      {
        "direct_kwh_m2": 43.1,
        "first_c": [
          -5.79,
          -6.35,
          -6.85,
          -7.26,
        ],
        "mean_c": 3.16,
      }
    `);
  });

  it("differs by seed and town, and refuses what is not a seed", async () => {
    const range = [midnightMs(2026, 1, 1), midnightMs(2026, 1, 3)] as const;
    const one = await referenceYearSource({ seed: 1 }).series(...range);
    const two = await referenceYearSource({ seed: 2 }).series(...range);
    const paris = await referenceYearSource({ town: "paris" }).series(...range);
    expect(two.dryBulbTemperature_c).not.toEqual(one.dryBulbTemperature_c);
    expect(paris.location.name).toBe("Paris");
    expect(paris.dryBulbTemperature_c).not.toEqual(one.dryBulbTemperature_c);
    expect(() => referenceYearSource({ seed: 1.5 })).toThrow(
      "seed must be a whole number within 0..4294967295, got 1.5",
    );
    await expect(referenceYearSource().series(range[1], range[0])).rejects.toThrow(RangeError);
  });

  it("goes by the sun, not by the clock: noon light is centred at 12:40 over Lyon's year", async () => {
    const startMs = midnightMs(2026, 1, 1);
    const series = await referenceYearSource().series(startMs, startMs + 365 * dayMs);
    let weight = 0;
    let moment = 0;
    for (let i = 0; i < 365 * 24; i++) {
      const light = series.diffuseHorizontalIrradiance_w_m2[i];
      weight += light;
      moment += light * ((i % 24) + 0.5);
    }
    expect(Math.abs(moment / weight - 12.67)).toBeLessThan(0.1);
  });
});
