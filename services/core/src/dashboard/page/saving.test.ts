import type { HistoryResponse } from "@azru/contracts";
import { expect, test } from "vitest";
import { type Saving, savingOf } from "./saving.ts";

const hourMs = 3_600_000;

/** What heats: the mean power of each hour, and the price in it. */
interface Heated {
  readonly power_w: readonly number[];
  readonly price_eur_kwh: readonly number[];
}

/** Hours to be looked at, the last one excluded. */
type Hours = readonly [from: number, to: number];

function history(field: string, every_s: number | null, timesMs: readonly number[], value: number[]) {
  const time = timesMs.map((timeMs) => new Date(timeMs).toISOString());
  const columns = [{ field, unit: "", tags: { location: "living" }, time, value }];
  return { measurement: "savings", start: time[0], stop: time.at(-1)!, every_s, columns } as HistoryResponse;
}

/** A counter as it stands at the beginning of each hour, and at the end. */
function counter({ power_w, price_eur_kwh }: Heated): HistoryResponse {
  const values = [10];
  for (const [i, power] of power_w.entries()) values.push(values[i] + (power / 1000) * price_eur_kwh[i]);
  return history(
    "cost",
    null,
    [...values.keys()].map((hour) => hour * hourMs),
    values,
  );
}

function power({ power_w }: Heated, [from, to]: Hours): HistoryResponse {
  const hours = [...power_w.keys()].slice(from, to);
  return history(
    "power_consumption",
    3600,
    hours.map((hour) => hour * hourMs),
    power_w.slice(from, to),
  );
}

function saved(own: Heated, thermostat: Heated, hours: Hours = [0, own.power_w.length]): Saving {
  return savingOf({
    startMs: hours[0] * hourMs,
    stopMs: hours[1] * hourMs,
    paid: counter(own),
    baseline: counter(thermostat),
    power: power(own, hours),
    baselinePower: power(thermostat, hours),
  })!;
}

test("the same heat in cheaper hours is all shifted", () => {
  const price_eur_kwh = [0.1, 0.1, 0.5, 0.5, 0.1];
  const saving = saved(
    { power_w: [0, 1000, 0, 0, 0], price_eur_kwh },
    { power_w: [0, 0, 0, 1000, 0], price_eur_kwh },
  );
  expect(saving.baseline_eur - saving.paid_eur).toBeCloseTo(0.4, 9);
  expect([saving.energy_kwh, saving.lessHeat_eur, saving.shifted_eur]).toEqual([
    expect.closeTo(1, 9),
    expect.closeTo(0, 9),
    expect.closeTo(0.4, 9),
  ]);
});

test("half of the heat in the same hours is all less heat", () => {
  const price_eur_kwh = [0.2, 0.2, 0.2, 0.2];
  const saving = saved(
    { power_w: [0, 500, 500, 0], price_eur_kwh },
    { power_w: [0, 1000, 1000, 0], price_eur_kwh },
  );
  expect([saving.lessHeat_eur, saving.shifted_eur]).toEqual([expect.closeTo(0.2, 9), expect.closeTo(0, 9)]);
});

test("days add up to their week, with what is heated around midnight", () => {
  const hours = [...Array(7 * 24).keys()];
  const price_eur_kwh = hours.map((hour) => (hour % 24 < 6 || hour % 24 >= 22 ? 0.16 : 0.7));
  const own = {
    power_w: hours.map((hour) => (hour % 24 < 6 || hour % 24 >= 22 ? 3000 : 100)),
    price_eur_kwh,
  };
  const thermostat = { power_w: hours.map((hour) => 1000 + (hour % 7)), price_eur_kwh };
  const week = saved(own, thermostat, [0, 168]);
  const days = [...Array(7).keys()].map((day) => saved(own, thermostat, [24 * day, 24 * day + 24]));
  const total = (of: (saving: Saving) => number) => days.reduce((sum, day) => sum + of(day), 0);
  expect(total(({ paid_eur }) => paid_eur)).toBeCloseTo(week.paid_eur, 9);
  expect(total(({ baseline_eur }) => baseline_eur)).toBeCloseTo(week.baseline_eur, 9);
  expect(total(({ energy_kwh }) => energy_kwh!)).toBeCloseTo(week.energy_kwh!, 9);
  expect(week.energy_kwh).toBeCloseTo(7 * (8 * 3 + 16 * 0.1), 9);
  expect(week.paid_eur).toBeCloseTo(7 * (8 * 3 * 0.16 + 16 * 0.1 * 0.7), 9);
});

test("energy that only one side has explains no cost; a window that is not over counts for its time", () => {
  const price_eur_kwh = [0.2, 0.2, 0.2];
  const heated = { power_w: [1000, 1000, 1000], price_eur_kwh };
  const stretch = {
    startMs: 0,
    stopMs: 2.5 * hourMs,
    paid: counter(heated),
    baseline: counter(heated),
    power: power(heated, [0, 3]),
    baselinePower: power(heated, [1, 3]),
  };
  const { energy_kwh, lessHeat_eur, shifted_eur } = savingOf(stretch)!;
  expect([energy_kwh, lessHeat_eur, shifted_eur]).toEqual([
    expect.closeTo(2.5, 9),
    expect.closeTo(0, 9),
    expect.closeTo(0, 9),
  ]);
});

test("a counter that began anew counts from nothing; without meter there are no parts, without points nothing", () => {
  const heated = { power_w: [0, 1000, 1000], price_eur_kwh: [0.2, 0.2, 0.2] };
  const restarted = history("cost", null, [0, hourMs, 2 * hourMs], [10, 10.1, 0.05]);
  const stretch = {
    startMs: 0,
    stopMs: 3 * hourMs,
    paid: restarted,
    baseline: counter(heated),
    power: null,
    baselinePower: power(heated, [0, 3]),
  };
  const saving = savingOf(stretch)!;
  expect(saving.paid_eur).toBeCloseTo(0.15, 9);
  expect([saving.energy_kwh, saving.shifted_eur]).toEqual([undefined, undefined]);
  expect(savingOf({ ...stretch, paid: { ...restarted, columns: [] } })).toBeUndefined();
  expect(savingOf({ ...stretch, startMs: 5 * hourMs, stopMs: 6 * hourMs })).toBeUndefined();
});
