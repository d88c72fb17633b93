import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { disagreements, referenceText } from "./fixtures/reference.ts";
import { incidenceCosine, type Window, windowIlluminance_lm, windowSolarGains_w } from "./window.ts";

interface WindowCase {
  altitude_deg: number;
  azimuth_deg: number;
  window: { azimuth_deg: number; tilt_deg: number; area_m2: number; g: number };
  dni: number;
  dhi: number;
  solar_gains_w: number;
}

const cases: WindowCase[] = JSON.parse(referenceText("sun-and-windows.json"));
const south: Window = { azimuth_deg: 0, tilt_deg: 90, area_m2: 2, g: 0.6, lightTransmittance: 0.75 };
const anySun = fc.record({
  altitude_deg: fc.double({ min: 0.1, max: 90, noNaN: true }),
  azimuth_deg: fc.double({ min: -90, max: 270, noNaN: true }),
});
const anyTilt = fc.double({ min: 0, max: 90, noNaN: true });
const anyAzimuth = fc.double({ min: -180, max: 180, noNaN: true });

describe("windowSolarGains_w", () => {
  test("gains what RC_BuildingSimulator's 240 windows gain", () => {
    const wrong = cases.flatMap(({ altitude_deg, azimuth_deg, window, dni, dhi, solar_gains_w }, index) => {
      const sun = { altitude_deg, azimuth_deg };
      const ours = windowSolarGains_w({ ...window, lightTransmittance: 0.8 }, sun, dni, dhi);
      return disagreements({ solar_gains_w: ours }, { solar_gains_w }, `window ${index}`);
    });
    expect(wrong).toEqual([]);
  });

  test("a south window faces the low noon sun", () => {
    const sun = { altitude_deg: 0, azimuth_deg: 0 };
    expect(windowSolarGains_w(south, sun, 800, 100)).toBeCloseTo((800 + 50) * 2 * 0.6, 9);
    expect(windowIlluminance_lm(south, sun, 80_000, 10_000)).toBeCloseTo(85_000 * 2 * 0.75, 6);
  });

  test("a west window gains from the evening sun, whichever way its azimuth is counted", () => {
    const west = { ...south, azimuth_deg: -90 };
    const evening = windowSolarGains_w(west, { altitude_deg: 10, azimuth_deg: -85 }, 500, 0);
    expect(evening).toBeGreaterThan(500);
    expect(windowSolarGains_w(west, { altitude_deg: 10, azimuth_deg: 275 }, 500, 0)).toBeCloseTo(evening, 9);
    expect(windowSolarGains_w(west, { altitude_deg: 10, azimuth_deg: 85 }, 500, 0)).toBe(0);
  });
});

describe("incidenceCosine", () => {
  test("stays within 0..1, and is 1 for the sun straight ahead", () => {
    fc.assert(
      fc.property(anyAzimuth, anyTilt, anySun, (azimuth_deg, tilt_deg, sun) => {
        const window = { ...south, azimuth_deg, tilt_deg };
        expect(incidenceCosine(window, sun)).toBeGreaterThanOrEqual(0);
        expect(incidenceCosine(window, sun)).toBeLessThanOrEqual(1 + 1e-12);
        expect(incidenceCosine(window, { azimuth_deg, altitude_deg: 90 - tilt_deg })).toBeCloseTo(1, 9);
      }),
    );
  });

  test("on a skylight is the sine of the altitude", () => {
    const sun = { altitude_deg: 30, azimuth_deg: 120 };
    expect(incidenceCosine({ ...south, tilt_deg: 0 }, sun)).toBeCloseTo(0.5, 12);
  });

  test("is 0 for the sun behind the wall", () => {
    expect(incidenceCosine(south, { altitude_deg: 20, azimuth_deg: 130 })).toBe(0);
  });
});
