import { expect, test } from "vitest";
import type { History } from "../history.ts";
import { firstStepsLast } from "./first-steps-last.ts";

test("puts first days last after a gap of a day and more, at the same hours", () => {
  const dtSeconds = 7200; // 12 steps a day
  const steps = 3 * 12 + 5;
  const column = Float64Array.from({ length: steps }, (_, k) => k);
  const history: History = {
    startMs: 0,
    dtSeconds,
    theta_air_c: column,
    valve: column,
    theta_e_c: column,
    phi_sol_w: column,
    solarGains: "windows",
  };
  const { startMs, theta_air_c, phi_HC_w } = firstStepsLast(history, 12);
  expect(phi_HC_w).toBeUndefined();
  expect(startMs).toBe(86_400_000);
  expect([...theta_air_c.subarray(0, steps - 12)]).toEqual([...column.subarray(12)]);
  expect([...theta_air_c.subarray(-12)]).toEqual([...column.subarray(0, 12)]);
  const gap = theta_air_c.subarray(steps - 12, -12);
  expect(gap.length).toBe(12 + 7); // 7 steps until the clock is where the history began
  expect(gap.every(Number.isNaN)).toBe(true);
});
