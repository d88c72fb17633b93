/** A home of which the controller has but a building file, with a house behind it that the file has wrong. */
import { solveInteriorPoint } from "@azru/control";
import { gainsAt_w, type House, houseOf, modelOf, nextState, outputOf } from "@azru/house";
import { typicalNoise } from "@azru/identification";
import { prototypeHome, prototypeWindows } from "@azru/physics";
import { allotCalendar, stepPrices, tempoDayMeans, tempoTariff } from "@azru/tariff";
import { referenceYearSource, stepMeans } from "@azru/weather";
import { randomLcg, randomNormal } from "d3-random";
import { beforeAll, expect, test } from "vitest";
import type { Building } from "./building.ts";
import { type Disturbances, disturbances } from "./disturbances.ts";
import { createHomeController, type HomeController, unprovedRule } from "./home-controller.ts";

const building: Building = {
  name: "home",
  location: { name: "Lyon", latitude_deg: 45.76, longitude_deg: 4.84 },
  zone: prototypeHome,
  windows: prototypeWindows,
  internalGains_w: 150,
  heating: { emission: "floorHeating", supply: "electric", maxPower_w: 3000 },
  comfort: { min_c: 19, max_c: 28 },
  thermostat: { on_c: 19.5, off_c: 20.5 },
};
const dtSeconds = 1800;
const horizonSteps = 96;
const startMs = Date.parse("2026-01-05T00:00:00+01:00");
const days = 14;
const steps = days * 48;
const hourOfDay = (timeMs: number) => (timeMs / 3_600_000 + 1) % 24;

let weather: Disturbances;
let price_eur_kwh: Float64Array;
beforeAll(async () => {
  const source = referenceYearSource();
  const endMs = startMs + (steps + horizonSteps) * dtSeconds * 1000;
  const count = steps + horizonSteps;
  weather = disturbances(building, stepMeans(await source.series(startMs, endMs), startMs, dtSeconds, count));
  const season = [Date.parse("2025-09-01T06:00:00+02:00"), Date.parse("2026-09-01T06:00:00+02:00")] as const;
  const year = stepMeans(await source.series(...season), season[0], 3600, 8760);
  const calendar = allotCalendar(tempoDayMeans(season[0], 3600, year.dryBulbTemperature_c));
  price_eur_kwh = stepPrices(tempoTariff({ calendar }).rates(startMs, endMs), startMs, dtSeconds, count);
});

/** Loses a third less than the file says, and its people cook. */
function realHouse(): House {
  const house = houseOf(building);
  return {
    ...house,
    physics: {
      ...house.physics,
      nodes: house.physics.nodes.map((node) => ({ ...node, H_e_w_k: node.H_e_w_k * 0.67 })),
    },
    rhythm_w: [0, -80, 60, 0],
  };
}

function live(controller: HomeController, house: House, count = steps) {
  const model = modelOf(house, dtSeconds);
  const normal = randomNormal.source(randomLcg(0.3))(0, 0.1);
  let x = Float64Array.from(model.b, () => 20);
  let seen = {};
  let heat_w = 0;
  const air_c = new Float64Array(count);
  const trustedFrom: number[] = [];
  for (let k = 0; k < count; k++) {
    const part = (column: Float64Array) => column.subarray(k, k + horizonSteps);
    const forecast = {
      dtSeconds,
      theta_e_c: part(weather.theta_e_c),
      phi_sol_w: part(weather.phi_sol_w),
      phi_int_w: part(weather.phi_int_w),
      price_eur_kwh: part(price_eur_kwh),
    };
    const timeMs = startMs + k * dtSeconds * 1000;
    const { valve, standing, plan } = controller.decide({ timeMs, phi_HC_w: heat_w, ...seen }, forecast);
    expect(plan !== undefined).toBe(standing.isTrusted && k > 0); // nothing is measured before the first step
    if (standing.isTrusted && trustedFrom.length === 0) trustedFrom.push(k);
    heat_w = valve * house.heaterPower_w;
    const d = {
      theta_e_c: weather.theta_e_c[k],
      phi_sol_w: weather.phi_sol_w[k],
      phi_int_w: gainsAt_w(house, hourOfDay(timeMs)),
    };
    air_c[k] = outputOf(model, x, heat_w, d);
    x = Float64Array.from(nextState(model, x, heat_w, d));
    seen = { theta_air_c: air_c[k] + normal(), theta_e_c: d.theta_e_c + normal() };
  }
  return { air_c, trustedFrom: trustedFrom[0] };
}

const options = { building, dtSeconds, horizonSteps, solver: solveInteriorPoint, hourOfDay };

