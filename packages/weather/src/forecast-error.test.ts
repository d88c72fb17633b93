import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { forecastSteps } from "./forecast-error.ts";
import { referenceYearSource } from "./reference-year.ts";
import { stepMeans } from "./resample.ts";
import { sunOver } from "./sun.ts";

const hourMs = 3_600_000;
const beginMs = Date.UTC(2026, 0, 1);
const weather = await referenceYearSource().series(beginMs, beginMs + 400 * 24 * hourMs);
const stepsFrom = (startMs: number, count = 192) => stepMeans(weather, startMs, 900, count);

function meanSquare(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value * value, 0) / values.length;
}

describe("forecastSteps", () => {
  it("has temperature errors of 0.5 K after an hour and 1.5 K after a day, without bias", () => {
    const errors = { hour: [] as number[], day: [] as number[] };
    for (let run = 0; run < 1400; run++) {
      const issueMs = beginMs + run * 6 * hourMs;
      const truth = stepMeans(weather, issueMs + hourMs / 2, 3600, 24);
      const said = forecastSteps(truth, issueMs);
      const error = (k: number) => said.dryBulbTemperature_c[k] - truth.dryBulbTemperature_c[k];
      errors.hour.push(error(0));
      errors.day.push(error(23));
    }
    expect(Math.abs(Math.sqrt(meanSquare(errors.hour)) - 0.5)).toBeLessThan(0.04);
    expect(Math.abs(Math.sqrt(meanSquare(errors.day)) - 1.5)).toBeLessThan(0.12);
    expect(Math.abs(errors.day.reduce((sum, value) => sum + value, 0) / 1400)).toBeLessThan(0.12);
  });

  it("errs on the sky more with time, both ways, and not at night", () => {
    const near: number[] = [];
    const far: number[] = [];
    let truthSum = 0;
    let saidSum = 0;
    for (let day = 0; day < 365; day++) {
      const noonMs = beginMs + (day * 24 + 11) * hourMs;
      const truth = stepMeans(weather, noonMs, 3600, 1);
      const error = (issueMs: number) => {
        const said = forecastSteps(truth, issueMs, { runInterval_h: 1 });
        truthSum += truth.directNormalIrradiance_w_m2[0];
        saidSum += said.directNormalIrradiance_w_m2[0];
        return said.directNormalIrradiance_w_m2[0] - truth.directNormalIrradiance_w_m2[0];
      };
      near.push(error(noonMs - hourMs));
      far.push(error(noonMs - 24 * hourMs));
    }
    expect(Math.sqrt(meanSquare(far))).toBeGreaterThan(1.5 * Math.sqrt(meanSquare(near)));
    expect(Math.sqrt(meanSquare(near))).toBeGreaterThan(20);
    expect(far.some((error) => error > 100) && far.some((error) => error < -100)).toBe(true);
    expect(Math.abs(saidSum / truthSum - 1)).toBeLessThan(0.06);
  });

  it("stays plausible, and the truth at night, whatever the instant, the seed and the sizes", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 390 * 24 * 4 }),
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: -1000, max: 1000 }),
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        (quarter, ahead, seed, size) => {
          const startMs = beginMs + quarter * 900_000;
          const truth = stepsFrom(startMs, 96);
          const options = { seed, skyLogit: { at1h: size, at24h: 2 * size } };
          const said = forecastSteps(truth, startMs - ahead * 900_000, options);
          for (let k = 0; k < 96; k++) {
            expect(said.directNormalIrradiance_w_m2[k]).toBeGreaterThanOrEqual(0);
            expect(said.directNormalIrradiance_w_m2[k]).toBeLessThan(1100);
            expect(said.diffuseHorizontalIrradiance_w_m2[k]).toBeGreaterThanOrEqual(0);
            expect(said.cloudCover[k]).toBeGreaterThanOrEqual(0);
            expect(said.cloudCover[k]).toBeLessThanOrEqual(1);
            if (sunOver(truth.location, startMs + k * 900_000, 900).daylight === 0) {
              const { directNormalIrradiance_w_m2: direct, diffuseHorizontalIrradiance_w_m2: diffuse } =
                truth;
              expect(said.directNormalIrradiance_w_m2[k]).toBe(direct[k]);
              expect(said.diffuseHorizontalIrradiance_w_m2[k]).toBe(diffuse[k]);
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("is one forecast within a run: the same for each instant until the next", () => {
    const issueMs = beginMs + 48 * hourMs;
    const first = forecastSteps(stepsFrom(issueMs), issueMs);
    const later = forecastSteps(stepsFrom(issueMs + 5 * hourMs), issueMs + 5 * hourMs);
    for (let k = 0; k < 172; k++) {
      expect(later.dryBulbTemperature_c[k]).toBeCloseTo(first.dryBulbTemperature_c[k + 20], 10);
    }
    const next = forecastSteps(stepsFrom(issueMs + 6 * hourMs), issueMs + 6 * hourMs);
    expect(Math.abs(next.dryBulbTemperature_c[40] - first.dryBulbTemperature_c[64])).toBeGreaterThan(0.01);
    expect(first.source).toMatch(/, forecast of 2026-01-03T00:00:00.000Z$/);
    expect(forecastSteps(stepsFrom(issueMs), issueMs)).toEqual(first);
    expect(forecastSteps(stepsFrom(issueMs), issueMs, { seed: 2 })).not.toEqual(first);
  });

  it("knows the past", () => {
    const truth = stepsFrom(beginMs, 24);
    const said = forecastSteps(truth, beginMs + 24 * hourMs);
    expect(said.dryBulbTemperature_c).toEqual(truth.dryBulbTemperature_c);
    expect(said.directNormalIrradiance_w_m2).toEqual(truth.directNormalIrradiance_w_m2);
  });

  it("names an option that is out of range", () => {
    const truth = stepsFrom(beginMs, 4);
    expect(() => forecastSteps(truth, Number.NaN)).toThrow("issueMs must be finite, got NaN");
    expect(() => forecastSteps(truth, beginMs, { seed: 0.5 })).toThrow(
      "seed must be a whole number, got 0.5",
    );
    expect(() => forecastSteps(truth, beginMs, { runInterval_h: 0 })).toThrow(
      "runInterval_h must be > 0, got 0",
    );
    expect(() => forecastSteps(truth, beginMs, { temperature_k: { at1h: 0, at24h: 1 } })).toThrow(
      "temperature_k.at1h must be > 0, got 0",
    );
    expect(() => forecastSteps(truth, beginMs, { skyLogit: { at1h: 2, at24h: 1 } })).toThrow(
      "skyLogit.at24h must be >= at1h (2), got 1",
    );
  });
});
