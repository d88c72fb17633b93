import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coveredUntilMs, cutSteps, stepMeans } from "./resample.ts";
import { validateSeries, type WeatherSeries } from "./series.ts";

const fields = [
  "dryBulbTemperature_c",
  "directNormalIrradiance_w_m2",
  "diffuseHorizontalIrradiance_w_m2",
  "cloudCover",
] as const;

function seriesOf(
  values: Partial<Record<(typeof fields)[number], number[]>>,
  dtSeconds = 3600,
): WeatherSeries {
  const length = Object.values(values)[0].length;
  const array = (field: (typeof fields)[number]) => Float64Array.from(values[field] ?? Array(length).fill(0));
  return {
    source: "by hand",
    location: { name: "Lyon", latitude_deg: 45.7, longitude_deg: 4.9 },
    startMs: Date.UTC(2026, 0, 1),
    dtSeconds,
    dryBulbTemperature_c: array("dryBulbTemperature_c"),
    directNormalIrradiance_w_m2: array("directNormalIrradiance_w_m2"),
    diffuseHorizontalIrradiance_w_m2: array("diffuseHorizontalIrradiance_w_m2"),
    cloudCover: array("cloudCover"),
  };
}

const anySeries = fc
  .record({
    values: fc.array(
      fc.tuple(fc.double({ min: -30, max: 40, noNaN: true }), fc.integer({ min: 0, max: 1000 })),
      {
        minLength: 2,
        maxLength: 60,
      },
    ),
    dtSeconds: fc.constantFrom(600, 900, 1800, 3600, 10_800),
  })
  .map(({ values, dtSeconds }) =>
    seriesOf(
      {
        dryBulbTemperature_c: values.map(([theta]) => theta),
        directNormalIrradiance_w_m2: values.map(([, direct]) => direct),
        diffuseHorizontalIrradiance_w_m2: values.map(([, direct]) => direct / 3),
        cloudCover: values.map(([, direct]) => direct / 1000),
      },
      dtSeconds,
    ),
  );

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("stepMeans", () => {
  const hour = seriesOf({
    dryBulbTemperature_c: [0, 4, -2],
    directNormalIrradiance_w_m2: [100, 500, 900],
    cloudCover: [0.2, 0.6, 1],
  });

  it("follows the temperature's line within an hour and keeps the hour's irradiance", () => {
    const steps = stepMeans(hour, hour.startMs, 900, 8);
    expect([...steps.dryBulbTemperature_c]).toEqual([0.5, 1.5, 2.5, 3.5, 3.25, 1.75, 0.25, -1.25]);
    expect([...steps.directNormalIrradiance_w_m2]).toEqual([100, 100, 100, 100, 500, 500, 500, 500]);
    expect([...steps.cloudCover]).toEqual([0.2, 0.2, 0.2, 0.2, 0.6, 0.6, 0.6, 0.6]);
  });

  it("weighs the intervals that a step straddles", () => {
    const steps = stepMeans(hour, hour.startMs + 1_800_000, 3600, 1);
    // From 2 up to 4 degrees, then down to 1; half an hour at 100, half at 500 W/m2.
    expect(steps.dryBulbTemperature_c[0]).toBeCloseTo((3 + 2.5) / 2, 12);
    expect(steps.directNormalIrradiance_w_m2[0]).toBeCloseTo(300, 12);
  });

  it("keeps the integral of every quantity, whatever the step", () => {
    fc.assert(
      fc.property(anySeries, fc.integer({ min: 1, max: 97 }), (series, count) => {
        const intervals = series.dryBulbTemperature_c.length - 1;
        const steps = stepMeans(series, series.startMs, (intervals * series.dtSeconds) / count, count);
        const trapezoids = series.dryBulbTemperature_c
          .subarray(0, -1)
          .map((theta, i) => (theta + series.dryBulbTemperature_c[i + 1]) / 2);
        expect(mean(steps.dryBulbTemperature_c)).toBeCloseTo(mean(trapezoids), 8);
        for (const field of fields.slice(1)) {
          expect(mean(steps[field])).toBeCloseTo(mean(series[field].subarray(0, -1)), 8);
        }
      }),
    );
  });

  it("composes: coarse steps are the means of the fine steps within them", () => {
    fc.assert(
      fc.property(
        anySeries,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 12 }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        (series, parts, count, begin) => {
          const lengthMs = coveredUntilMs(series) - series.startMs;
          const startMs = series.startMs + Math.floor(begin * lengthMs);
          const dtSeconds = lengthMs / 2 / 1000 / count;
          const coarse = stepMeans(series, startMs, dtSeconds, count);
          const fine = stepMeans(series, startMs, dtSeconds / parts, count * parts);
          for (const field of fields) {
            for (let k = 0; k < count; k++) {
              expect(mean(fine[field].subarray(k * parts, (k + 1) * parts))).toBeCloseTo(coarse[field][k], 7);
            }
          }
        },
      ),
    );
  });

  it("stays within the values that it averages", () => {
    fc.assert(
      fc.property(anySeries, fc.integer({ min: 1, max: 50 }), (series, count) => {
        const span = (series.dryBulbTemperature_c.length - 1) * series.dtSeconds;
        const steps = stepMeans(series, series.startMs, span / count, count);
        for (const field of fields) {
          expect(Math.min(...steps[field])).toBeGreaterThanOrEqual(Math.min(...series[field]) - 1e-9);
          expect(Math.max(...steps[field])).toBeLessThanOrEqual(Math.max(...series[field]) + 1e-9);
        }
      }),
    );
  });

  it("says which instants are missing", () => {
    expect(() => stepMeans(hour, hour.startMs - 900_000, 900, 4)).toThrow(
      'weather "by hand" does not cover 2025-12-31T23:45:00.000Z to 2026-01-01T00:00:00.000Z',
    );
    expect(() => stepMeans(hour, hour.startMs, 900, 9)).toThrow(
      "does not cover 2026-01-01T02:00:00.000Z to 2026-01-01T02:15:00.000Z",
    );
    expect(() => stepMeans(hour, hour.startMs, 0, 4)).toThrow("dtSeconds must be > 0, got 0");
    expect(() => stepMeans(hour, hour.startMs, 900, 1.5)).toThrow(
      "count must be a whole number > 0, got 1.5",
    );
    expect(() => stepMeans(hour, Number.NaN, 900, 1)).toThrow("startMs must be finite, got NaN");
  });
});

