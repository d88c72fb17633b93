import { expect, test } from "vitest";
import type { Forecast } from "./controller.ts";
import { createPi, type PiOptions, piGains, piLaw } from "./pi.ts";

const none = new Float64Array();
const forecast: Forecast = {
  dtSeconds: 900,
  theta_e_c: none,
  phi_sol_w: none,
  phi_int_w: none,
  price_eur_kwh: none,
};

/** Air temperatures of a home whose air lags behind its heater by `lag_h`, and falls within 12 h; from a cold start on. */
function airUnder(setpoint_c: number, gains: PiOptions["gains"], lag_h: number): number[] {
  const pi = createPi({ setpoint_c, ...(gains && { gains }) });
  const air_c: number[] = [];
  let theta_air_c = 15;
  let heat = 0;
  for (let k = 0; k < 8 * 96; k++) {
    const { valve } = pi.decide({ theta_air_c, x_c: [20] }, forecast);
    heat += (valve - heat) * (1 - Math.exp(-0.25 / lag_h));
    theta_air_c += (5 + 40 * heat - theta_air_c) * (1 - Math.exp(-0.25 / 12));
    air_c.push(theta_air_c);
  }
  return air_c;
}

test.each([
  ["room", undefined, 0.3],
  ["floor", piGains.floor, 2],
])(
  "%s: holds its setpoint without a lasting error, and overshoots by less than 1.5 K after a cold start",
  (_, gains, lag_h) => {
    const air_c = airUnder(19.5, gains, lag_h);
    expect(Math.max(...air_c)).toBeLessThan(21);
    for (const theta_c of air_c.slice(-48)) expect(theta_c).toBeCloseTo(19.5, 1);
  },
);

test("the integral does not wind up while the valve is at a stop", () => {
  const law = piLaw({ gain_per_k: 0.25, integral_h: 2 });
  for (let k = 0; k < 1000; k++) expect(law(5, 900)).toBe(1);
  expect(law(-1, 900)).toBeLessThan(0.8);
  for (let k = 0; k < 1000; k++) law(-5, 900);
  expect(law(1, 900)).toBeGreaterThan(0.2);
});

test("follows the floor of comfort that the forecast has", () => {
  const valveAt = (min_c: number) =>
    createPi({ min_c: 19 }).decide(
      { theta_air_c: 19.5, x_c: [20] },
      { ...forecast, min_c: Float64Array.of(min_c) },
    ).valve;
  expect([valveAt(17), valveAt(19)]).toEqual([0, 0]);
  expect(valveAt(21)).toBeGreaterThan(0.2);
});

test("names what it cannot work with", () => {
  expect(() => piLaw({ gain_per_k: 0, integral_h: 1 })).toThrow(/gain_per_k must be > 0, got 0/);
  expect(() => piLaw({ gain_per_k: 1, integral_h: Number.NaN })).toThrow(/integral_h must be > 0, got NaN/);
  expect(() => createPi({ setpoint_c: Number.NaN })).toThrow(/setpoint_c must be a finite number, got NaN/);
  expect(() => createPi().decide({ theta_air_c: Number.NaN, x_c: [20] }, forecast)).toThrow(
    /theta_air_c must be a finite number, got NaN/,
  );
});
