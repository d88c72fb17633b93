import { expect, it } from "vitest";
import { modelLimits } from "./model-limits.ts";

/** A house that is at 10 degrees with the valve shut, and 0.2 K warmer for each percent that it is open. */
const house = {
  contradiction: () => "jump" as "jump" | "course" | undefined,
  mayBeStove: false,
  valveFor: (theta_c: number) => Math.max(0, Math.min(1, (theta_c - 10) / 20)),
};
const nothing = { zone: undefined };
const forecast = { min_c: new Float64Array([19]) };

it("allows everything while the model has nothing against the thermometer", () => {
  const fine = { ...house, contradiction: () => undefined };
  expect(modelLimits(fine, nothing, { source: "mpc" }, forecast)).toBeUndefined();
});

it("holds a home within 3 K of its setpoint when its thermometer jumps", () => {
  const { least, most } = modelLimits(house, nothing, { source: "mpc" }, forecast)!;
  expect(least).toBeCloseTo(0.3);
  expect(most).toBeCloseTo(0.6);
});

it("lets it be heated to 28 degrees where model and thermometer part over hours: either may be wrong", () => {
  const slow = { ...house, contradiction: () => "course" as const };
  expect(modelLimits(slow, nothing, { source: "mpc" }, forecast)!.most).toBeCloseTo(0.9);
});

it("keeps a valve set by hand from frost and from 28 degrees alone, and a home with a stove from frost", () => {
  const byHand = modelLimits(house, nothing, { source: "manual" }, forecast)!;
  expect(byHand.least).toBeCloseTo(0);
  expect(byHand.most).toBeCloseTo(0.9);
  const stove = { ...house, contradiction: () => "course" as const, mayBeStove: true };
  expect(modelLimits(stove, nothing, { source: "mpc" }, forecast)!.least).toBeCloseTo(0);
});
