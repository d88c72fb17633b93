import { airTemperature_c, nextMassTemperature_c, prototypeHome } from "@azru/physics";
import { expect, test } from "vitest";
import { building, silent } from "../testing/test-home.ts";
import { gainsTranslation, houseModel } from "./house-model.ts";
import { ZoneEstimator, type ZoneEstimatorOptions } from "./zone-estimator.ts";

const maxPower_w = 4500;
const prototypeFile = {
  ...building,
  zone: prototypeHome,
  heating: { ...building.heating, emission: "floorHeating" as const, maxPower_w },
};
const prototype = houseModel(prototypeFile, 900);
const modelOf = prototype.stepOf;
const stepMs = 900_000;
const minute = 60_000;
const startMs = Date.UTC(2026, 0, 15);

const estimateOf = (stored?: ZoneEstimatorOptions["stored"]) =>
  new ZoneEstimator({
    model: prototype,
    freshFor_ms: 30 * minute,
    margin: 2.5,
    log: silent,
    ...(stored && { stored }),
  });

const foreseen = (fromMs: number, steps = 96, theta_e_c = 1) => ({
  startMs: fromMs,
  dtSeconds: 900,
  theta_e_c: new Float64Array(steps).fill(theta_e_c),
  phi_sol_w: new Float64Array(steps).fill(120),
  phi_int_w: new Float64Array(steps).fill(60),
  cop: new Float64Array(steps).fill(1),
});

const forecast = (fromMs: number, steps = 96, theta_e_c = 1) => ({
  ...foreseen(fromMs, steps, theta_e_c),
  price_eur_kwh: new Float64Array(steps).fill(0.2),
});

/** A house in the weather that is foreseen, heated as its valve is; `minutes` at a time. */
function houseAt(theta_m_c: number) {
  let truth = theta_m_c;
  return {
    live(minutes: number, heat_w: number): number {
      const model = modelOf(minutes * 60);
      const air = airTemperature_c(model, truth, heat_w, 1, 120, 60);
      truth = nextMassTemperature_c(model, truth, heat_w, 1, 120, 60);
      return air;
    },
    get theta_m_c() {
      return truth;
    },
  };
}

test("begins with the air", () => {
  const estimate = estimateOf();
  estimate.advance(startMs, undefined);
  expect(estimate.now).toBeUndefined();
  estimate.advance(startMs, 18);
  expect(estimate.now).toMatchObject({ theta_m_c: 18, theta_m_sd_k: 3, phi_u_w: 0 });
});

test.each([
  ["the valve reports its position", true, true],
  ["the valve is only commanded", false, true],
  ["the valve does not follow, and reports it", true, false],
])("a heat that changes within the step is no news of the walls: %s", (_, isReported, accepted) => {
  const estimate = estimateOf();
  const house = houseAt(21);
  estimate.advance(startMs, 20.5);
  let heat_w = 0;
  for (let k = 0; k < 16; k++) {
    const atMs = startMs + k * stepMs;
    estimate.foresee(foreseen(atMs));
    for (let m = 0; m < 15; m += 1) {
      if (m === (k % 7) + 3) {
        const ordered_w = k % 2 ? 0 : maxPower_w;
        estimate.order(atMs + m * minute, ordered_w);
        if (accepted) heat_w = ordered_w;
      }
      const theta_air_c = house.live(1, heat_w);
      estimate.sample(atMs + (m + 1) * minute, { theta_air_c, ...(isReported && { phi_HC_w: heat_w }) });
    }
    estimate.advance(atMs + stepMs, undefined);
  }
  expect(Math.abs(estimate.now!.theta_m_c - house.theta_m_c)).toBeLessThan(0.05);
  expect(Math.abs(estimate.now!.phi_u_w)).toBeLessThan(40);
});

test("without measurements goes on by the model alone, ever less sure", () => {
  const estimate = estimateOf();
  estimate.advance(startMs, 20);
  estimate.foresee(foreseen(startMs));
  estimate.order(startMs, 2000);
  estimate.advance(startMs + 3 * stepMs, undefined);
  const house = houseAt(20);
  for (let k = 0; k < 3; k++) house.live(15, 2000);
  expect(estimate.now?.theta_m_c).toBeCloseTo(house.theta_m_c, 12);
  expect(estimate.now?.theta_m_sd_k).toBeGreaterThan(2.8);
});

test("goes by the outdoor temperature that is measured, as long as it is fresh", () => {
  const estimate = estimateOf();
  estimate.advance(startMs, 20);
  estimate.foresee(foreseen(startMs, 96, 15)); // it is 1 degree
  estimate.sample(startMs + minute, { theta_e_c: 1 });
  estimate.advance(startMs + 2 * stepMs, undefined);
  const house = houseAt(20);
  for (let k = 0; k < 2; k++) house.live(15, 0);
  expect(estimate.now?.theta_m_c).toBeCloseTo(house.theta_m_c, 12);
  estimate.foresee(foreseen(startMs + 2 * stepMs, 96, 15));
  estimate.advance(startMs + 4 * stepMs, undefined);
  for (let k = 0; k < 2; k++) house.live(15, 0);
  expect(estimate.now!.theta_m_c).toBeGreaterThan(house.theta_m_c + 0.01);
});

