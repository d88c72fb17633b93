import { createThermostat } from "@azru/control";
import { stateSpaceOf } from "@azru/house";
import {
  affineStep,
  createZone,
  emissionSystems,
  prototypeHeatingPower_w,
  prototypeHome,
  stepZone,
} from "@azru/physics";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ClosedLoop, closedLoop } from "./closed-loop.ts";
import type { Disturbances } from "./disturbances.ts";
import { forecastAt, perfect } from "./outlook.ts";

const zone = createZone(prototypeHome);
const emission = emissionSystems.floorHeating;
const dtSeconds = 900;
const startMs = Date.UTC(2026, 0, 11);

function weatherOf(theta_e_c: number[], phi_sol_w: number[] = []): Disturbances {
  const steps = theta_e_c.length;
  return {
    startMs,
    dtSeconds,
    theta_e_c: Float64Array.from(theta_e_c),
    phi_sol_w: Float64Array.from(theta_e_c, (_, k) => phi_sol_w[k] ?? 0),
    phi_int_w: new Float64Array(steps).fill(100),
    cop: new Float64Array(steps).fill(2),
  };
}

function loopOf(disturbances: Disturbances, overrides: Partial<ClosedLoop> = {}): ClosedLoop {
  const steps = disturbances.theta_e_c.length;
  const price_eur_kwh = new Float64Array(steps).fill(0.2);
  return {
    twin: { model: stateSpaceOf(affineStep(zone, emission, dtSeconds)), maxPower_w: prototypeHeatingPower_w },
    controller: createThermostat(),
    disturbances,
    price_eur_kwh,
    steps,
    x_start_c: [20],
    theta_air_start_c: 20,
    forecastAt: forecastAt(perfect(disturbances), perfect(price_eur_kwh)),
    stopwatch: () => 0,
    ...overrides,
  };
}

function live(loop: ClosedLoop) {
  const run = closedLoop(loop);
  for (;;) {
    const { done, value } = run.next();
    if (done) return value;
  }
}

describe("closedLoop", () => {
  test("moves the house by the step of ISO 13790", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.double({ min: -20, max: 35, noNaN: true }),
            fc.double({ min: 0, max: 3000, noNaN: true }),
          ),
          {
            minLength: 1,
            maxLength: 60,
          },
        ),
        (weather) => {
          const disturbances = weatherOf(
            weather.map(([t]) => t),
            weather.map(([, s]) => s),
          );
          const t = live(loopOf(disturbances));
          let theta_m_prev_c = 20;
          for (let k = 0; k < t.length; k++) {
            const step = stepZone(zone, emission, dtSeconds, {
              theta_m_prev_c,
              theta_e_c: disturbances.theta_e_c[k],
              phi_sol_w: disturbances.phi_sol_w[k],
              phi_int_w: 100,
              phi_HC_w: t.phi_HC_w[k],
            });
            expect(t.theta_m_c[k]).toBeCloseTo(step.theta_m_next_c, 9);
            expect(t.theta_air_c[k]).toBeCloseTo(step.theta_air_c, 9);
            theta_m_prev_c = step.theta_m_next_c;
          }
        },
      ),
    );
  });

  test("pays for electricity, not for heat: power is heat over COP, cost is power times price", () => {
    const t = live(loopOf(weatherOf([-5, -5, -5, -5])));
    expect([...t.phi_HC_w]).toContain(prototypeHeatingPower_w);
    for (let k = 0; k < t.length; k++) {
      expect(t.power_w[k]).toBe(t.phi_HC_w[k] / 2);
      expect(t.cost_eur[k]).toBeCloseTo((t.power_w[k] / 1000) * 0.25 * 0.2, 12);
    }
  });

  test("hands over what was computed when it is left early", () => {
    const run = closedLoop(loopOf(weatherOf(new Array(100).fill(0))));
    run.next();
    const { value } = run.next();
    expect(value.length).toBe(2);
    expect(value.theta_air_c[1]).toBeGreaterThan(10);
    expect(value.theta_air_c[2]).toBe(0);
  });

  test("gives the controller the air of the step before and the mass of now", () => {
    const seen: [number, number][] = [];
    const t = live(
      loopOf(weatherOf([0, 0, 0]), {
        controller: {
          name: "spy",
          horizonSteps: 0,
          decide({ theta_air_c, x_c }) {
            seen.push([theta_air_c, x_c[0]]);
            return { valve: 0.5 };
          },
        },
      }),
    );
    expect(seen).toEqual([
      [20, 20],
      [t.theta_air_c[0], t.theta_m_c[0]],
      [t.theta_air_c[1], t.theta_m_c[1]],
    ]);
  });

  test.each([Number.NaN, -0.1, 1.1])("refuses a valve of %s", (valve) => {
    const controller = { name: "broken", horizonSteps: 0, decide: () => ({ valve }) };
    expect(() => live(loopOf(weatherOf([0]), { controller }))).toThrow(
      `broken decided valve ${valve} at step 0, must be within 0..1`,
    );
  });

  test("refuses series that are shorter than the run", () => {
    expect(() => live(loopOf(weatherOf([0, 0]), { steps: 3 }))).toThrow(
      /theta_e_c has 2 steps, the run needs 3/,
    );
  });

  test("refuses a twin with another step", () => {
    const twin = { model: stateSpaceOf(affineStep(zone, emission, 60)), maxPower_w: 1000 };
    expect(() => live(loopOf(weatherOf([0]), { twin }))).toThrow("twin.model.dtSeconds 60 differs");
  });
});
