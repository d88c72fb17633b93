import { stateSpaceOf } from "@azru/house";
import { affineStep, buildingClasses, createZone, emissionSystems } from "@azru/physics";
import { expect, test } from "vitest";
import type { Forecast } from "./controller.ts";
import { solveLp } from "./lp.ts";
import { mpcController, mpcProblem } from "./mpc.ts";
import { InvalidProblemError } from "./problem.ts";

const zone = createZone({
  floorArea_m2: 45,
  wallsArea_m2: 60,
  windowsArea_m2: 8,
  roomVolume_m3: 112,
  totalInternalArea_m2: 200,
  uWalls_w_m2k: 0.4,
  uWindows_w_m2k: 1.4,
  ventilation_ach: 0.5,
  infiltration_ach: 0.2,
  ventilationEfficiency: 0.3,
  thermalCapacitance_j_m2k: buildingClasses.heavy,
});
const model = stateSpaceOf(affineStep(zone, emissionSystems.floorHeating, 900));

function forecastOf(steps: number, price_eur_kwh: (k: number) => number): Forecast {
  return {
    dtSeconds: 900,
    theta_e_c: new Float64Array(steps).fill(2),
    phi_sol_w: new Float64Array(steps),
    phi_int_w: new Float64Array(steps).fill(100),
    price_eur_kwh: Float64Array.from({ length: steps }, (_, k) => price_eur_kwh(k)),
  };
}

const now = { theta_air_c: 19.2, x_c: [19.3] };

test("heats before a red peak and applies the plan's first valve", () => {
  const mpc = mpcController({ model, maxPower_w: 4500 });
  expect(mpc.horizonSteps).toBe(96);
  const { valve, plan } = mpc.decide(
    now,
    forecastOf(96, (k) => (k < 32 ? 0.15 : 0.75)),
  );
  expect(plan).toBeDefined();
  expect(valve).toBe(plan!.valve[0]);
  expect(plan!.discomfortBelow_kh).toBeLessThan(1e-6);
  const used = (from: number, to: number) => plan!.phi_HC_w.slice(from, to).reduce((a, b) => a + b, 0);
  expect(used(0, 32)).toBeGreaterThan(3 * used(32, 96));
});

test("uses the first steps of a longer forecast", () => {
  const price = (k: number) => (k < 48 ? 0.15 : 0.3);
  const short = mpcController({ model, maxPower_w: 4500, horizonSteps: 48 });
  expect(short.decide(now, forecastOf(96, price))).toEqual(short.decide(now, forecastOf(48, price)));
});

test("heats for the floor of comfort that is foreseen, and refuses one that ends too early", () => {
  const mpc = mpcController({ model, maxPower_w: 4500, horizonSteps: 48 });
  const forecast = forecastOf(48, () => 0.2);
  const min_c = Float64Array.from({ length: 48 }, (_, k) => (k < 24 ? 16 : 21));
  const { plan } = mpc.decide(now, { ...forecast, min_c });
  expect(plan!.theta_air_c[12]).toBeLessThan(19);
  expect(plan!.theta_air_c[24]).toBeGreaterThan(21 - 1e-6);
  expect(() => mpc.decide(now, { ...forecast, min_c: min_c.subarray(1) })).toThrow(
    "forecast.min_c.length must be >= 48, the horizon, got 47",
  );
});

test("names what is wrong with a forecast or an option", () => {
  const mpc = mpcController({ model, maxPower_w: 4500 });
  const good = forecastOf(96, () => 0.2);
  const refuses = (forecast: Forecast, field: string) => {
    const decide = () => mpc.decide(now, forecast);
    expect(decide).toThrow(InvalidProblemError);
    expect(decide).toThrow(field);
  };
  refuses(
    forecastOf(95, () => 0.2),
    "forecast.theta_e_c.length must be >= 96, the horizon, got 95",
  );
  refuses({ ...good, dtSeconds: 3600 }, "forecast.dtSeconds must be 900, got 3600");
  refuses({ ...good, price_eur_kwh: good.price_eur_kwh.with(3, Number.NaN) }, "price_eur_kwh[3]");
  expect(() => mpc.decide({ theta_air_c: 20, x_c: [Number.NaN] }, good)).toThrow("x_c[0]");
  expect(() => mpcController({ model, maxPower_w: 4500, horizonSteps: 0 })).toThrow("horizonSteps");
});

test("the problem alone, solved, gives the controller's plan", () => {
  const forecast = forecastOf(120, (k) => (k < 32 ? 0.15 : 0.75));
  const options = {
    model,
    maxPower_w: 4500,
    cop: (theta_e_c: number) => 3 + theta_e_c / 10,
    horizonSteps: 48,
  };
  const problem = mpcProblem(options, now, forecast);
  expect(problem.price_eur_kwh).toHaveLength(48);
  expect(problem.cop).toEqual(new Float64Array(48).fill(3.2));
  expect(solveLp(problem)).toEqual(mpcController(options).decide(now, forecast).plan);
});
