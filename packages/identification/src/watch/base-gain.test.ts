import { expect, test } from "vitest";
import { createBaseGain } from "./base-gain.ts";

const hours_step = 0.25;

/** Twenty usual days in which people come in the evening, then what is added to them. */
function after(days: number, added_k: (day: number, hour: number) => number) {
  const base = createBaseGain(hours_step);
  for (let step = 0; step < (20 + days) * 96; step++) {
    const [day, hour] = [step / 96 - 20, (step / 4) % 24];
    const people_k = hour >= 18 && hour < 22 ? 2 : 0;
    base.note(people_k - 0.3 + (day >= 0 ? added_k(day, hour) : 0), day < 0);
  }
  return base;
}

test("what is usual is none", () => {
  expect(after(3, () => 0).beyond_k).toBeCloseTo(0, 6);
});

test("a stove that goes out at night is none, however hot", () => {
  const base = after(6, (_, hour) => (hour >= 7 && hour < 23 ? 12 : 0));
  expect(base.beyond_k).toBeCloseTo(0, 6);
  expect(base.grown_k).toBe(0);
});

test("a heater that nobody switches off is, and does not grow", () => {
  const base = after(6, (day) => (day >= 0.4 ? 8 : 0));
  expect(base.beyond_k).toBeCloseTo(8, 6);
  expect(base.grown_k).toBeCloseTo(0, 6);
});

test("a thermometer that reads warmer from day to day looks like heat that grows", () => {
  const base = after(6, (day) => 2 * day);
  expect(base.beyond_k).toBeGreaterThan(9);
  expect(base.grown_k).toBeGreaterThan(6);
});

test("goes on after a restart where it was", () => {
  const { memory, beyond_k, grown_k } = after(6, (day) => 2 * day);
  const again = createBaseGain(hours_step, JSON.parse(JSON.stringify(memory)));
  expect(again.beyond_k).toBe(beyond_k);
  expect(again.grown_k).toBe(grown_k);
});
