/** The baseline of a home that is planned for with a house of several states: it lives in that house. */
import { createThermostat } from "@azru/control";
import { gainsAt_w, modelOf, nextState, outputOf } from "@azru/house";
import { homeHour } from "@azru/runtime";
import { closedLoop, type Disturbances, forecastAt, perfect, unprovedHouse } from "@azru/simulation";
import { expect, test } from "vitest";
import { building, room, startMs, stepMs } from "../testing/test-home.ts";
import { testHouse } from "../testing/test-house.ts";
import { type BaselineState, baselineSteps } from "./baseline.ts";
import type { House } from "./house.ts";
import { houseModel } from "./house-model.ts";

const convectors = { ...building, heating: { ...building.heating, emission: "convector" as const } };
const known = unprovedHouse(convectors);
const model = houseModel(convectors, 900, undefined, known);
const minutes = 60_000;
const perStep = 15; // minutes

const column = (steps: number, of: (k: number) => number) =>
  Float64Array.from({ length: steps }, (_, k) => of(k));

function weather(fromMs: number, steps = 96): Disturbances {
  const since = Math.round((fromMs - startMs) / stepMs);
  return {
    startMs: fromMs,
    dtSeconds: 900,
    theta_e_c: column(steps, (k) => 3 + 4 * Math.sin((since + k) / 15)),
    phi_sol_w: column(steps, (k) => Math.max(0, 500 * Math.sin((since + k) / 15))),
    phi_int_w: column(steps, () => building.internalGains_w),
    cop: column(steps, () => 1),
  };
}
const prices = column(96, () => 0.2);
const setpoints = column(96, () => building.comfort.min_c);

/** The home in which the model is right but for heat that nobody meters, under its own thermostat, minute by minute. */
function lives(house: House, hidden_w: number) {
  const minute = modelOf(known.house, 60, "airAtEnd");
  const thermostat = createThermostat({ ...building.thermostat });
  const forecast = { ...weather(startMs), price_eur_kwh: prices };
  let x: ArrayLike<number> = minute.b.map(() => 20);
  let paid_eur = 0;
  house.measure({ room, timeMs: startMs, metrics: { temperature: 20, heating_cost_cumulative: 0 } }, startMs);
  return (step: number) => {
    const atMs = startMs + step * stepMs;
    const baseline = house.advance(atMs, house.zone(atMs));
    const coming = weather(atMs);
    house.foresee(coming, prices, setpoints);
    for (let m = 1; m <= perStep; m++) {
      const timeMs = atMs + m * minutes;
      const { valve } = thermostat.decide({ theta_air_c: x[0], x_c: Array.from(x) }, forecast);
      const heat_w = valve * known.house.heaterPower_w;
      house.setValve(valve, timeMs - minutes);
      const acting = {
        theta_e_c: coming.theta_e_c[0],
        phi_sol_w: coming.phi_sol_w[0] * known.house.aperture,
        phi_int_w: gainsAt_w(known.house, homeHour(atMs + stepMs / 2)) + hidden_w,
      };
      const temperature = outputOf(minute, x, heat_w, acting);
      x = nextState(minute, x, heat_w, acting);
      paid_eur += ((heat_w / 1000) * 0.2) / 60;
      const metrics = { temperature, heating_cost_cumulative: paid_eur };
      if (m % 3 === 0) house.measure({ room, timeMs, metrics }, timeMs);
    }
    return baseline;
  };
}

test("lives as that house does under a thermostat that decides each minute, however its days are cut", () => {
  const steps = 96;
  const start: BaselineState = {
    ...{ atMs: startMs, theta_m_c: 20, theta_air_c: 20, x_c: model.storeWeights.map(() => 20) },
    ...{ heating: false, cost_eur: 3 },
  };
  const acting = weather(startMs);
  const each = (values: Float64Array) => column(perStep * steps, (k) => values[Math.floor(k / perStep)]);
  const byMinute = {
    ...{ startMs, dtSeconds: 60, theta_e_c: each(acting.theta_e_c), phi_sol_w: each(acting.phi_sol_w) },
    ...{ phi_int_w: each(acting.phi_int_w), cop: each(acting.cop) },
  };
  const [...lived] = closedLoop({
    twin: { model: modelOf(known.house, 60, "airAtEnd"), maxPower_w: known.house.heaterPower_w },
    controller: createThermostat(building.thermostat),
    disturbances: byMinute,
    price_eur_kwh: each(prices),
    steps: perStep * steps,
    x_start_c: start.x_c!,
    theta_air_start_c: start.theta_air_c,
    forecastAt: forecastAt(perfect(byMinute), perfect(each(prices))),
    stopwatch: () => 0,
  });
  const { theta_air_c, cost_eur } = lived.at(-1)!;
  const until = (state: BaselineState, k: number) =>
    baselineSteps(model, state, acting, prices, setpoints, startMs + k * stepMs);
  const first = until(start, 31);
  const whole = [...first, ...until(first.at(-1)!.next, steps)];
  expect(whole).toHaveLength(steps);
  for (const [k, { next }] of whole.entries())
    expect(next.theta_air_c).toBeCloseTo(theta_air_c[perStep * (k + 1) - 1], 9);
  expect(Math.max(...theta_air_c)).toBeLessThan(21.5); // in steps of 15 min it overshoots by kelvins
  expect(whole.at(-1)!.next.cost_eur).toBeCloseTo(3 + cost_eur.reduce((sum, cost) => sum + cost, 0), 9);
});

test("a home under its old thermostat saves nothing, though much of its heat is nobody's that the file knows", () => {
  const house = testHouse(model);
  const live = lives(house, 400);
  for (let k = 0; k < 96; k++) live(k); // a day, in which the filter finds that heat
  const warm = house.savings!;
  for (let k = 96; k < 3 * 96; k++) live(k);
  const [paid_eur, baseline_eur] = (["cost_eur", "baseline_eur"] as const).map(
    (name) => house.savings![name] - warm[name],
  );
  expect(paid_eur).toBeGreaterThan(3);
  expect(Math.abs(baseline_eur / paid_eur - 1)).toBeLessThan(0.12);
  const hidden_eur = (2 * 24 * 400 * 0.2) / 1000; // what a baseline without that heat would cost more
  expect(hidden_eur / paid_eur).toBeGreaterThan(0.4);
});

test.each([
  { to: "as many states", emission: "convector" as const },
  { to: "more states", emission: "floorHeating" as const },
])("another house of $to takes its place, and what was saved does not jump", ({ emission }) => {
  const house = testHouse(model);
  const live = lives(house, 0);
  for (let k = 0; k < 24; k++) live(k);
  const heavier = {
    ...building,
    zone: { ...building.zone, thermalCapacitance_j_m2k: 2 * building.zone.thermalCapacitance_j_m2k },
    heating: { ...building.heating, emission },
  };
  const other = houseModel(heavier, 900, undefined, unprovedHouse(heavier));
  // A home that has been heated ahead holds more heat than its baseline.
  house.setValve(1, startMs + 24 * stepMs);
  const air_c = live(24)[0].next.theta_air_c;
  const before = { savings: house.savings, left_kwh: house.heatLeft_kwh! };
  house.changeModel(other);
  expect(house.savings).toEqual(before.savings);
  expect(house.heatLeft_kwh).not.toBe(0);
  expect(house.heatLeft_kwh).toBeCloseTo(before.left_kwh, 9);
  const [next] = live(25);
  expect(next.startMs).toBe(startMs + 24 * stepMs);
  expect(Math.abs(next.next.theta_air_c - air_c)).toBeLessThan(2);
});
