import { expect, test } from "vitest";
import { createEnergyMeter } from "./energy-meter.ts";

const minute = 60_000;

test("counts what flowed, at the price of the time", () => {
  const meter = createEnergyMeter(10);
  expect(meter.read(0, { power_w: 2000, price_eur_kwh: 0.16 })).toEqual({
    step_eur: 0,
    total_eur: 10,
    energy_kwh: 0,
  });
  const cheap = meter.read(30 * minute, { power_w: 4000, price_eur_kwh: 0.7 });
  expect(cheap.step_eur).toBeCloseTo(0.16, 12);
  const dear = meter.read(45 * minute, { power_w: 0, price_eur_kwh: 0.7 });
  expect(dear.step_eur).toBeCloseTo(0.7, 12);
  expect(dear.total_eur).toBeCloseTo(10.86, 12);
  expect(dear.energy_kwh).toBeCloseTo(2, 12);
  expect(meter.read(50 * minute, { power_w: 4000, price_eur_kwh: 0.7 }).step_eur).toBe(0);
});

test("does not count time that went back or was not seen", () => {
  const meter = createEnergyMeter();
  meter.read(120 * minute, { power_w: 4500, price_eur_kwh: 0.2 });
  expect(meter.read(0, { power_w: 4500, price_eur_kwh: 0.2 }).step_eur).toBe(0);
  expect(meter.read(61 * minute, { power_w: 4500, price_eur_kwh: 0.2 }).step_eur).toBe(0);
  expect(meter.read(71 * minute, { power_w: 4500, price_eur_kwh: 0.2 }).step_eur).toBeCloseTo(0.15, 12);
});

test("counts another power from where it began, as far as a reading comes in time", () => {
  const meter = createEnergyMeter();
  const flow = (power_w: number) => ({ power_w, price_eur_kwh: 0.2 });
  meter.read(0, flow(1000));
  meter.change(15 * minute, flow(3000));
  const { step_eur, known } = meter.read(60 * minute, flow(0));
  expect(step_eur).toBeCloseTo((0.25 + 2.25) * 0.2, 12);
  expect(known).toEqual({ startMs: 0, endMs: 60 * minute, cost_eur: step_eur });
  meter.change(70 * minute, flow(9000));
  expect(meter.read(180 * minute, flow(9000))).toMatchObject({ step_eur: 0, known: undefined });
});
