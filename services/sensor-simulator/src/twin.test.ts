import { createZone, emissionSystems, stepZone } from "@azru/physics";
import { disturbances, simulate } from "@azru/simulation";
import { referenceYearSource, stepMeans } from "@azru/weather";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { building } from "./testing/home.ts";
import { type Conditions, createTwin, firstMoment, type Moment, nextMoment } from "./twin.ts";

const mild: Conditions = { theta_e_c: 4, phi_sol_w: 300, phi_int_w: 120, cop: 3, price_eur_kwh: 0.2 };

function lived(moments: readonly Moment[], what: (moment: Moment) => number): number[] {
  return moments.slice(1).map(what);
}

describe("the twin", () => {
  it("lives through three winter days exactly as the batch simulator does", async () => {
    const startMs = Date.UTC(2026, 0, 11);
    const steps = 3 * 1440;
    const series = await referenceYearSource().series(startMs, startMs + 3 * 86_400_000);
    const weather = stepMeans(series, startMs, 60, steps);
    const price_eur_kwh = Float64Array.from({ length: steps }, (_, k) => (k % 1440 < 480 ? 0.12 : 0.71));
    const plan = { building, mode: "manual", solver: "exact", steps, horizonSteps: 0, weather } as const;
    const run = simulate({ ...plan, price_eur_kwh, theta_start_c: 20 }, () => 0);
    let { value: reference, done } = run.next();
    while (!done) ({ value: reference, done } = run.next());

    const outside = disturbances(building, weather);
    const at = (k: number): Conditions => ({
      theta_e_c: outside.theta_e_c[k],
      phi_sol_w: outside.phi_sol_w[k],
      phi_int_w: outside.phi_int_w[k],
      cop: outside.cop[k],
      price_eur_kwh: price_eur_kwh[k],
    });
    const twin = createTwin(building, 60);
    const moments = [firstMoment(startMs, 20, at(0))];
    for (let k = 0; k < steps; k++) {
      moments.push(nextMoment(twin, moments[k], reference.valve[k], at(k)));
    }

    expect(new Set(reference.valve).size).toBe(2);
    expect(lived(moments, (m) => m.theta_air_c)).toEqual([...reference.theta_air_c]);
    expect(lived(moments, (m) => m.theta_m_c)).toEqual([...reference.theta_m_c]);
    expect(lived(moments, (m) => m.power_w)).toEqual([...reference.power_w]);
    const { cost_eur, energy_kwh, timeMs } = moments.at(-1)!;
    expect(cost_eur).toBeCloseTo(
      reference.cost_eur.reduce((a, b) => a + b, 0),
      9,
    );
    expect(energy_kwh).toBeCloseTo(reference.power_w.reduce((a, b) => a + b, 0) / 60_000, 9);
    expect(timeMs).toBe(startMs + 3 * 86_400_000);
  });

  it("takes the step of ISO 13790 for any valve and any weather", () => {
    const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    const zone = createZone(building.zone);
    fc.assert(
      fc.property(
        fc.constantFrom(1, 60, 300, 3600),
        number(0, 1),
        number(-10, 35),
        number(-30, 45),
        number(0, 3000),
        number(0, 500),
        (dtSeconds, valve, theta_m_prev_c, theta_e_c, phi_sol_w, phi_int_w) => {
          const before = firstMoment(0, theta_m_prev_c, mild);
          const outside = { theta_e_c, phi_sol_w, phi_int_w, cop: 1, price_eur_kwh: undefined };
          const { theta_air_c, theta_m_c } = nextMoment(
            createTwin(building, dtSeconds),
            before,
            valve,
            outside,
          );
          const phi_HC_w = valve * building.heating.maxPower_w;
          const input = { theta_m_prev_c, theta_e_c, phi_sol_w, phi_int_w, phi_HC_w };
          const iso = stepZone(zone, emissionSystems.floorHeating, dtSeconds, input);
          expect(theta_air_c).toBeCloseTo(iso.theta_air_c, 9);
          expect(theta_m_c).toBeCloseTo(iso.theta_m_next_c, 9);
        },
      ),
    );
  });

  it("in states, warms air and walls over hours, where the zone's air follows at once", () => {
    const radiators = { ...building, heating: { ...building.heating, emission: "convector" } } as const;
    const outside: Conditions = { theta_e_c: 20, phi_sol_w: 0, phi_int_w: 0, cop: 1, price_eur_kwh: 0.2 };
    const [zone, states] = (["5r1c", "states"] as const).map((form) => {
      const twin = createTwin(radiators, 60, form);
      const moments = [firstMoment(0, 20, outside)];
      for (let k = 0; k < 120; k++) moments.push(nextMoment(twin, moments[k], 1, outside));
      return moments;
    });
    const rise_k = (moments: readonly Moment[], minute: number) => moments[minute].theta_air_c - 20;
    expect(rise_k(states, 1)).toBeLessThan(0.2 * rise_k(zone, 1));
    expect(rise_k(states, 120)).toBeGreaterThan(0.7 * rise_k(zone, 120));
    expect(states.at(-1)!.theta_m_c).toBeGreaterThan(20);
  });

  it("pays for electricity, not for heat, and only where the price is known", () => {
    const twin = createTwin(building, 1800);
    const first = firstMoment(0, 20, mild);
    const half = nextMoment(twin, first, 0.5, mild);
    expect(half.power_w).toBe(750);
    expect(half.energy_kwh).toBe(0.375);
    expect(half.costStep_eur).toBeCloseTo(0.075, 12);
    const free = nextMoment(twin, half, 1, { ...mild, price_eur_kwh: undefined });
    expect(free.costStep_eur).toBeUndefined();
    expect(free.cost_eur).toBe(half.cost_eur);
    expect(free.energy_kwh).toBe(1.125);
  });
});
