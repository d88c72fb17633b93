import type { ComfortSettings } from "@azru/contracts";
import { expect, test } from "vitest";
import { ceilingAt_c, defaultRequests, highestCeiling_c, newHomeRequests, stepCeilings_c } from "./index.ts";

const { settings } = defaultRequests({ comfort: { min_c: 19, max_c: 28 } }, 0);
const warmest = { day_c: 23, night_c: 21, night_from: "22:30", night_until: "06:30" };
const cool: ComfortSettings = { ...settings, warmest };
const hour = 3_600_000;
const at = (time: string) => Date.parse(`2026-01-18T${time}:00+01:00`);

test("holds by day and by night, over midnight too", () => {
  const times = ["22:29", "22:30", "03:00", "06:29", "06:30", "12:00"];
  expect(times.map((time) => ceilingAt_c(cool, at(time), 28))).toEqual([23, 21, 21, 21, 23, 23]);
  const noon = { ...cool, warmest: { ...warmest, night_from: "01:00", night_until: "09:00" } };
  expect(["00:30", "01:00", "09:00"].map((time) => ceilingAt_c(noon, at(time), 28))).toEqual([23, 21, 23]);
});

test("is the building's where nobody has said what is too warm", () => {
  expect([ceilingAt_c(settings, at("03:00"), 28), highestCeiling_c(settings, 28)]).toEqual([28, 28]);
  expect(highestCeiling_c(cool, 28)).toBe(23);
});

test("of a step is the lower that holds within it, and never below what is asked for", () => {
  const steps = { startMs: at("20:00"), step_ms: hour };
  const ceilings = stepCeilings_c(cool, 28, steps, Float64Array.of(19, 19, 19, 17, 22));
  expect([...ceilings]).toEqual([23, 23, 21, 21, 22]);
});

test("a new home begins at 23 degrees by day and 21 at night, or at its building's where that is lower", () => {
  const of = (min_c: number, max_c: number) =>
    newHomeRequests({ comfort: { min_c, max_c } }, 0).settings.warmest;
  expect(of(19, 28)).toMatchObject({ day_c: 23, night_c: 21 });
  expect(of(19, 22)).toMatchObject({ day_c: 22, night_c: 21 });
  expect(of(22.5, 28)).toMatchObject({ day_c: 23.5, night_c: 23.5 });
});
