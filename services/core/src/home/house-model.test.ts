import { disturbances } from "@azru/simulation";
import { referenceYearSource, stepMeans } from "@azru/weather";
import { expect, test } from "vitest";
import { building, startMs, stepMs } from "../testing/test-home.ts";
import { gainsTranslation, houseModel } from "./house-model.ts";

test("what acts on one model is, translated, what acts on another", async () => {
  const other = {
    ...building,
    windows: building.windows.map((window) => ({
      ...window,
      g: 1,
      area_m2: window.area_m2 * window.g * 1.7,
    })),
    internalGains_w: building.internalGains_w + 80,
  };
  const series = await referenceYearSource().series(startMs, startMs + 96 * stepMs);
  const weather = stepMeans(series, startMs, 900, 96);
  const [before, after] = [building, other].map((known) => disturbances(known, weather));
  expect(Math.max(...before.phi_sol_w)).toBeGreaterThan(100);
  const translated = gainsTranslation(houseModel(building, 900), houseModel(other, 900));
  for (const [k, phi_sol_w] of before.phi_sol_w.entries()) {
    const gains = translated({ phi_sol_w, phi_int_w: before.phi_int_w[k] });
    expect(gains.phi_sol_w).toBeCloseTo(after.phi_sol_w[k], 6);
    expect(gains.phi_int_w).toBe(after.phi_int_w[k]);
  }
});
