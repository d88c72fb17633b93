import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BuildingFileError, buildingSchema, parseBuilding } from "./building.ts";
import { describeZodError } from "./errors.ts";
import { damaged } from "./testing/arbitraries.ts";

const home = {
  name: "prototype",
  location: { name: "Lyon", latitude_deg: 45.7, longitude_deg: 5.1 },
  zone: {
    floorArea_m2: 45,
    wallsArea_m2: 90,
    windowsArea_m2: 10,
    roomVolume_m3: 112.5,
    totalInternalArea_m2: 270,
    uWalls_w_m2k: 0.4,
    uWindows_w_m2k: 1.5,
    ventilation_ach: 0.5,
    infiltration_ach: 0.2,
    thermalCapacitance_j_m2k: 165_000,
  },
  windows: [{ azimuth_deg: 0, area_m2: 6 }],
  heating: { emission: "floorHeating", maxPower_w: 4500 },
};

function complaint(change: (building: typeof home & Record<string, unknown>) => void): string {
  const building = structuredClone(home) as typeof home & Record<string, unknown>;
  change(building);
  const result = buildingSchema.safeParse(building);
  return result.success ? "" : describeZodError(result.error, building, "building");
}

describe("a building file", () => {
  it("is completed with defaults", () => {
    const building = buildingSchema.parse(home);
    expect(building.heating).toEqual({ emission: "floorHeating", maxPower_w: 4500, supply: "electric" });
    expect(building.windows).toEqual([
      { azimuth_deg: 0, tilt_deg: 90, area_m2: 6, g: 0.6, lightTransmittance: 0.75 },
    ]);
    expect(building.comfort).toEqual({ min_c: 19, max_c: 28 });
    expect(building.thermostat).toEqual({ on_c: 19.5, off_c: 20.5 });
    expect(building.internalGains_w).toBe(0);
    expect(building.zone.ventilationEfficiency).toBe(0);
  });

  it("names the field and the value that are wrong", () => {
    const { zone, windows, heating } = home;
    expect(complaint((b) => Object.assign(b, { zone: { ...zone, floorArea_m2: -3 } }))).toBe(
      "building.zone.floorArea_m2 must be > 0, got -3",
    );
    expect(complaint((b) => Object.assign(b, { zone: { ...zone, uWalls_w_m2k: "0.4" } }))).toBe(
      'building.zone.uWalls_w_m2k must be a number, got "0.4"',
    );
    expect(
      complaint((b) => Object.assign(b, { zone: { ...zone, ventilation_ach: 0, infiltration_ach: 0 } })),
    ).toBe("building.zone.ventilation_ach must be > 0 when infiltration_ach is 0, got 0");
    expect(
      complaint((b) => Object.assign(b, { windows: [...windows, { azimuth_deg: 400, area_m2: 1 }] })),
    ).toBe("building.windows[1].azimuth_deg must be <= 180, got 400");
    expect(complaint((b) => Object.assign(b, { heating: { ...heating, emission: "stove" } }))).toMatch(
      /^building\.heating\.emission must be "oldRadiators" or .* or "tabs", got "stove"$/,
    );
    expect(complaint((b) => Object.assign(b, { colour: "red" }))).toBe('building has no field "colour"');
    expect(complaint((b) => Object.assign(b, { comfort: { min_c: 22, max_c: 20 } }))).toBe(
      "building.comfort.max_c must be above min_c, got 20",
    );
    expect(complaint((b) => Object.assign(b, { location: undefined }))).toBe("building.location is missing");
  });

  it("is read from its text, or refused with the file's name", () => {
    expect(parseBuilding(JSON.stringify(home), "home.json")).toEqual(buildingSchema.parse(home));
    expect(() => parseBuilding("{", "home.json")).toThrow(BuildingFileError);
    expect(() => parseBuilding('{\n"name": oak\n}', "home.json")).toThrow(/^home\.json is not JSON: .+$/);
    expect(() => parseBuilding('{"name": 5}', "home.json")).toThrow(
      /^home\.json: building\.name must be a string, got 5; /,
    );
  });

  it("is refused in one line, never with a crash, when it is anything else", () => {
    fc.assert(
      fc.property(fc.oneof(damaged(fc.constant(home)), fc.jsonValue()), (input) => {
        const result = buildingSchema.safeParse(input);
        if (!result.success)
          expect(describeZodError(result.error, input, "building")).toMatch(/^building[^\n]+$/);
      }),
      { numRuns: 2000 },
    );
  });
});
