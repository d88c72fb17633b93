import { affineStep, airTemperature_c, createZone, emissionSystems, prototypeHome } from "@azru/physics";
import fc from "fast-check";
import { expect, test } from "vitest";
import { holdingPower_w } from "./holding.ts";

const model = affineStep(createZone(prototypeHome), emissionSystems.floorHeating, 900);

test("the air comes to rest at the temperature asked for", () => {
  const gains = fc.double({ min: 0, max: 200, noNaN: true });
  fc.assert(
    fc.property(fc.double({ min: -25, max: 10, noNaN: true }), gains, (theta_e_c, phi_int_w) => {
      const power = holdingPower_w(model, 19, theta_e_c, phi_int_w);
      const atRest = (model.bq * power + model.bo * theta_e_c + model.bi * phi_int_w) / (1 - model.a);
      expect(airTemperature_c(model, atRest, power, theta_e_c, 0, phi_int_w)).toBeCloseTo(19, 8);
    }),
    { numRuns: 50 },
  );
});

test("no heat where it is warm outside", () => {
  expect(holdingPower_w(model, 19, 25, 0)).toBe(0);
});
