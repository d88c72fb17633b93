import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Conditioning, stepToSetpoint } from "./demand.ts";
import { createDemandSeries, type FreeSeries, simulateDemand } from "./demand-series.ts";
import { emissionSystems } from "./emission.ts";
import { anyZone } from "./fixtures/arbitraries.ts";
import { disagreements, referenceText } from "./fixtures/reference.ts";
import { prototypeHome } from "./home.ts";
import { lightingDemand_w, officeLighting } from "./lighting.ts";
import { sunPosition } from "./sun.ts";
import { supplySystems } from "./supply.ts";
import { type Window, windowIlluminance_lm, windowSolarGains_w } from "./window.ts";
import { buildingClasses, createZone } from "./zone.ts";

// RC_BuildingSimulator's office example
const office = createZone({
  floorArea_m2: 35,
  wallsArea_m2: 11,
  windowsArea_m2: 4,
  roomVolume_m3: 105,
  totalInternalArea_m2: 142,
  uWalls_w_m2k: 0.2,
  uWindows_w_m2k: 1.1,
  ventilation_ach: 1.5,
  infiltration_ach: 0.5,
  ventilationEfficiency: 0.6,
  thermalCapacitance_j_m2k: buildingClasses.medium,
});
const officeWindow: Window = { azimuth_deg: 0, tilt_deg: 90, area_m2: 4, g: 0.7, lightTransmittance: 0.8 };
const conditioning: Conditioning = {
  heatingSetpoint_c: 20,
  coolingSetpoint_c: 26,
  maxHeating_w: Number.POSITIVE_INFINITY,
  maxCooling_w: Number.POSITIVE_INFINITY,
  heatingEmission: emissionSystems.newRadiators,
  coolingEmission: emissionSystems.airConditioning,
  heatingSupply: supplySystems.oilBoilerMedium,
  coolingSupply: supplySystems.heatPumpAir,
};
const appliances_w = 14 * 35;

const [header, ...lines] = referenceText("annual-zurich.csv").trim().split("\n");
const columns = header.trim().split(",");
const year = lines.map((line) => line.split(",").map(Number));
const column = (name: string) => Float64Array.from(year, (row) => row[columns.indexOf(name)]);
const reference = Object.fromEntries(columns.map((name) => [name, column(name)]));

/** Whole columns against the reference's, hour by hour. */
function wrongHours(ours: Record<string, ArrayLike<number>>): string[] {
  return Array.from({ length: 8760 }, (_, hour) => {
    const at = (source: Record<string, ArrayLike<number>>) =>
      Object.fromEntries(Object.keys(ours).map((name) => [name, source[name][hour]]));
    return disagreements(at(ours), at(reference), `hour ${hour}`);
  }).flat();
}

describe("a year of RC_BuildingSimulator's office in Zurich", () => {
  test("heats and cools the same in all 8,760 hours", () => {
    expect(year).toHaveLength(8760);
    const demand = simulateDemand(office, conditioning, 3600, 20, {
      theta_e_c: reference.t_out_c,
      phi_sol_w: reference.solar_gains_w,
      phi_int_w: reference.internal_gains_w,
    });
    const energy_w = demand.electricity_w.map((electricity_w, k) => electricity_w + demand.fuel_w[k]);
    const wrong = wrongHours({
      heating_demand_w: demand.phi_HC_w.map((load_w) => Math.max(load_w, 0)),
      cooling_demand_w: demand.phi_HC_w.map((load_w) => Math.min(load_w, 0)),
      heating_energy_w: energy_w.map((w, k) => (demand.phi_HC_w[k] > 0 ? w : 0)),
      cooling_energy_w: energy_w.map((w, k) => (demand.phi_HC_w[k] < 0 ? w : 0)),
      t_air_c: demand.theta_air_c,
      t_m_next_c: demand.theta_m_next_c,
    });
    expect(wrong).toEqual([]);
  });

  test("switches the light on in the same hours", () => {
    const lighting_demand_w = reference.illuminance_lm.map((daylight_lm, hour) => {
      const people = reference.internal_gains_w[hour] - appliances_w;
      return lightingDemand_w(officeLighting, office.A_f, daylight_lm, people);
    });
    expect(wrongHours({ lighting_demand_w })).toEqual([]);
  });

  test("sees the sun in the same place", () => {
    const suns = Array.from({ length: 8760 }, (_, hour) => sunPosition(47.48, 8.536, 2015, hour));
    const wrong = wrongHours({
      sun_altitude_deg: suns.map((sun) => sun.altitude_deg),
      sun_azimuth_deg: suns.map((sun) => sun.azimuth_deg),
    });
    expect(wrong).toEqual([]);
  });

  const weather = new URL("../../../../shared/reference/weather/", import.meta.url);
  test.skipIf(!existsSync(weather))(
    "lets the same sun in (skipped without ../shared/reference/weather)",
    () => {
      const rows = (name: string, header: number) =>
        readFileSync(new URL(name, weather), "utf8")
          .trim()
          .split("\n")
          .slice(header)
          .map((line) => line.split(","));
      const epw = rows("Zurich-Kloten_2013.epw", 8).map((row) => row.map(Number));
      const schedule = rows("schedules_el_OFFICE.csv", 0);
      const people = schedule[0].findIndex((name) => name.trim() === "People");
      const suns = epw.map((_, hour) => sunPosition(47.48, 8.536, 2015, hour));
      const wrong = wrongHours({
        t_out_c: epw.map((row) => row[6]),
        internal_gains_w: schedule.slice(1).map((row) => Number(row[people]) * 3 * 100 + appliances_w),
        solar_gains_w: epw.map((row, hour) => windowSolarGains_w(officeWindow, suns[hour], row[14], row[15])),
        illuminance_lm: epw.map((row, hour) =>
          windowIlluminance_lm(officeWindow, suns[hour], row[17], row[18]),
        ),
      });
      expect(epw).toHaveLength(8760);
      expect(wrong).toEqual([]);
    },
  );
});

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const anySeries = fc
  .array(fc.tuple(between(-25, 40), between(0, 4000), between(0, 1500)), { minLength: 1, maxLength: 60 })
  .map(
    (rows): FreeSeries => ({
      theta_e_c: Float64Array.from(rows, (row) => row[0]),
      phi_sol_w: Float64Array.from(rows, (row) => row[1]),
      phi_int_w: Float64Array.from(rows, (row) => row[2]),
    }),
  );