test("begins anew after a gap that nobody foresaw, and after a jump back", () => {
  const estimate = estimateOf();
  estimate.advance(startMs, 25);
  estimate.foresee(foreseen(startMs, 4));
  estimate.advance(startMs + 5 * stepMs, 17);
  expect(estimate.now?.theta_m_c).toBe(17);
  estimate.foresee(foreseen(startMs + 5 * stepMs));
  estimate.sample(startMs + 6 * stepMs, { theta_air_c: 40 });
  const earlierMs = startMs - 100 * stepMs;
  estimate.sample(earlierMs, { theta_air_c: 19 });
  estimate.advance(earlierMs, 19);
  expect(estimate.now?.theta_m_c).toBe(19);
  estimate.foresee(foreseen(earlierMs, 200));
  estimate.advance(startMs + 10 * stepMs, undefined);
  expect(estimate.now?.theta_m_c).toBeLessThan(20);
  estimate.advance(startMs + 300 * stepMs, undefined);
  expect(estimate.now).toBeUndefined();
});

test("after a restart goes on from what was known, gains too", () => {
  const known = { theta_m_c: 21.7, theta_m_sd_k: 0.3, phi_u_w: 150, phi_u_sd_w: 70 };
  const estimate = estimateOf((instantMs) => (instantMs === startMs ? known : undefined));
  estimate.advance(startMs, 19);
  expect(estimate.now?.theta_m_c).toBe(21.7);
  expect(estimate.now?.theta_m_sd_k).toBeCloseTo(0.3, 12);
  const { phi_int_w } = estimate.corrected(forecast(startMs));
  expect(phi_int_w[0]).toBe(210);
  expect(phi_int_w[1]).toBeLessThan(210);
});

test("with a better model finds the walls anew, by what it makes of the days before", () => {
  const { zone, heating, windows, internalGains_w } = prototypeFile;
  const misjudged = houseModel(
    {
      ...prototypeFile,
      zone: { ...zone, uWalls_w_m2k: zone.uWalls_w_m2k * 0.6, ventilation_ach: zone.ventilation_ach * 0.6 },
      heating: { ...heating, maxPower_w: maxPower_w * 1.3 },
      windows: windows.map((window) => ({ ...window, g: window.g * 0.5 })),
      internalGains_w: internalGains_w - 40,
    },
    900,
  );
  const estimate = new ZoneEstimator({
    model: misjudged,
    freshFor_ms: 30 * minute,
    margin: 2.5,
    log: silent,
  });
  const house = houseAt(20.5);
  const lives = (steps: number, from: number, model: typeof misjudged) => {
    const gains = gainsTranslation(prototype, model)({ phi_sol_w: 120, phi_int_w: 60 });
    for (let k = from; k < from + steps; k++) {
      const atMs = startMs + k * stepMs;
      const { phi_sol_w, phi_int_w, ...weather } = foreseen(atMs);
      const valve = k % 5 === 0 ? 1 : 0.2;
      estimate.foresee({
        ...weather,
        phi_sol_w: phi_sol_w.fill(gains.phi_sol_w),
        phi_int_w: phi_int_w.fill(gains.phi_int_w),
      });
      estimate.order(atMs, valve * model.maxPower_w);
      estimate.sample(atMs + stepMs, { theta_air_c: house.live(15, valve * maxPower_w) });
      estimate.advance(atMs + stepMs, undefined);
    }
  };
  estimate.advance(startMs, 20);
  lives(192, 0, misjudged);
  const off_k = () => Math.abs(estimate.now!.theta_m_c - house.theta_m_c);
  expect(off_k()).toBeGreaterThan(0.2);
  expect(Math.abs(estimate.now!.phi_u_w)).toBeGreaterThan(150);
  estimate.changeModel(prototype);
  expect(off_k()).toBeLessThan(0.01);
  expect(Math.abs(estimate.now!.phi_u_w)).toBeLessThan(5);
  lives(4, 192, prototype);
  expect(off_k()).toBeLessThan(0.01);
});

test("with another model and nothing to find the walls by, they stay and are less sure", () => {
  const known = { theta_m_c: 21.7, theta_m_sd_k: 0.3, phi_u_w: 150, phi_u_sd_w: 70 };
  const estimate = estimateOf(() => known);
  estimate.advance(startMs, 19);
  estimate.changeModel(prototype);
  expect(estimate.now).toMatchObject({ theta_m_c: 21.7, theta_m_sd_k: 1, phi_u_w: 0, phi_u_sd_w: 200 });
});

test("what is known of the noise outlives a gap that nobody foresaw, and a restart that knows no walls", () => {
  const estimate = estimateOf();
  const house = houseAt(20);
  estimate.advance(startMs, 20);
  expect(estimate.now?.sensor_k).toBe(0.3);
  for (let k = 0; k < 96; k++) {
    const atMs = startMs + k * stepMs;
    estimate.foresee(foreseen(atMs));
    estimate.sample(atMs + stepMs, { theta_air_c: house.live(15, 0) });
    estimate.advance(atMs + stepMs, undefined);
  }
  expect(estimate.now?.sensor_k).toBe(0.05);
  const { evidence } = estimate.now!;
  estimate.advance(startMs + 1000 * stepMs, 17);
  expect(estimate.now).toMatchObject({ theta_m_c: 17, sensor_k: 0.05, evidence });
  const next = new ZoneEstimator({
    model: prototype,
    freshFor_ms: 30 * minute,
    margin: 2.5,
    log: silent,
    evidence,
  });
  next.advance(startMs + 2000 * stepMs, 18);
  expect(next.now).toMatchObject({ theta_m_c: 18, sensor_k: 0.05 });
});
