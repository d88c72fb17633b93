import { expect, test } from "vitest";
import type { Forecast, TempoSteps } from "./controller.ts";
import { createTempoRule } from "./tempo-rule.ts";

const none = new Float64Array();
const hour = 3600;

/** Forecast from an hour of the clock on, in steps of an hour; `red` are days, 0 being the one that begins at 06:00 today. */
function at(clock_h: number, red: readonly number[]): Forecast {
  const hours = Array.from({ length: 10 }, (_, i) => clock_h + i);
  const tempo: TempoSteps = {
    isPeak: Uint8Array.from(hours, (h) => (h % 24 >= 6 && h % 24 < 22 ? 1 : 0)),
    isRed: Uint8Array.from(hours, (h) => (red.includes(Math.floor((h - 6) / 24)) ? 1 : 0)),
  };
  return { dtSeconds: hour, theta_e_c: none, phi_sol_w: none, phi_int_w: none, price_eur_kwh: none, tempo };
}

/** What the rule heats to: the air temperature, to 0.01 K, above which a fresh one keeps the valve shut. */
function setpoint_c(forecast: Forecast): number {
  const isOpen = (theta_air_c: number) =>
    createTempoRule({ usual_c: 19.5, before_c: 22, red_c: 19, dtSeconds: hour }).decide(
      { theta_air_c, x_c: [20] },
      forecast,
    ).valve > 0;
  let c = 2500;
  while (!isOpen(c / 100)) c--;
  return (c + 1) / 100;
}

test("boosts in the off-peak hours before a red day, and only then", () => {
  expect(setpoint_c(at(21, [1]))).toBe(19.5); // still peak
  expect(setpoint_c(at(22, [1]))).toBe(22);
  expect(setpoint_c(at(29, [1]))).toBe(22); // 05:00, the day to come is red
  expect(setpoint_c(at(22, [0]))).toBe(19.5); // the night after a red day
  expect(setpoint_c(at(22, [0, 1]))).toBe(22); // the night between two
});

test("is cooler in red peak hours", () => {
  expect(setpoint_c(at(6, [0]))).toBe(19);
  expect(setpoint_c(at(21, [0]))).toBe(19);
  expect(setpoint_c(at(12, [1]))).toBe(19.5);
});

test("holds the usual setpoint where the tariff has no colours", () => {
  const { tempo: _, ...plain } = at(22, [1]);
  expect(setpoint_c(plain)).toBe(19.5);
});

test("heats no room above the ceiling of the forecast", () => {
  const within = (ceiling_c: number, red: readonly number[]) => ({
    ...at(22, red),
    max_c: Float64Array.of(ceiling_c),
  });
  expect(setpoint_c(within(21, [1]))).toBe(21);
  expect(setpoint_c(within(21, []))).toBe(19.5);
  expect(setpoint_c(within(24, [1]))).toBe(22);
});

test("asks for a forecast to the end of the off-peak hours", () => {
  expect(createTempoRule().horizonSteps).toBe(33);
  expect(createTempoRule({ dtSeconds: hour }).horizonSteps).toBe(9);
});

test("names a setpoint that is none", () => {
  expect(() => createTempoRule({ before_c: Number.NaN })).toThrow(
    /before_c must be a finite number, got NaN/,
  );
});
