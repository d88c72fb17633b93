import { gainsAt_w, houseOf, modelOf, nextState, outputOf } from "@azru/house";
import { homeHour } from "@azru/runtime";
import { type Disturbances, unprovedHouse } from "@azru/simulation";
import { expect, test } from "vitest";
import { building, silent } from "../testing/test-home.ts";
import { houseModel } from "./house-model.ts";
import { StatesEstimator } from "./states-estimator.ts";

const stepMs = 900_000;
const startMs = Date.UTC(2026, 0, 15);
const known = unprovedHouse(building);
const model = { ...houseModel(building, 900, undefined, known), known };

const mild: Disturbances = {
  startMs,
  dtSeconds: 900,
  theta_e_c: new Float64Array(400).fill(4),
  phi_sol_w: Float64Array.from({ length: 400 }, (_, k) => Math.max(0, 600 * Math.sin((k - 30) / 12))),
  phi_int_w: new Float64Array(400).fill(building.internalGains_w),
  cop: new Float64Array(400).fill(1),
};

/** The file's house, lived in minutes; the heater is on for the last ten of every quarter of an hour. */
function minutes(each: (timeMs: number, theta_air_c: number, heat_w: number) => void, steps: number) {
  const house = houseOf(building);
  const minute = modelOf(house, 60, "airAtEnd");
  let x: ArrayLike<number> = minute.b.map(() => 20);
  for (let m = 0; m < 15 * steps; m++) {
    const timeMs = startMs + m * 60_000;
    const heat_w = m % 15 >= 5 ? 0.4 * house.heaterPower_w : 0;
    const k = Math.floor(m / 15);
    const d = {
      theta_e_c: 4,
      phi_sol_w: mild.phi_sol_w[k],
      phi_int_w: gainsAt_w(house, homeHour(startMs + (k + 0.5) * stepMs)),
    };
    each(timeMs, outputOf(minute, x, heat_w, d), heat_w);
    x = nextState(minute, x, heat_w, d);
  }
  return x;
}

test("finds the house's temperatures by the means of what was measured, and by the heat of each minute", () => {
  const estimate = new StatesEstimator({ model, freshFor_ms: 1_800_000, log: silent });
  estimate.foresee(mild);
  let heat_w = Number.NaN;
  const x = minutes((timeMs, air_c, heat) => {
    if ((timeMs - startMs) % stepMs === 0) {
      estimate.advance(timeMs, air_c);
      estimate.foresee(mild);
    }
    if (heat !== heat_w) estimate.order(timeMs, heat);
    heat_w = heat;
    estimate.sample(timeMs + 60_000, { theta_air_c: air_c });
  }, 192);
  estimate.advance(startMs + 192 * stepMs, undefined);
  for (const [i, value] of Array.from(x).entries())
    expect(Math.abs(estimate.now!.x_c![i] - value), `state ${i}`).toBeLessThan(0.3);
  expect(Math.abs(estimate.now!.phi_u_w)).toBeLessThan(60);
  expect(estimate.memory?.steps.length).toBeGreaterThan(180);
  expect(estimate.standing.isTrusted).toBe(false);
});

test("only predicts without a temperature, and goes on from its own memory", () => {
  const estimate = new StatesEstimator({ model, freshFor_ms: 1_800_000, log: silent });
  estimate.advance(startMs, 20);
  estimate.foresee(mild);
  estimate.advance(startMs + 8 * stepMs, undefined);
  const { x_c } = estimate.now!;
  expect(x_c![0]).toBeLessThan(20);
  const again = new StatesEstimator({ model, freshFor_ms: 1_800_000, log: silent, memory: estimate.memory });
  again.advance(startMs + 8 * stepMs, 25);
  expect(again.now!.x_c).toEqual(x_c!.map((value) => expect.closeTo(value, 9)));
});
