import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Point } from "./point.ts";
import {
  actuatorPoint,
  baselinePoint,
  modePoint,
  mpcPoint,
  planLeads_h,
  planPoints,
  type SeriesDefinition,
  type SeriesName,
  sensorPoint,
  series,
  tariffPoint,
} from "./series.ts";
import { optimalPlan, payloads, rate } from "./testing/arbitraries.ts";
import { timeMsOf } from "./time.ts";

/** Fails unless the point holds only what its series defines, with the right types. */
function expectDefined(point: Point) {
  const definition: SeriesDefinition = series[point.measurement as SeriesName];
  for (const tag of Object.keys(point.tags)) expect(definition.tags).toHaveProperty(tag);
  for (const [field, value] of Object.entries(point.fields)) {
    expect(typeof value).toBe(definition.fields[field]?.type);
  }
  expect(Object.keys(point.fields).length).toBeGreaterThan(0);
}

describe("points", () => {
  const { sensorMetrics, valveSet } = payloads;

  it("hold what their series defines and nothing else, whatever the message", () => {
    fc.assert(
      fc.property(sensorMetrics, valveSet, rate, optimalPlan, (metrics, command, price, plan) => {
        const run = { run: "winter", mode: "mpc" };
        expectDefined(sensorPoint("bath", metrics, 0));
        expectDefined(baselinePoint("bath", metrics, 0, run));
        expectDefined(actuatorPoint("bath", command, 0, run));
        expectDefined(tariffPoint(price, 0));
        expectDefined(mpcPoint(plan, 12, 0));
        for (const point of planPoints(plan, run)) expectDefined(point);
      }),
    );
  });

  it("carry the sensor's values, but not what a device left open", () => {
    expect(
      sensorPoint("bath", { temperature: 20, battery: undefined, sim_time: "2026-02-01T06:00:00Z" }, 5),
    ).toEqual({
      measurement: "sensors",
      tags: { location: "bath" },
      fields: { temperature: 20 },
      timeMs: 5,
    });
  });

  it("distinguish a valve's commands by their source", () => {
    expect(actuatorPoint("bath", { valve_position: 40, source: "failsafe" }, 5)).toEqual({
      measurement: "actuators",
      tags: { location: "bath", type: "valve", source: "failsafe" },
      fields: { valve_position: 40 },
      timeMs: 5,
    });
  });

  it("count the colours as EDF does", () => {
    const red = {
      start: "2026-02-01T05:00:00Z",
      end: "2026-02-01T21:00:00Z",
      price: 0.7,
      period: "peak",
      colour: "red",
    } as const;
    expect(tariffPoint(red, 0).fields).toEqual({ price: 0.7, period: "peak", colour: "red", colour_code: 3 });
  });

  it("of a failed optimisation say why", () => {
    const failed = {
      id: "r1",
      status: "failed",
      worker: "mpc-1",
      solve_ms: 3,
      error: "deadline passed",
    } as const;
    expect(mpcPoint(failed, 8, 0).fields).toEqual({
      id: "r1",
      status: "failed",
      worker: "mpc-1",
      solve_ms: 3,
      round_trip_ms: 8,
      error: "deadline passed",
    });
  });

  it("lose a character that no store can keep, not themselves", () => {
    const failed = {
      id: "r1",
      status: "failed",
      worker: "mpc-1",
      solve_ms: 3,
      error: "a\r\nb\0\uD800é\u{1F600}",
    } as const;
    expect(mpcPoint({ ...failed, error: "" }, 8, 0).fields).not.toHaveProperty("error");
    expect(mpcPoint(failed, 8, 0).fields.error).toBe("a\uFFFD\nb\uFFFD\uFFFDé\u{1F600}");
  });

  it("of the mode keep the manual command", () => {
    const manual = { auto_mode: false, valve_position: 30, expires_at: "2026-02-01T10:00:00Z" };
    expect(modePoint(manual, 7)).toEqual({ measurement: "mode", tags: {}, fields: manual, timeMs: 7 });
  });
});

it("a plan is stored whole once, and at each lead it reaches", () => {
  fc.assert(
    fc.property(optimalPlan, (plan) => {
      const points = planPoints(plan);
      const latest = points.filter((point) => point.tags.lead === "latest");
      expect(latest.map((point) => point.timeMs)).toEqual(plan.time.map(timeMsOf));
      expect(latest.map((point) => point.fields.temperature)).toEqual(plan.temperature);
      const reached = planLeads_h.filter((lead_h) => lead_h * 3600 < plan.time.length * plan.step_s);
      const ahead = points.filter((point) => point.tags.lead !== "latest");
      expect(ahead.map((point) => point.tags.lead)).toEqual(reached.map((lead_h) => `${lead_h}h`));
      for (const [i, point] of ahead.entries()) {
        const step = (reached[i] * 3600) / plan.step_s;
        expect(point.fields.temperature).toBe(plan.temperature[step]);
        expect(point.timeMs).toBe(timeMsOf(plan.time[step]));
      }
    }),
  );
});
