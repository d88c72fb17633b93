import { describe, expect, test } from "vitest";
import { compare, type Kpis, kpis } from "./kpi.ts";
import { createTrajectory } from "./trajectory.ts";

const comfort = { min_c: 19, max_c: 28 };

function trajectoryOf(
  valve: number[],
  theta_air_c: number[],
  { dtSeconds = 1800, length = valve.length } = {},
) {
  const t = createTrajectory(0, dtSeconds, valve.length);
  t.length = length;
  t.valve.set(valve);
  t.phi_HC_w.set(valve.map((v) => v * 4000));
  t.power_w.set(valve.map((v) => v * 2000));
  t.theta_air_c.set(theta_air_c);
  t.theta_m_c.set(theta_air_c.map((theta) => theta - 1));
  t.cost_eur.set(valve.map((v) => v * 0.3));
  t.optimisation_ms.set(valve.map((_, k) => k + 1));
  return t;
}

describe("kpis", () => {
  test("integrates over the steps", () => {
    const result = kpis(trajectoryOf([1, 0, 0.5, 1], [18, 20, 29, 30]), comfort);
    expect(result).toEqual({
      days: 2 / 24,
      cost_eur: expect.closeTo(0.75, 12),
      energy_kwh: 2.5,
      heat_kwh: 5,
      discomfortBelow_kh: 0.5,
      discomfortAbove_kh: 1.5,
      peak_kw: 2,
      starts: 2,
      meanTemperature_c: 24.25,
      minTemperature_c: 18,
      maxTemperature_c: 30,
      theta_m_end_c: 29,
      optimisation: { count: 4, mean_ms: 2.5, p95_ms: 4, max_ms: 4 },
    });
  });

  test("counts only what was simulated", () => {
    const result = kpis(trajectoryOf([1, 1, 1], [10, 20, 99], { length: 2 }), comfort);
    expect(result.energy_kwh).toBe(2);
    expect(result.maxTemperature_c).toBe(20);
    expect(result.theta_m_end_c).toBe(19);
  });

  test("does not count a valve that stays open as starts", () => {
    expect(kpis(trajectoryOf([0, 1, 0.2, 1, 0], [20, 20, 20, 20, 20]), comfort).starts).toBe(1);
  });

  test("refuses a run that never began", () => {
    expect(() => kpis(trajectoryOf([], []), comfort)).toThrow("trajectory.length must be > 0, got 0");
  });
});

describe("compare", () => {
  const run = (cost_eur: number, heat_kwh: number, theta_m_end_c: number): Kpis => ({
    ...kpis(trajectoryOf([1], [20]), comfort),
    cost_eur,
    heat_kwh,
    theta_m_end_c,
  });

  test("charges the candidate for ending colder, at what heat cost the baseline", () => {
    const capacitance_j_k = 10 * 3_600_000; // 10 kWh/K
    const result = compare(run(200, 1000, 21), run(150, 900, 20), capacitance_j_k);
    expect(result.saving_eur).toBe(50);
    expect(result.heatLeft_eur).toBe(2);
    expect(result.fairSaving_eur).toBe(48);
    expect(result.fairSaving).toBe(0.24);
  });

  test("credits it for ending warmer", () => {
    expect(compare(run(200, 1000, 20), run(150, 900, 21), 36e6).fairSaving_eur).toBe(52);
  });

  test("splits the saving into electricity shifted to cheaper hours and electricity not used", () => {
    const baseline = { ...run(200, 1000, 20), energy_kwh: 1000 }; // 0.20 EUR/kWh
    const candidate = { ...run(108, 900, 20), energy_kwh: 900 }; // 0.12 EUR/kWh
    const { fairSaving_eur, shifted_eur, lessHeat_eur } = compare(baseline, candidate, 36e6);
    expect([fairSaving_eur, lessHeat_eur]).toEqual([92, 20]);
    expect(shifted_eur).toBeCloseTo(900 * 0.08, 12);
    const colder = compare(baseline, { ...candidate, theta_m_end_c: 19 }, 36e6); // 10 kWh taken from the walls
    expect([colder.lessHeat_eur, colder.shifted_eur]).toEqual([18, 72]);
  });

  test("gives no share where the baseline paid nothing", () => {
    const result = compare(run(0, 0, 20), run(0, 0, 20), 36e6);
    expect(result.fairSaving).toBe(0);
  });
});
