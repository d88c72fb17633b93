import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Conditioning, stepToSetpoint } from "./demand.ts";
import { emissionSystems } from "./emission.ts";
import { anyEmission, anyForces, anyZone } from "./fixtures/arbitraries.ts";
import { disagreements, emissionOf, parametersOf, supplyOf, zoneCases } from "./fixtures/reference.ts";
import { prototypeHome } from "./home.ts";
import { supplySystems } from "./supply.ts";
import { createZone } from "./zone.ts";

const unlimited: Conditioning = {
  heatingSetpoint_c: 20,
  coolingSetpoint_c: 26,
  maxHeating_w: Number.POSITIVE_INFINITY,
  maxCooling_w: Number.POSITIVE_INFINITY,
  heatingEmission: emissionSystems.floorHeating,
  coolingEmission: emissionSystems.airConditioning,
  heatingSupply: supplySystems.heatPumpAir,
  coolingSupply: supplySystems.heatPumpAir,
};
const winter = { theta_m_prev_c: 18, theta_e_c: -5, phi_sol_w: 0, phi_int_w: 0 };
const summer = { theta_m_prev_c: 27, theta_e_c: 34, phi_sol_w: 2000, phi_int_w: 100 };

describe("stepToSetpoint", () => {
  test("needs what RC_BuildingSimulator's 120 zones need", () => {
    const wrong = zoneCases().flatMap((reference, index) => {
      const { zone, systems, inputs } = reference;
      const conditioning: Conditioning = {
        heatingSetpoint_c: zone.t_set_heating,
        coolingSetpoint_c: zone.t_set_cooling,
        maxHeating_w: zone.max_heating_energy_per_floor_area * zone.floor_area,
        maxCooling_w: -zone.max_cooling_energy_per_floor_area * zone.floor_area,
        heatingEmission: emissionOf[systems.heating_emission],
        coolingEmission: emissionOf[systems.cooling_emission],
        heatingSupply: supplyOf[systems.heating_supply],
        coolingSupply: supplyOf[systems.cooling_supply],
      };
      const need = stepToSetpoint(createZone(parametersOf(reference)), conditioning, 3600, {
        theta_m_prev_c: inputs.t_m_prev,
        theta_e_c: inputs.t_out,
        phi_sol_w: inputs.solar_gains,
        phi_int_w: inputs.internal_gains,
      });
      const { has_heating_demand, has_cooling_demand, ...figures } = reference.demand;
      const [heats, cools] = [need.mode === "heating", need.mode === "cooling"];
      expect([heats, cools], `zone ${index}`).toEqual([has_heating_demand, has_cooling_demand]);
      const ours = {
        heating_demand: heats ? need.phi_HC_w : 0,
        cooling_demand: cools ? need.phi_HC_w : 0,
        heating_sys_electricity: heats ? need.supply.electricity_w : 0,
        heating_sys_fossils: heats ? need.supply.fuel_w : 0,
        cooling_sys_electricity: cools ? need.supply.electricity_w : 0,
        cooling_sys_fossils: cools ? need.supply.fuel_w : 0,
        electricity_out: need.supply.electricityOut_w,
        cop: need.cop,
        t_air: need.step.theta_air_c,
        t_m: need.step.theta_m_c,
        t_m_next: need.step.theta_m_next_c,
        t_s: need.step.theta_s_c,
      };
      expect(Object.keys(ours)).toEqual(Object.keys(figures));
      expect(reference.demand_error).toBeNull();
      return disagreements(ours, figures, `zone ${index}`);
    });
    expect(wrong).toEqual([]);
  });

  test("holds the setpoint when unlimited and the air between them when free", () => {
    fc.assert(
      fc.property(
        anyZone,
        anyEmission,
        anyEmission,
        anyForces,
        (zone, heatingEmission, coolingEmission, forces) => {
          const conditioning = {
            ...unlimited,
            heatingEmission,
            coolingEmission,
            coolingSizedBy: "cooling",
          } as const;
          const need = stepToSetpoint(zone, conditioning, 3600, forces);
          const held_c = { heating: 20, cooling: 26, free: need.step.theta_air_c }[need.mode];
          expect(need.step.theta_air_c).toBeCloseTo(held_c, 6);
          expect(need.step.theta_air_c).toBeGreaterThan(20 - 1e-6);
          expect(need.step.theta_air_c).toBeLessThan(26 + 1e-6);
        },
      ),
    );
  });

  test("never exceeds a limit, and misses the setpoint only at the limit", () => {
    fc.assert(
      fc.property(
        anyZone,
        anyEmission,
        anyForces,
        fc.double({ min: 0, max: 8000, noNaN: true }),
        (zone, emission, forces, limit_w) => {
          const limited = {
            ...unlimited,
            heatingEmission: emission,
            coolingEmission: emission,
            maxHeating_w: limit_w,
            maxCooling_w: limit_w,
          };
          const need = stepToSetpoint(zone, limited, 3600, forces);
          expect(Math.abs(need.phi_HC_w)).toBeLessThanOrEqual(limit_w);
          if (Math.abs(need.phi_HC_unlimited_w) > limit_w) expect(Math.abs(need.phi_HC_w)).toBe(limit_w);
          else expect(need.phi_HC_w).toBe(need.phi_HC_unlimited_w);
        },
      ),
    );
  });

  test("needs more heat the colder it is outside", () => {
    fc.assert(
      fc.property(anyZone, anyEmission, anyForces, (zone, heatingEmission, forces) => {
        const conditioning = { ...unlimited, heatingEmission };
        const heat = (theta_e_c: number) => {
          const need = stepToSetpoint(zone, conditioning, 3600, { ...forces, theta_e_c });
          return Math.max(need.phi_HC_w, 0);
        };
        expect(heat(forces.theta_e_c - 1)).toBeGreaterThanOrEqual(heat(forces.theta_e_c));
      }),
    );
  });

  test("sizes cooling by the heat's emission like the library by default", () => {
    const zone = createZone(prototypeHome);
    const library = stepToSetpoint(zone, unlimited, 3600, summer);
    const own = stepToSetpoint(zone, { ...unlimited, coolingSizedBy: "cooling" }, 3600, summer);
    expect(own.step.theta_air_c).toBeCloseTo(26, 9);
    expect(library.step.theta_air_c).toBeLessThan(25.9);
  });

  test("draws on the heat pump as its COP says", () => {
    const need = stepToSetpoint(createZone(prototypeHome), unlimited, 3600, winter);
    expect(need.mode).toBe("heating");
    expect(need.cop).toBeCloseTo(6.81 - 0.121 * 45 + 0.00063 * 45 ** 2, 12);
    expect(need.supply.electricity_w).toBeCloseTo(need.phi_HC_w / need.cop, 6);
  });

  test.each([
    [{ heatingSetpoint_c: 27 }, "conditioning.heatingSetpoint_c must be <= coolingSetpoint_c, got 27 and 26"],
    [{ maxHeating_w: -1 }, "conditioning.maxHeating_w must be >= 0, got -1"],
    [{ maxCooling_w: Number.NaN }, "conditioning.maxCooling_w must be >= 0, got NaN"],
  ])("refuses %j", (wrong, message) => {
    const zone = createZone(prototypeHome);
    expect(() => stepToSetpoint(zone, { ...unlimited, ...wrong }, 3600, winter)).toThrow(
      new RangeError(message),
    );
  });
});
