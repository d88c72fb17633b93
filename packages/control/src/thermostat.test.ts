import { expect, test } from "vitest";
import type { Forecast } from "./controller.ts";
import { createThermostat, type ThermostatOptions } from "./thermostat.ts";

const none = new Float64Array();
const forecast: Forecast = {
  dtSeconds: 900,
  theta_e_c: none,
  phi_sol_w: none,
  phi_int_w: none,
  price_eur_kwh: none,
};

/** Valve positions for a sequence of air temperatures. */
function positions(temperatures_c: readonly number[], options?: ThermostatOptions): number[] {
  const thermostat = createThermostat(options);
  return temperatures_c.map((theta_air_c) => thermostat.decide({ theta_air_c, x_c: [20] }, forecast).valve);
}

test("keeps its last state between the two thresholds", () => {
  expect(positions([20, 19.5, 19.49, 20, 20.5, 20.51, 20, 19.5, 19.4])).toEqual([0, 0, 1, 1, 1, 0, 0, 0, 1]);
  expect(positions([20, 20.6, 20], { initiallyOn: true })).toEqual([1, 0, 0]);
});

test("closes between the thresholds where asked to", () => {
  expect(positions([19.4, 19.5, 20, 19.4], { betweenOff: true })).toEqual([1, 0, 0, 1]);
});

test("moves both thresholds with the floor of comfort that is foreseen", () => {
  const thermostat = createThermostat({ min_c: 19 });
  const at = (theta_air_c: number, min_c: number) =>
    thermostat.decide({ theta_air_c, x_c: [20] }, { ...forecast, min_c: Float64Array.of(min_c) }).valve;
  expect([at(19.4, 17), at(17.6, 17), at(17.4, 17), at(18.4, 17), at(18.6, 17)]).toEqual([0, 0, 1, 1, 0]);
  expect(at(20.4, 20)).toBe(1);
});

test("each instance has its own state", () => {
  const cold = createThermostat();
  const warm = createThermostat();
  cold.decide({ theta_air_c: 15, x_c: [15] }, forecast);
  expect(cold.decide({ theta_air_c: 20, x_c: [20] }, forecast).valve).toBe(1);
  expect(warm.decide({ theta_air_c: 20, x_c: [20] }, forecast).valve).toBe(0);
});

test("refuses thresholds in the wrong order and temperatures that are none", () => {
  expect(() => createThermostat({ on_c: 21, off_c: 20 })).toThrow(/thermostat.on_c must be <= off_c, got 21/);
  expect(() => createThermostat({ on_c: Number.NaN })).toThrow(RangeError);
  expect(() => positions([Number.NaN])).toThrow(/theta_air_c must be a finite number, got NaN/);
});
