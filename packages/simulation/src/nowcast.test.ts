import { expect, test } from "vitest";
import { nowcast_c } from "./nowcast.ts";

test("carries the error that a forecast has now into its next hours, less and less", () => {
  const moved = nowcast_c(new Float64Array(96).fill(5), 2, 900);
  expect(moved[0]).toBeCloseTo(7, 1);
  for (let k = 1; k < 96; k++) expect(moved[k]).toBeLessThan(moved[k - 1]);
  expect(moved[95]).toBeCloseTo(5 + 2 * Math.exp(-2), 6); // a day on: twice the correlation time
});

test("leaves a forecast that is right as it is", () => {
  expect(nowcast_c(new Float64Array([1, 2, 3]), 0, 900)).toEqual(new Float64Array([1, 2, 3]));
});