test("heats by the rule until the house is learnt from the home's own days, then plans, and is never cold", () => {
  const controller = createHomeController({ ...options, learnsEvery_days: 9 });
  const { air_c, trustedFrom } = live(controller, realHouse());
  expect(controller.standing.isTrusted).toBe(true);
  expect(trustedFrom).toBeGreaterThanOrEqual(3 * 48);
  expect(trustedFrom).toBeLessThanOrEqual(10 * 48);
  const below_kh = air_c.reduce((sum, theta) => sum + Math.max(0, 19 - theta) / 2, 0);
  expect(below_kh).toBeLessThan(1);
  const { model_k, yesterday_k } = controller.knowledge.filter.days;
  expect(model_k).toBeLessThan(0.9 * yesterday_k);
});

test("keeps a house that it learnt, and that predicts well, when a later attempt to learn is refused", () => {
  const house = realHouse();
  const days = { model_k: 0.2, yesterday_k: 1, predictions: 72 };
  const known = { house, noise: typicalNoise(45), days };
  const controller = createHomeController({ ...options, known, learnsEvery_days: 1 });
  live(controller, house, 60);
  expect(controller.learning).toMatchObject({ accepted: false, reason: expect.stringMatching(/too short/) });
  expect(controller.standing.isTrusted).toBe(true);
  expect(controller.knowledge.known.house).toBe(house);
});

test("does not take what it recorded in another season for the days just before", () => {
  const count = 14 * 48;
  const constant = (value: number) => new Float64Array(count).fill(value);
  const controller = createHomeController({ ...options, learnsEvery_days: 1 });
  const spring = controller.learn({
    startMs: startMs - 200 * 86_400_000,
    dtSeconds,
    ...{ theta_air_c: constant(20), theta_e_c: constant(12), phi_HC_w: constant(500), valve: constant(0.2) },
    phi_sol_w: constant(100),
    solarGains: "windows",
  });
  expect(spring.reason).not.toMatch(/too short/);
  live(controller, realHouse(), 50);
  expect(controller.learning).not.toBe(spring);
  expect(controller.learning!.reason).toMatch(/too short/);
});

test("a home without history learns when its first week is over, not a step before", () => {
  const controller = createHomeController({ ...options, learnsEvery_days: 7 });
  live(controller, realHouse(), 7 * 48 + 1);
  expect(controller.learning).toBeDefined();
  expect(controller.learning!.reason ?? "").not.toMatch(/too short/);
});

test("plans at once where the house is known already", () => {
  const house = realHouse();
  const days = { model_k: 0.2, yesterday_k: 1, predictions: 72 };
  const controller = createHomeController({ ...options, known: { house, noise: typicalNoise(45), days } });
  const forecast = {
    dtSeconds,
    theta_e_c: weather.theta_e_c.subarray(0, horizonSteps),
    phi_sol_w: weather.phi_sol_w.subarray(0, horizonSteps),
    phi_int_w: weather.phi_int_w.subarray(0, horizonSteps),
    price_eur_kwh: price_eur_kwh.subarray(0, horizonSteps),
  };
  controller.decide({ timeMs: startMs, phi_HC_w: 0, theta_air_c: 20 }, forecast);
  const second = controller.decide({ timeMs: startMs + 1_800_000, phi_HC_w: 0, theta_air_c: 20 }, forecast);
  expect(second.plan).toBeDefined();
  expect(second.valve).toBe(second.plan!.valve[0]);
});

test("the rule holds what the thermostat does, 4 K more before a red day, and where it begins to heat in red peak", () => {
  const at = (isPeak: number[], isRed: number[], changes: Partial<Building> = {}) => {
    const rule = unprovedRule({ ...building, ...changes }, 3600);
    const forecast = {
      ...{ dtSeconds: 3600, theta_e_c: weather.theta_e_c, phi_sol_w: weather.phi_sol_w },
      ...{ phi_int_w: weather.phi_int_w, price_eur_kwh },
      tempo: { isPeak: Uint8Array.from(isPeak), isRed: Uint8Array.from(isRed) },
    };
    const isHeating = (theta_air_c: number) =>
      rule.decide({ theta_air_c, x_c: [theta_air_c] }, forecast).valve > 0;
    // From warm to cold, so that no integral is left of a colder room.
    for (let tenths = 300; tenths > 150; tenths--) if (isHeating(tenths / 10)) return tenths / 10 + 0.1;
    return Number.NaN;
  };
  expect(at([1, 1], [0, 0])).toBeCloseTo(20, 5);
  expect(at([0, 1], [1, 1])).toBeCloseTo(24, 5);
  expect(at([1, 1], [1, 1])).toBeCloseTo(19.5, 5);
  expect(at([0, 1], [1, 1], { comfort: { min_c: 19, max_c: 22.5 } })).toBeCloseTo(22.5, 5);
  expect(at([1, 1], [1, 1], { comfort: { min_c: 19.8, max_c: 28 } })).toBeCloseTo(19.8, 5);
});
