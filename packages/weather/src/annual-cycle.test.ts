import { expect, test } from "vitest";
import { normalTemperature_c } from "./annual-cycle.ts";
import { towns } from "./normals.ts";

const dayMs = 86_400_000;

test.each(["lyon", "paris"] as const)("the days' normals have the months' means, %s", (town) => {
  const { min_c, max_c } = towns[town];
  const normal_c = normalTemperature_c(towns[town]);
  for (let month = 0; month < 12; month++) {
    let sum = 0;
    let count = 0;
    for (let ms = Date.UTC(2025, month, 1); ms < Date.UTC(2025, month + 1, 1); ms += dayMs) {
      sum += normal_c(new Date(ms).toISOString().slice(0, 10));
      count++;
    }
    expect(Math.abs(sum / count - (min_c[month] + max_c[month]) / 2)).toBeLessThan(0.7);
  }
});

test("what is no date is refused", () => {
  expect(() => normalTemperature_c(towns.lyon)("17/01/2025")).toThrow(
    'day must be a date YYYY-MM-DD, got "17/01/2025"',
  );
});
