import { airTemperature_c, nextMassTemperature_c } from "@azru/physics";
import { expect, test } from "vitest";
import { flatPlan } from "../testing/plans.ts";
import { building, room, startMs, stepMs } from "../testing/test-home.ts";
import { testHouse } from "../testing/test-house.ts";
import type { HouseOptions } from "./house.ts";
import { houseModel } from "./house-model.ts";

const house900 = houseModel(building, 900);
const model = house900.step;
const minute = 60_000;

const houseOf = (memory?: HouseOptions["memory"]) => testHouse(house900, memory);

const weather = (fromMs: number, steps = 96) => {
  const all = (value: number) => new Float64Array(steps).fill(value);
  return {
    startMs: fromMs,
    dtSeconds: 900,
    theta_e_c: all(2),
    phi_sol_w: all(0),
    phi_int_w: all(0),
    cop: all(1),
  };
};
const setpoints = new Float64Array(96).fill(building.comfort.min_c);
const prices = new Float64Array(96).fill(0.2);
const reading = (timeMs: number, temperature: number, more = {}) => ({
  room,
  timeMs,
  metrics: { temperature, ...more },
});

test("costs what the sensor reports, and where it reports nothing, what the valve was commanded to", () => {
  const house = houseOf();
  house.setValve(0.5, startMs);
  house.measure(reading(startMs, 20), startMs);
  const later = startMs + 30 * minute;
  expect(house.measure(reading(later, 20), later)).toEqual({
    electricity_price: 0.2,
    heating_cost_step: (2.25 / 2) * 0.2,
    heating_cost_cumulative: (2.25 / 2) * 0.2,
  });
  const measured = later + 30 * minute;
  house.measure(reading(measured, 20, { power_consumption: 1000 }), measured);
  const end = measured + 60 * minute;
  expect(house.measure(reading(end, 20), end)?.heating_cost_step).toBeCloseTo(0.2, 12);
});

test("other rooms cost nothing, and a late reading is no reading", () => {
  const house = houseOf();
  expect(house.measure({ ...reading(startMs, 18), room: "bedroom" }, startMs)).toEqual({});
  expect(house.measure({ ...reading(startMs - 1, 18), room: "bedroom" }, startMs)).toBeUndefined();
});

test("one reading that no room's air makes is no window that was opened", () => {
  const house = houseOf();
  const at = (minutes: number, temperature: number, more = {}) => {
    const nowMs = startMs + minutes * minute;
    house.measure(reading(nowMs, temperature, more), nowMs);
    return house.openWindows(nowMs).size;
  };
  expect([at(0, 19.6), at(1, 31), at(2, 19.6), at(3, 19.5)]).toEqual([0, 0, 0, 0]);
  expect(at(5, 17.4)).toBe(1);
  expect([at(40, 31, { window_open: 1 }), at(41, 19.6, { window_open: 0 })]).toEqual([1, 0]);
});

test("goes on with the meter of an earlier life", () => {
  const house = houseOf({ readings: [reading(startMs - 1, 20, { heating_cost_cumulative: 42 })] });
  expect(house.measure(reading(startMs, 20), startMs)?.heating_cost_cumulative).toBe(42);
});

test("finds the walls by what the air does under a known heat", () => {
  const house = houseOf();
  let truth = 21.5;
  house.measure(reading(startMs, 19), startMs);
  for (let k = 0; k < 24; k++) {
    const atMs = startMs + k * stepMs;
    house.advance(atMs, house.zone(atMs));
    house.foresee(weather(atMs), prices, setpoints);
    house.setValve(k % 2 ? 0 : 0.8, atMs);
    const air = airTemperature_c(model, truth, k % 2 ? 0 : 3600, 2, 0, 0);
    for (const after of [5, 10, 15])
      house.measure(reading(atMs + after * minute, air), atMs + after * minute);
    truth = nextMassTemperature_c(model, truth, k % 2 ? 0 : 3600, 2, 0, 0);
  }
  house.advance(startMs + 24 * stepMs, house.zone(startMs + 24 * stepMs));
  expect(house.estimate?.theta_m_c).toBeCloseTo(truth, 1);
});

