import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { disagreements, referenceText } from "./fixtures/reference.ts";
import { sunPosition, sunPositionAt } from "./sun.ts";

interface SunCase {
  latitude_deg: number;
  longitude_deg: number;
  year: number;
  hour_of_year: number;
  altitude_deg: number;
  azimuth_deg: number;
}

const cases: SunCase[] = JSON.parse(referenceText("sun-and-windows.json"));
const anyLatitude = fc.double({ min: -66, max: 66, noNaN: true });
const anyLongitude = fc.double({ min: -180, max: 180, noNaN: true });
const anyTimeMs = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2050, 0, 1) });

describe("sunPosition", () => {
  test("stands where RC_BuildingSimulator's sun stands, 240 times", () => {
    const wrong = cases.flatMap((reference, index) => {
      const { latitude_deg, longitude_deg, year, hour_of_year, altitude_deg, azimuth_deg } = reference;
      const sun = sunPosition(latitude_deg, longitude_deg, year, hour_of_year);
      return disagreements({ ...sun }, { altitude_deg, azimuth_deg }, `sun ${index}`);
    });
    expect(cases).toHaveLength(240);
    expect(wrong).toEqual([]);
  });
});

describe("sunPositionAt", () => {
  test.each([
    ["Paris, summer solstice noon", 48.85, 2.35, Date.UTC(2025, 5, 21, 11, 52), 64.6, 0],
    ["Paris, winter solstice noon", 48.85, 2.35, Date.UTC(2025, 11, 21, 11, 49), 17.7, 0],
    ["Quito, equinox noon", -0.18, -78.47, Date.UTC(2025, 2, 20, 17, 21), 90, undefined],
    ["Sydney, winter noon: in the north", -33.87, 151.21, Date.UTC(2025, 5, 21, 1, 57), 32.7, 180],
  ])("%s", (_place, latitude, longitude, timeMs, altitude_deg, azimuth_deg) => {
    const sun = sunPositionAt(latitude, longitude, timeMs);
    expect(Math.abs(sun.altitude_deg - altitude_deg)).toBeLessThan(1);
    if (azimuth_deg !== undefined) expect(Math.abs(sun.azimuth_deg - azimuth_deg)).toBeLessThan(2);
  });

  test("is in the east in the morning and in the west in the evening", () => {
    const morning = sunPositionAt(48.85, 2.35, Date.UTC(2025, 2, 20, 7));
    const evening = sunPositionAt(48.85, 2.35, Date.UTC(2025, 2, 20, 17));
    expect(Math.sin((morning.azimuth_deg * Math.PI) / 180)).toBeGreaterThan(0.9);
    expect(Math.sin((evening.azimuth_deg * Math.PI) / 180)).toBeLessThan(-0.9);
  });

  test("moves smoothly: no jump within a minute of the same day", () => {
    fc.assert(
      fc.property(anyLatitude, anyLongitude, anyTimeMs, (latitude, longitude, timeMs) => {
        fc.pre(timeMs % 86_400_000 < 86_340_000); // the declination is a step per day
        const direction = (ms: number) => {
          const { altitude_deg, azimuth_deg } = sunPositionAt(latitude, longitude, ms);
          const [h, a] = [(altitude_deg * Math.PI) / 180, (azimuth_deg * Math.PI) / 180];
          return [Math.cos(h) * Math.cos(a), Math.cos(h) * Math.sin(a), Math.sin(h)] as const;
        };
        const [x0, y0, z0] = direction(timeMs);
        const [x1, y1, z1] = direction(timeMs + 60_000);
        const moved_deg = (Math.hypot(x1 - x0, y1 - y0, z1 - z0) * 180) / Math.PI;
        expect(moved_deg).toBeLessThan(0.2501); // 15 degrees an hour
      }),
    );
  });

  test("stands as far below the horizon as above it at the antipode", () => {
    fc.assert(
      fc.property(anyLatitude, anyLongitude, anyTimeMs, (latitude, longitude, timeMs) => {
        const { altitude_deg } = sunPositionAt(latitude, longitude, timeMs);
        const antipode = sunPositionAt(-latitude, longitude + 180, timeMs);
        expect(antipode.altitude_deg).toBeCloseTo(-altitude_deg, 6);
      }),
    );
  });
});
