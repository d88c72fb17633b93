import type { HistoryResponse } from "@azru/contracts";
import { expect, test } from "vitest";
import { savingOf } from "./saving.ts";

function hours(power_w: readonly number[], price_eur_kwh: readonly number[]): HistoryResponse {
  const time = power_w.map((_, i) => new Date(i * 3_600_000).toISOString());
  let paid_eur = 10;
  // Each mean stands for the middle of its hour: from one to the next half of either is bought.
  const paid = power_w.map((power, i) => {
    if (i > 0) paid_eur += (power_w[i - 1] * price_eur_kwh[i - 1] + power * price_eur_kwh[i]) / 2000;
    return paid_eur;
  });
  const column = (field: string, unit: string, value: number[]) => ({ field, unit, tags: {}, time, value });
  return {
    measurement: "sensors",
    start: time[0],
    stop: time.at(-1)!,
    every_s: 3600,
    columns: [column("heating_cost_cumulative", "EUR", paid), column("power_consumption", "W", [...power_w])],
  };
}

test("the same heat in cheaper hours is all shifted", () => {
  const price = [0.1, 0.1, 0.5, 0.5, 0.1];
  const saving = savingOf(hours([0, 1000, 0, 0, 0], price), hours([0, 0, 0, 1000, 0], price))!;
  expect(saving.baseline_eur - saving.paid_eur).toBeCloseTo(0.4, 9);
  expect([saving.energy_kwh, saving.lessHeat_eur, saving.shifted_eur]).toEqual([
    expect.closeTo(1, 9),
    expect.closeTo(0, 9),
    expect.closeTo(0.4, 9),
  ]);
});

test("half of the heat in the same hours is all less heat", () => {
  const price = [0.2, 0.2, 0.2, 0.2];
  const saving = savingOf(hours([0, 500, 500, 0], price), hours([0, 1000, 1000, 0], price))!;
  expect([saving.lessHeat_eur, saving.shifted_eur]).toEqual([expect.closeTo(0.2, 9), expect.closeTo(0, 9)]);
});

test("a counter that began anew counts from nothing; without meter there are no parts, without points nothing", () => {
  const own = hours([0, 1000, 1000], [0.2, 0.2, 0.2]);
  const [cost] = own.columns;
  const restarted = { ...own, columns: [{ ...cost, value: [10, 10.1, 0.05] }] };
  const saving = savingOf(restarted, own)!;
  expect(saving.paid_eur).toBeCloseTo(0.15, 9);
  expect([saving.energy_kwh, saving.shifted_eur]).toEqual([undefined, undefined]);
  expect(savingOf({ ...own, columns: [] }, own)).toBeUndefined();
});
