import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { affineStep, airTemperature_c, nextMassTemperature_c } from "./affine.ts";
import { emissionSystems } from "./emission.ts";
import { anyEmission, anyForces, anyZone } from "./fixtures/arbitraries.ts";
import { prototypeHome } from "./home.ts";
import { createZone, stepZone } from "./zone.ts";

describe("affineStep", () => {
  test("is the step, for any zone, length and forces", () => {
    fc.assert(
      fc.property(
        anyZone,
        anyEmission,
        anyForces,
        fc.integer({ min: 1, max: 7200 }),
        (zone, emission, x, dt) => {
          const affine = affineStep(zone, emission, dt);
          const step = stepZone(zone, emission, dt, x);
          const forces = [x.theta_m_prev_c, x.phi_HC_w, x.theta_e_c, x.phi_sol_w, x.phi_int_w] as const;
          const next_c = nextMassTemperature_c(affine, ...forces);
          const air_c = airTemperature_c(affine, ...forces);
          expect(Math.abs(next_c - step.theta_m_next_c)).toBeLessThan(
            1e-9 * (1 + Math.abs(step.theta_m_next_c)),
          );
          expect(Math.abs(air_c - step.theta_air_c)).toBeLessThan(1e-9 * (1 + Math.abs(step.theta_air_c)));
        },
      ),
    );
  });

  test.each([0, -900, Number.NaN, Number.POSITIVE_INFINITY])("refuses a step of %d s", (dt) => {
    const zone = createZone(prototypeHome);
    expect(() => affineStep(zone, emissionSystems.floorHeating, dt)).toThrow(
      new RangeError(`dtSeconds must be > 0, got ${dt}`),
    );
  });
});