const anySystems = fc.record({
  maxHeating_w: fc.oneof(between(0, 6000), fc.constant(Number.POSITIVE_INFINITY)),
  maxCooling_w: fc.oneof(between(0, 6000), fc.constant(Number.POSITIVE_INFINITY)),
  heatingEmission: fc.constantFrom(...Object.values(emissionSystems)),
  coolingEmission: fc.constantFrom(...Object.values(emissionSystems)),
  heatingSupply: fc.constantFrom(...Object.values(supplySystems)),
  coolingSupply: fc.constantFrom(...Object.values(supplySystems)),
  coolingSizedBy: fc.constantFrom("heating" as const, "cooling" as const),
});

describe("simulateDemand", () => {
  test("is a chain of stepToSetpoint", () => {
    fc.assert(
      fc.property(anyZone, anySystems, anySeries, fc.constantFrom(900, 3600), (zone, systems, series, dt) => {
        const wanted = { ...conditioning, ...systems };
        const demand = simulateDemand(zone, wanted, dt, 21, series);
        let mass_c = 21;
        for (let k = 0; k < series.theta_e_c.length; k++) {
          const need = stepToSetpoint(zone, wanted, dt, {
            theta_m_prev_c: mass_c,
            theta_e_c: series.theta_e_c[k],
            phi_sol_w: series.phi_sol_w[k],
            phi_int_w: series.phi_int_w[k],
          });
          const pairs = [
            [demand.phi_HC_w[k], need.phi_HC_w],
            [demand.theta_m_next_c[k], need.step.theta_m_next_c],
            [demand.theta_air_c[k], need.step.theta_air_c],
            [demand.electricity_w[k], need.supply.electricity_w],
            [demand.fuel_w[k], need.supply.fuel_w],
            [demand.electricityOut_w[k], need.supply.electricityOut_w],
          ] as const;
          for (const [series, single] of pairs) {
            expect(Math.abs(series - single)).toBeLessThan(1e-7 * (1 + Math.abs(single)));
          }
          mass_c = demand.theta_m_next_c[k];
        }
      }),
    );
  });

  test("writes into the arrays it is given", () => {
    const out = createDemandSeries(2);
    const one = {
      theta_e_c: new Float64Array(2),
      phi_sol_w: new Float64Array(2),
      phi_int_w: new Float64Array(2),
    };
    expect(simulateDemand(office, conditioning, 3600, 20, one, out)).toBe(out);
    expect(out.phi_HC_w[1]).toBeGreaterThan(0);
  });

  test("names the input that is wrong", () => {
    const zone = createZone(prototypeHome);
    const run = (series: Partial<FreeSeries>, theta_m_c = 20) =>
      simulateDemand(zone, conditioning, 900, theta_m_c, {
        theta_e_c: Float64Array.of(1, 2),
        phi_sol_w: Float64Array.of(0, 0),
        phi_int_w: Float64Array.of(0, 0),
        ...series,
      });
    expect(() => run({ phi_sol_w: Float64Array.of(0) })).toThrow("phi_sol_w must have 2 values, got 1");
    expect(() => run({ theta_e_c: Float64Array.of(1, Number.NaN) })).toThrow(
      "theta_e_c[1] must be finite, got NaN",
    );
    expect(() => run({}, Number.NaN)).toThrow("theta_m_c must be finite, got NaN");
  });
});
