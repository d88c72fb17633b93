import { affineStep, createZone, emissionSystems, prototypeHome } from "@azru/physics";
import { expect, test } from "vitest";
import { informedForecast, type OutdoorMiss } from "./informed-forecast.ts";

const model = affineStep(createZone(prototypeHome), emissionSystems.floorHeating, 900);
const all = (value: number) => new Float64Array(96).fill(value);
const forecast = {
  dtSeconds: 900,
  theta_e_c: all(4),
  phi_sol_w: all(0),
  phi_int_w: all(100),
  price_eur_kwh: all(0.2),
};

/** An estimator that knows of 50 W more, and how far the air is from what is expected. */
const informed = (outdoor?: OutdoorMiss, margin = 2.5, spread_k = 0.1) =>
  informedForecast(forecast, {
    estimator: {
      gainsAhead_w: (phi_int_w) => phi_int_w.map((gains_w) => gains_w + 50),
      spreadAhead_k: (_, phi_sol_w) => phi_sol_w.map(() => spread_k),
    },
    model,
    margin,
    outdoor,
  });

test("without a thermometer outside the forecast stays, and what the home shows is added", () => {
  expect(informed()).toEqual({ ...forecast, phi_int_w: all(150), margin_k: all(0.25) });
});

test("the forecast's error is foreseen to fade", () => {
  const { theta_e_c } = informed({ measured_c: 6, foreseen_c: 4, next_c: 4 });
  expect(theta_e_c[0]).toBeCloseTo(6, 1);
  expect(theta_e_c[95]).toBeCloseTo(4 + 2 * Math.exp(-2), 6);
});

test("what a new issue has mended is not mended again", () => {
  const { theta_e_c } = informed({ measured_c: 4.5, foreseen_c: 2, next_c: 2 });
  expect(theta_e_c[0]).toBeCloseTo(4.5, 1);
  expect(theta_e_c[95]).toBeLessThan(4.1);
});

test("a forecast that ended with the step just past has its error all the same", () => {
  expect(informed({ measured_c: 6, foreseen_c: 4 }).theta_e_c[0]).toBeCloseTo(6, 1);
});

test("a guess that nothing was measured of is no reason to heat without end", () => {
  expect(informed(undefined, 2.5, 3).margin_k).toEqual(all(2));
  expect(informed(undefined, 0, 3).margin_k).toEqual(all(0));
});