test("the baseline begins where the home stands, and its cost is compared from there", () => {
  const house = houseOf();
  expect(house.savings).toBeUndefined();
  house.measure(reading(startMs, 18.5, { mass_temperature: 20, heating_cost_step: 9 }), startMs);
  expect(house.advance(startMs, house.zone(startMs))).toEqual([]);
  expect(house.savings).toEqual({
    sinceMs: startMs,
    counted_ms: 0,
    cost_eur: 0,
    baseline_eur: 0,
    baselineHeat_kwh: 0,
    days: [],
  });
  expect(house.heatLeft_kwh).toBe(0);
  house.foresee(weather(startMs), prices, setpoints);

  const nextMs = startMs + stepMs;
  house.measure(reading(nextMs, 18.2, { heating_cost_step: 0.1 }), nextMs);
  const [step] = house.advance(nextMs, house.zone(nextMs));
  expect(step).toMatchObject({ startMs, metrics: { valve_position: 100, power_consumption: 4500 } });
  expect(step.metrics.mass_temperature).toBeCloseTo(nextMassTemperature_c(model, 18.5, 4500, 2, 0, 0), 12);
  expect(house.savings).toEqual({
    sinceMs: startMs,
    counted_ms: stepMs,
    cost_eur: 0.1,
    baseline_eur: 4.5 * 0.25 * 0.2,
    baselineHeat_kwh: 4.5 * 0.25,
    days: [{ day: "2026-01-15", paid_eur: 0.1, baseline_eur: 4.5 * 0.25 * 0.2 }],
  });
  const walls_k = house.estimate!.theta_m_c - step.metrics.mass_temperature!;
  const { floorArea_m2, thermalCapacitance_j_m2k } = building.zone;
  expect(house.heatLeft_kwh).toBeCloseTo((walls_k * floorArea_m2 * thermalCapacitance_j_m2k) / 3.6e6, 9);
});

/** A home that has counted for an hour; `lives` takes it on by a step, with a reading at its end or without. */
function countingHouse() {
  const house = houseOf();
  let atMs = startMs;
  house.measure(reading(atMs, 19), atMs);
  house.advance(atMs, house.zone(atMs));
  const lives = (isMeasured: boolean, toMs = atMs + stepMs) => {
    house.foresee(weather(atMs), prices, setpoints);
    house.setValve(1, atMs);
    atMs = toMs;
    if (isMeasured) house.measure(reading(atMs, 19, { power_consumption: 1000 }), atMs);
    house.advance(atMs, house.zone(atMs));
  };
  for (let k = 0; k < 4; k++) lives(true);
  return { house, lives, now: () => atMs };
}

test("a sensor that is silent for a day saves nothing, and costs nothing: both sides wait for it", () => {
  const { house, lives } = countingHouse();
  const before = house.savings!;
  expect(before).toMatchObject({ counted_ms: 4 * stepMs });
  for (let k = 0; k < 96; k++) lives(false);
  expect(house.savings).toEqual(before);
  lives(true);
  expect(house.savings).toEqual(before);
  for (let k = 0; k < 4; k++) lives(true);
  const after = house.savings!;
  expect(after.counted_ms).toBe(8 * stepMs);
  expect(after.cost_eur - before.cost_eur).toBeCloseTo(0.2, 12); // a kilowatt for an hour
  expect(after.baseline_eur - before.baseline_eur).toBeLessThanOrEqual(4.5 * 0.2);
});

test("a clock that jumps a year ahead and back saves nothing", () => {
  const { house, lives, now } = countingHouse();
  const before = house.savings!;
  const thenMs = now();
  lives(true, thenMs + 365 * 24 * 60 * minute);
  expect(house.savings).toEqual(before);
  lives(true, thenMs + stepMs);
  expect(house.savings).toEqual(before);
  lives(true);
  expect(house.savings).toMatchObject({ sinceMs: startMs, counted_ms: 5 * stepMs });
});

test("the sensor's own meter counts what messages that were lost would have", () => {
  const { house, lives, now } = countingHouse();
  const metrics = { power_consumption: 1000, heating_cost_step: 0.01 };
  house.measure(reading(now(), 19, { ...metrics, heating_cost_cumulative: 7 }), now());
  const before = house.savings!;
  lives(false);
  house.measure(reading(now(), 19, { ...metrics, heating_cost_cumulative: 7.3 }), now());
  expect(house.savings!.cost_eur - before.cost_eur).toBeCloseTo(0.3, 12);
});

