import { expect, test } from "vitest";
import { createEnergyMeter } from "./energy-meter.ts";

const minute = 60_000;

test("counts what flowed, at the price of the time", () => {
  const meter = createEnergyMeter(10);
  expect(meter.read(0, 2000, 0.16)).toEqual({ step_eur: 0, total_eur: 10, energy_kwh: 0 });
  const cheap = meter.read(30 * minute, 4000, 0.7);
  expect(cheap.step_eur).toBeCloseTo(0.16, 12);
  const dear = meter.read(45 * minute, 0, 0.7);
  expect(dear.step_eur).toBeCloseTo(0.7, 12);
  expect(dear.total_eur).toBeCloseTo(10.86, 12);
  expect(dear.energy_kwh).toBeCloseTo(2, 12);
  expect(meter.read(50 * minute, 4000, 0.7).step_eur).toBe(0);
});

test("does not count time that went back or was not seen", () => {
  const meter = createEnergyMeter();
  meter.read(120 * minute, 4500, 0.2);
  expect(meter.read(0, 4500, 0.2).step_eur).toBe(0);
  expect(meter.read(61 * minute, 4500, 0.2).step_eur).toBe(0);
  expect(meter.read(71 * minute, 4500, 0.2).step_eur).toBeCloseTo(0.15, 12);
});
