import { expect, test } from "vitest";
import { createEnergyMeter, type RatesIn } from "./energy-meter.ts";

const minute = 60_000;

const flat: RatesIn = (startMs, endMs) => [{ startMs, endMs, price_eur_kwh: 0.2 }];

/** 0.16 EUR/kWh until an instant, 0.7 from there on. */
function dearerFrom(atMs: number): RatesIn {
  return (startMs, endMs) =>
    [
      { startMs, endMs: Math.min(atMs, endMs), price_eur_kwh: 0.16 },
      { startMs: Math.max(atMs, startMs), endMs, price_eur_kwh: 0.7 },
    ].filter((rate) => rate.startMs < rate.endMs);
}

test("counts what flowed, at the price of the time", () => {
  const meter = createEnergyMeter(dearerFrom(30 * minute), 10);
  expect(meter.read(0, 2000)).toEqual({
    step_eur: 0,
    total_eur: 10,
    energy_kwh: 0,
  });
  const cheap = meter.read(30 * minute, 4000);
  expect(cheap.step_eur).toBeCloseTo(0.16, 12);
  const dear = meter.read(45 * minute, 0);
  expect(dear.step_eur).toBeCloseTo(0.7, 12);
  expect(dear.total_eur).toBeCloseTo(10.86, 12);
  expect(dear.energy_kwh).toBeCloseTo(2, 12);
  expect(meter.read(50 * minute, 4000).step_eur).toBe(0);
});

test("pays each price for its time where it changes between two readings", () => {
  const meter = createEnergyMeter(dearerFrom(25 * minute));
  meter.read(0, 3000);
  const { step_eur, energy_kwh } = meter.read(40 * minute, 3000);
  expect(energy_kwh).toBeCloseTo(2, 12);
  expect(step_eur).toBeCloseTo(1.25 * 0.16 + 0.75 * 0.7, 12);
});

test("does not count time that went back or was not seen", () => {
  const meter = createEnergyMeter(flat);
  meter.read(120 * minute, 4500);
  expect(meter.read(0, 4500).step_eur).toBe(0);
  expect(meter.read(61 * minute, 4500).step_eur).toBe(0);
  expect(meter.read(71 * minute, 4500).step_eur).toBeCloseTo(0.15, 12);
});

test("counts another power from where it began, as far as a reading comes in time", () => {
  const meter = createEnergyMeter(flat);
  meter.read(0, 1000);
  meter.change(15 * minute, 3000);
  const { step_eur, known } = meter.read(60 * minute, 0);
  expect(step_eur).toBeCloseTo((0.25 + 2.25) * 0.2, 12);
  expect(known).toEqual({ startMs: 0, endMs: 60 * minute, cost_eur: step_eur });
  meter.change(70 * minute, 9000);
  expect(meter.read(180 * minute, 9000)).toMatchObject({ step_eur: 0, known: undefined });
});