const estimate = { atMs: startMs, theta_m_c: 19.9, theta_m_sd_k: 0.1, phi_u_w: -120, phi_u_sd_w: 80 };

test("after a short pause the walls are where they were", () => {
  const house = houseOf({ readings: [], estimate });
  house.advance(startMs + 3 * stepMs, undefined);
  expect(house.estimate).toMatchObject({ theta_m_c: 19.9, theta_m_sd_k: 0.3, phi_u_w: -120 });
});

test("with another model what was counted stays, and the walls are as far from the baseline's as they were", () => {
  const { zone, heating } = building;
  const learnt = houseModel(
    {
      ...building,
      zone: { ...zone, thermalCapacitance_j_m2k: zone.thermalCapacitance_j_m2k / 2 },
      heating: { ...heating, maxPower_w: 3000 },
    },
    900,
  );
  const house = houseOf();
  let truth_c = 20.5;
  const lives = (k: number) => {
    const atMs = startMs + k * stepMs;
    house.foresee(weather(atMs), prices, setpoints);
    house.setValve(1, atMs);
    const acting = [3000, 2, 0, 0] as const;
    const air_c = airTemperature_c(learnt.step, truth_c, ...acting);
    truth_c = nextMassTemperature_c(learnt.step, truth_c, ...acting);
    house.measure(reading(atMs + stepMs, air_c), atMs + stepMs);
    return house.advance(atMs + stepMs, house.zone(atMs + stepMs));
  };
  house.measure(reading(startMs, 20), startMs);
  house.advance(startMs, house.zone(startMs));
  for (let k = 0; k < 16; k++) lives(k);
  const before = {
    savings: house.savings!,
    left_kwh: house.heatLeft_kwh!,
    walls_c: house.estimate!.theta_m_c,
  };
  expect(Math.abs(before.walls_c - truth_c)).toBeGreaterThan(0.3);

  house.changeModel(learnt);
  expect(house.estimate!.theta_m_c).toBeCloseTo(truth_c, 1);
  expect(house.savings).toEqual(before.savings);
  expect(house.heatLeft_kwh).toBeCloseTo(before.left_kwh / 2, 9);
  expect(house.power_w(1, 2)).toBe(3000);

  const [step] = lives(16);
  expect([0, 3000]).toContain(step.metrics.power_consumption);
  const paid_eur = house.savings!.cost_eur;
  lives(17);
  expect(house.savings!.cost_eur - paid_eur).toBeCloseTo(3 * 0.25 * 0.2, 12);
});

test("after a restart goes on with walls and baseline of the earlier life", () => {
  const plan = {
    ...flatPlan({ startMs }),
    mass_temperature: Array.from({ length: 96 }, (_, k) => 20 + k / 10),
  };
  const baseline = {
    atMs: startMs + 2 * stepMs,
    theta_m_c: 19,
    theta_air_c: 19.2,
    heating: true,
    cost_eur: 7,
  };
  const days = [{ day: "2026-01-15", paid_eur: 1, baseline_eur: 2 }];
  const savings = {
    sinceMs: startMs - 1e8,
    counted_ms: 1e8,
    cost_eur: 5,
    baseline_eur: 7,
    baselineHeat_kwh: 30,
    days,
  };
  const house = houseOf({
    readings: [reading(startMs, 20)],
    plan: { requestedMs: startMs, plan },
    baseline,
    savings,
    estimate: { ...estimate, atMs: startMs - 4 * stepMs },
  });
  const nowMs = startMs + 2 * stepMs;
  house.measure(reading(nowMs, 20.4), nowMs);
  house.advance(nowMs, house.zone(nowMs));
  expect(house.estimate).toMatchObject({ theta_m_c: 20.1, theta_m_sd_k: 0.3, phi_u_w: -120, phi_u_sd_w: 80 });
  const { phi_int_w } = house.foresee(weather(nowMs), prices, setpoints);
  expect(phi_int_w[1]).toBeGreaterThan(-120);
  expect(house.savings).toEqual(savings);
  const [step] = house.advance(nowMs + stepMs, house.zone(nowMs));
  expect(step.metrics).toMatchObject({ valve_position: 100, heating_cost_cumulative: 7 + 4.5 * 0.25 * 0.2 });
});