describe("cutSteps", () => {
  it("is what the means of the later instants are", () => {
    const hours = Array.from({ length: 13 }, (_, i) => i * i);
    const series = seriesOf(Object.fromEntries(fields.map((field) => [field, hours])));
    const whole = stepMeans(series, series.startMs, 900, 48);
    expect(cutSteps(whole, 6, 20)).toEqual(stepMeans(series, series.startMs + 6 * 900_000, 900, 20));
  });
});

describe("validateSeries", () => {
  it("accepts a plausible series and names what is not", () => {
    const good = seriesOf({ dryBulbTemperature_c: [0, 1, 2] });
    expect(validateSeries(good)).toBe(good);
    const hot = seriesOf({ dryBulbTemperature_c: [0, 99.9, 2] });
    expect(() => validateSeries(hot)).toThrow(
      "weather.dryBulbTemperature_c[1] must be within -90..60, got 99.9",
    );
    const bright = seriesOf({ directNormalIrradiance_w_m2: [0, 1, 9999] });
    expect(() => validateSeries(bright)).toThrow(
      "weather.directNormalIrradiance_w_m2[2] must be within 0..1500, got 9999",
    );
    const hole = seriesOf({ cloudCover: [0, Number.NaN] });
    expect(() => validateSeries(hole)).toThrow("weather.cloudCover[1] must be within 0..1, got NaN");
    const short = { ...good, cloudCover: new Float64Array(2) };
    expect(() => validateSeries(short)).toThrow("weather.cloudCover must have 3 values, got 2");
    const north = { ...good, location: { ...good.location, latitude_deg: 91 } };
    expect(() => validateSeries(north)).toThrow(
      "weather.location.latitude_deg must be within -90..90, got 91",
    );
  });
});
