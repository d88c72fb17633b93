import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  clearSkyDirect_w_m2,
  clearSkyGlobal_w_m2,
  cloudTransmittance,
  diffuseFraction,
  splitGlobal,
} from "./radiation.ts";

describe("clear sky", () => {
  it("has the published figures", () => {
    expect(clearSkyGlobal_w_m2(1)).toBeCloseTo(1037.2, 1); // Haurwitz at the zenith
    expect(clearSkyGlobal_w_m2(0.5)).toBeCloseTo(489.8, 1);
    expect(clearSkyGlobal_w_m2(-0.1)).toBe(0);
    expect(clearSkyDirect_w_m2(1, 1353)).toBeCloseTo(947, 0); // Meinel: 0.7 of 1353 at air mass 1
    expect(cloudTransmittance(0)).toBe(1);
    expect(cloudTransmittance(1)).toBe(0.25);
  });
});

describe("splitGlobal", () => {
  it("is Erbs's fraction where the sky is not clearer than clear", () => {
    expect(diffuseFraction(0.1)).toBeCloseTo(0.991, 10);
    expect(diffuseFraction(0.5)).toBeCloseTo(0.6592, 3);
    expect(diffuseFraction(0.9)).toBe(0.165);
    expect(diffuseFraction(0.22)).toBeCloseTo(diffuseFraction(0.2200001), 2);
    expect(diffuseFraction(0.8)).toBeCloseTo(diffuseFraction(0.8000001), 3);
    const sun = { sinElevation: 0.5, daylight: 1, extraterrestrialNormal_w_m2: 1400 };
    const split = splitGlobal(350, sun);
    expect(split.diffuseHorizontal_w_m2 / 350).toBeCloseTo(diffuseFraction(0.5), 10);
  });

  it("adds up to the global and never claims more beam than a clear sky has", () => {
    const sun = fc.record({
      sinElevation: fc.double({ min: 0, max: 0.95, noNaN: true }),
      daylight: fc.double({ min: 0.1, max: 1, noNaN: true }),
      extraterrestrialNormal_w_m2: fc.double({ min: 1320, max: 1415, noNaN: true }),
    });
    fc.assert(
      fc.property(sun, fc.double({ min: 0, max: 1100, noNaN: true }), (mean, global) => {
        const over = { ...mean, sinElevation: mean.sinElevation * mean.daylight };
        const { directNormal_w_m2, diffuseHorizontal_w_m2 } = splitGlobal(global, over);
        expect(directNormal_w_m2 * over.sinElevation + diffuseHorizontal_w_m2).toBeCloseTo(global, 8);
        expect(directNormal_w_m2).toBeGreaterThanOrEqual(0);
        expect(diffuseHorizontal_w_m2).toBeGreaterThanOrEqual(0);
        expect(directNormal_w_m2).toBeLessThanOrEqual(
          clearSkyDirect_w_m2(mean.sinElevation, over.extraterrestrialNormal_w_m2) + 1e-9,
        );
      }),
    );
  });
});
