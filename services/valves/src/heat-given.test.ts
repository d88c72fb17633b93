import { expect, it } from "vitest";
import { createHeatGiven } from "./heat-given.ts";

it("is the share of the heaters' power since it was last taken", () => {
  const given = createHeatGiven([2000, 1000]);
  given.step(0, [true, false]);
  given.step(60_000, [true, true]);
  given.step(120_000, [false, false]);
  expect(given.take()).toBe(83.33);
  given.step(180_000, [false, true]);
  expect(given.take()).toBe(0);
  expect(given.take()).toBe(33.33); // no time has passed: what is on now
});

it("is not known where for some of the time nobody knew, and counts heaters of unknown power alike", () => {
  const given = createHeatGiven([0, 0]);
  given.step(0, undefined);
  given.step(60_000, [true, false]);
  expect(given.take()).toBeUndefined();
  given.step(120_000, [true, false]);
  expect(given.take()).toBe(50);
});
