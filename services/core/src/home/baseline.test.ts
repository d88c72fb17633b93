import { createThermostat } from "@azru/control";
import { stateSpaceOf } from "@azru/house";
import { closedLoop, disturbances, forecastAt, perfect } from "@azru/simulation";
import { referenceYearSource, stepMeans } from "@azru/weather";
import { expect, test } from "vitest";
import { building, startMs, stepMs } from "../testing/test-home.ts";
import { type BaselineState, baselineSteps } from "./baseline.ts";
import { houseModel } from "./house-model.ts";

const model = houseModel(building, 900);
const start: BaselineState = {
  atMs: startMs,
  theta_m_c: 20.2,
  theta_air_c: 20,
  heating: false,
  cost_eur: 3,
};

const setpoints = (steps: number, setpoint_c = building.comfort.min_c) =>
  new Float64Array(steps).fill(setpoint_c);

async function winter(steps: number) {
  const source = referenceYearSource();
  const series = await source.series(startMs, startMs + steps * stepMs);
  const weather = disturbances(building, stepMeans(series, startMs, 900, steps));
  const price = Float64Array.from({ length: steps }, (_, k) => (k % 96 < 64 ? 0.25 : 0.15));
  return { weather, price };
}

test("lives exactly as the simulator's thermostat does, however its days are cut", async () => {
  const steps = 192;
  const { weather, price } = await winter(steps);
  const loop = closedLoop({
    twin: { model: stateSpaceOf(model.step), maxPower_w: building.heating.maxPower_w },
    controller: createThermostat(building.thermostat),
    disturbances: weather,
    price_eur_kwh: price,
    steps,
    x_start_c: [start.theta_m_c],
    theta_air_start_c: start.theta_air_c,
    forecastAt: forecastAt(perfect(weather), perfect(price)),
    stopwatch: () => 0,
  });
  const [...lived] = loop;
  const { theta_air_c, theta_m_c, valve, cost_eur } = lived.at(-1)!;

  let state = start;
  for (const until of [0, 1, 1, 30, 96, 192]) {
    for (const step of baselineSteps(
      model,
      state,
      weather,
      price,
      setpoints(steps),
      startMs + until * stepMs,
    )) {
      const k = (step.startMs - startMs) / stepMs;
      expect(step.metrics.temperature).toBeCloseTo(theta_air_c[k], 9);
      expect(step.metrics.mass_temperature).toBeCloseTo(theta_m_c[k], 9);
      expect(step.metrics.valve_position).toBe(100 * valve[k]);
      expect(step.metrics.heating_cost_step).toBeCloseTo(cost_eur[k], 12);
      state = step.next;
    }
    expect(state.atMs).toBe(startMs + until * stepMs);
  }
  const spent = cost_eur.reduce((sum, cost) => sum + cost, 0);
  expect(spent).toBeGreaterThan(1);
  expect(state.cost_eur).toBeCloseTo(3 + spent, 9);
});

test("waits where the weather does not reach", async () => {
  const { weather, price } = await winter(4);
  const until = startMs + 10 * stepMs;
  expect(baselineSteps(model, start, weather, price, setpoints(4), until)).toHaveLength(4);
  const earlier = { ...start, atMs: startMs - stepMs };
  expect(baselineSteps(model, earlier, weather, price, setpoints(4), until)).toEqual([]);
});

test("its thermostat follows the setpoint, by as much as it lies off the building's own", async () => {
  const steps = 384;
  const { weather, price } = await winter(steps);
  const untilMs = startMs + steps * stepMs;
  const mean = (setpoint_c: number) => {
    const min_c = setpoints(steps, setpoint_c);
    const lived = baselineSteps(model, start, weather, price, min_c, untilMs).slice(192);
    return lived.reduce((sum, { metrics }) => sum + metrics.temperature, 0) / lived.length;
  };
  expect(mean(19) - mean(17.5)).toBeCloseTo(1.5, 0);
});

function withThermostat(kind: "constant" | "night_setback" | "electronic") {
  return houseModel({ ...building, thermostat: { ...building.thermostat, kind } }, 900);
}

/** Lower at night, from step 48 to 80. */
const lowAtNight = Float64Array.from({ length: 192 }, (_, k) => (k >= 48 && k < 80 ? 16 : 19));

test("a thermostat without a programme does not follow the setpoints, one with a programme does", async () => {
  const { weather, price } = await winter(192);
  const untilMs = startMs + 192 * stepMs;
  const air = (kind: Parameters<typeof withThermostat>[0], min_c: Float64Array) =>
    baselineSteps(withThermostat(kind), start, weather, price, min_c, untilMs).map(
      ({ metrics }) => metrics.temperature,
    );
  expect(air("constant", lowAtNight)).toEqual(air("constant", setpoints(192)));
  expect(air("night_setback", setpoints(192))).toEqual(air("constant", setpoints(192)));
  expect(Math.min(...air("night_setback", lowAtNight))).toBeLessThan(
    Math.min(...air("constant", lowAtNight)) - 0.5,
  );
});

test("an electronic thermostat holds its setpoint, however its days are cut", async () => {
  const { weather, price } = await winter(192);
  const model = withThermostat("electronic");
  const steps = (from: BaselineState, until: number) =>
    baselineSteps(model, from, weather, price, setpoints(192), startMs + until * stepMs);
  const whole = steps(start, 192);
  const first = steps(start, 77);
  expect([...first, ...steps(first.at(-1)!.next, 192)]).toEqual(whole);
  const { on_c } = building.thermostat;
  const cold = whole.slice(96).filter(({ metrics }) => metrics.valve_position! > 0);
  const mean = cold.reduce((sum, { metrics }) => sum + metrics.temperature, 0) / cold.length;
  expect(mean).toBeCloseTo(on_c, 0);
  expect(cold.some(({ metrics }) => metrics.valve_position! % 100 !== 0)).toBe(true);
});
