import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emissionSystems } from "./emission.ts";
import { anyEmission, anyForces, anyZone } from "./fixtures/arbitraries.ts";
import { disagreements, emissionOf, parametersOf, zoneCases } from "./fixtures/reference.ts";
import { prototypeHome } from "./home.ts";
import { createZone, stepZone } from "./zone.ts";

const cases = zoneCases();

describe("createZone", () => {
  test("derives RC_BuildingSimulator's conductances of 120 zones", () => {
    const wrong = cases.flatMap((reference, index) => {
      const zone = createZone(parametersOf(reference));
      const derived = {
        c_m: zone.C_m,
        h_tr_em: zone.H_tr_em,
        h_tr_w: zone.H_tr_w,
        h_ve_adj: zone.H_ve_adj,
        h_tr_ms: zone.H_tr_ms,
        h_tr_is: zone.H_tr_is,
        h_tr_1: zone.H_tr_1,
        h_tr_2: zone.H_tr_2,
        h_tr_3: zone.H_tr_3,
      };
      expect(Object.keys(derived)).toEqual(Object.keys(reference.conductances));
      return disagreements(derived, reference.conductances, `zone ${index}`);
    });
    expect(cases).toHaveLength(120);
    expect(wrong).toEqual([]);
  });

  test.each([
    [{ floorArea_m2: Number.NaN }, "zone.floorArea_m2 must be >= 0, got NaN"],
    [{ uWalls_w_m2k: -0.1 }, "zone.uWalls_w_m2k must be >= 0, got -0.1"],
    [{ roomVolume_m3: 0 }, "zone.roomVolume_m3 must be > 0, got 0"],
    [
      { ventilation_ach: 0, infiltration_ach: 0 },
      "zone.ventilation_ach + zone.infiltration_ach must be > 0, got 0",
    ],
    [{ ventilationEfficiency: 1.2 }, "zone.ventilationEfficiency must be within 0..1, got 1.2"],
  ])("refuses %j", (wrong, message) => {
    expect(() => createZone({ ...prototypeHome, ...wrong })).toThrow(new RangeError(message));
  });
});

describe("stepZone", () => {
  test("prints RC_BuildingSimulator's intermediates of 120 forced steps", () => {
    const wrong = cases.flatMap((reference, index) => {
      const { energy_demand, ...intermediates } = reference.forced_step;
      const { heating_emission, cooling_emission } = reference.systems;
      const emission = emissionOf[energy_demand > 0 ? heating_emission : cooling_emission];
      const step = stepZone(createZone(parametersOf(reference)), emission, 3600, {
        theta_m_prev_c: reference.inputs.t_m_prev,
        theta_e_c: reference.inputs.t_out,
        phi_sol_w: reference.inputs.solar_gains,
        phi_int_w: reference.inputs.internal_gains,
        phi_HC_w: energy_demand,
      });
      const figures = {
        phi_ia: step.phi_ia_w,
        phi_st: step.phi_st_w,
        phi_m: step.phi_m_w,
        phi_m_tot: step.phi_m_tot_w,
        t_m_next: step.theta_m_next_c,
        t_m: step.theta_m_c,
        t_s: step.theta_s_c,
        t_air: step.theta_air_c,
        t_operative: step.theta_op_c,
      };
      expect(Object.keys(figures)).toEqual(Object.keys(intermediates));
      return disagreements(figures, intermediates, `zone ${index}`);
    });
    expect(wrong).toEqual([]);
  });

  test("keeps the mass's energy balance over a step", () => {
    fc.assert(
      fc.property(
        anyZone,
        anyEmission,
        anyForces,
        fc.integer({ min: 60, max: 7200 }),
        (zone, emission, forces, dt) => {
          const step = stepZone(zone, emission, dt, forces);
          const stored_w = (zone.C_m * (step.theta_m_next_c - forces.theta_m_prev_c)) / dt;
          const flows_w = [
            zone.H_tr_em * (forces.theta_e_c - step.theta_m_c),
            zone.H_tr_ms * (step.theta_s_c - step.theta_m_c),
            step.phi_m_w,
          ];
          const scale_w = flows_w.reduce((sum, flow) => sum + Math.abs(flow), zone.H_tr_ms);
          const balance_w = flows_w.reduce((sum, flow) => sum + flow, 0) - stored_w;
          expect(Math.abs(balance_w) / scale_w).toBeLessThan(1e-9 * (1 + zone.C_m / dt / zone.H_tr_ms));
        },
      ),
    );
  });

  test("at rest, what enters leaves: gains and heat equal the losses to outdoors", () => {
    fc.assert(
      fc.property(anyZone, anyEmission, anyForces, (zone, emission, forces) => {
        const enormous_s = 1e12; // a step so long that the mass ends where it rests on average
        let step = stepZone(zone, emission, enormous_s, forces);
        step = stepZone(zone, emission, enormous_s, { ...forces, theta_m_prev_c: step.theta_m_c });
        const lost_w =
          zone.H_tr_em * (step.theta_m_c - forces.theta_e_c) +
          zone.H_tr_w * (step.theta_s_c - forces.theta_e_c) +
          zone.H_ve_adj * (step.theta_air_c - forces.theta_e_c);
        const entered_w = step.phi_ia_w + step.phi_st_w + step.phi_m_w;
        expect(Math.abs(lost_w - entered_w) / (zone.H_tr_ms + Math.abs(entered_w))).toBeLessThan(1e-6);
      }),
    );
  });

  test("more heat, more sun and a warmer outside never make it colder", () => {
    fc.assert(
      fc.property(anyZone, anyEmission, anyForces, (zone, emission, forces) => {
        const step = stepZone(zone, emission, 900, forces);
        for (const field of ["phi_HC_w", "phi_sol_w", "theta_e_c"] as const) {
          const more = stepZone(zone, emission, 900, { ...forces, [field]: forces[field] + 10 });
          expect(more.theta_m_next_c).toBeGreaterThanOrEqual(step.theta_m_next_c - 1e-9);
          expect(more.theta_air_c).toBeGreaterThanOrEqual(step.theta_air_c - 1e-9);
        }
      }),
    );
  });

  test("without forces, everything stays at the temperature of all", () => {
    fc.assert(
      fc.property(anyZone, fc.double({ min: -30, max: 45, noNaN: true }), (zone, theta) => {
        const step = stepZone(zone, emissionSystems.floorHeating, 900, {
          theta_m_prev_c: theta,
          theta_e_c: theta,
          phi_sol_w: 0,
          phi_int_w: 0,
          phi_HC_w: 0,
        });
        expect(step.theta_m_next_c).toBeCloseTo(theta, 8);
        expect(step.theta_op_c).toBeCloseTo(theta, 8);
      }),
    );
  });
});
