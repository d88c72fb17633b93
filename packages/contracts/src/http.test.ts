import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { describeZodError } from "./errors.ts";
import * as http from "./http.ts";
import { optimalPlan, payloads } from "./testing/arbitraries.ts";

const nowMs = Date.UTC(2026, 1, 1, 12);

describe("history query", () => {
  it("asks for the sensors of the last day by default", () => {
    const query = http.historyQuerySchema.parse({});
    expect(query.series).toBe("sensors");
    expect(http.historyRange(query, nowMs, Date.parse)).toEqual({
      startMs: nowMs - 86_400_000,
      stopMs: nowMs,
    });
  });

  it("takes instants, durations before now and windows", () => {
    const query = http.historyQuerySchema.parse({
      series: "plan.temperature",
      start: "2026-02-01T01:00:00+01:00",
      stop: "-2h",
      every: "15m",
    });
    expect(query.every).toBe(900);
    expect(http.historyRange(query, nowMs, Date.parse)).toEqual({
      startMs: Date.UTC(2026, 1, 1),
      stopMs: nowMs - 7_200_000,
    });
  });

  it.each([
    [{ series: "sensors; drop" }, "query.series must be one of sensors"],
    [{ series: "secrets" }, 'got "secrets"'],
    [
      { start: "yesterday" },
      'query.start must be a time such as 2026-02-01T06:00 (Europe/Paris) or 2026-02-01T06:00:00Z, a day, or a duration before now such as -24h, got "yesterday"',
    ],
    [{ every: "0m" }, 'query.every must be a duration such as 30s, 15m, 6h, 7d or 2w, got "0m"'],
    [{ evry: "5m" }, 'query has no field "evry"'],
  ])("refuses %j", (query, message) => {
    const result = http.historyQuerySchema.safeParse(query);
    expect(result.success ? "" : describeZodError(result.error, query, "query")).toContain(message);
  });

  it("refuses a stop before its start", () => {
    const query = http.historyQuerySchema.parse({ start: "-1h", stop: "-2h" });
    expect(() => http.historyRange(query, nowMs, Date.parse)).toThrow(
      "stop must be after start, got start -1h, stop -2h",
    );
  });

  it("never crashes on any text", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (start, stop, every) => {
        const result = http.historyQuerySchema.safeParse({ start, stop, every });
        if (result.success) expect(Number.isFinite(result.data.every)).toBe(true);
      }),
    );
  });
});

describe("control bodies", () => {
  it.each([
    [http.controlValveBodySchema, { valve_position: 101 }, "body.valve_position must be <= 100, got 101"],
    [http.controlValveBodySchema, { valve_position: "50" }, 'body.valve_position must be a number, got "50"'],
    [http.controlValveBodySchema, {}, "body.valve_position is missing"],
    [http.controlModeBodySchema, { auto_mode: "yes" }, 'body.auto_mode must be a boolean, got "yes"'],
    [http.controlModeBodySchema, {}, "body.auto_mode is missing"],
    [
      http.controlModeBodySchema,
      { auto_mode: false, mode: "off" },
      'body.mode must not come with auto_mode, got "off"',
    ],
    [http.controlModeBodySchema, [], "body must be an object, got []"],
  ])("refuse what they cannot mean", (schema, body, message) => {
    const result = schema.safeParse(body);
    expect(result.success ? "" : describeZodError(result.error, body, "body")).toBe(message);
  });

  it("never crash on any JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        const schemas: z.ZodType[] = [http.controlValveBodySchema, http.controlModeBodySchema];
        for (const schema of schemas) {
          const result = schema.safeParse(body);
          if (!result.success) expect(describeZodError(result.error, body, "body")).toMatch(/^body[^\n]+$/);
        }
      }),
    );
  });
});

it("every body and answer can be documented as JSON Schema", () => {
  const schemas = Object.entries(http).filter(([name]) => name.endsWith("Schema")) as [string, z.ZodType][];
  expect(schemas.length).toBeGreaterThan(15);
  for (const [, schema] of schemas) expect(z.toJSONSchema(schema, { io: "input" })).toHaveProperty("$schema");
});

describe("answers", () => {
  const metrics = { temperature: 20.4, valve_position: 35 };
  const state: http.StateResponse = {
    site: "home",
    time: "2026-02-01T12:00:00Z",
    simulated: false,
    mode: "manual",
    auto_mode: false,
    manual: { valve_position: 35, expires_at: "2026-02-01T16:00:00Z" },
    decision: {
      id: "d1",
      time: "2026-02-01T12:00:00Z",
      source: "manual",
      valve_position: 35,
      cause: "manual command",
      reason: "ordered by hand until 16:00",
    },
    next_decision_at: "2026-02-01T12:15:00Z",
    failsafe: { active: false },
    rooms: [
      { decides: true, room: "bath", time: "2026-02-01T11:59:30Z", age_s: 30, status: "fresh", metrics },
    ],
    heating: { status: "ok" },
    model: { source: "file" as const, last_calibration: null },
    estimate: {
      temperature: 20.4,
      mass_temperature: 20.1,
      mass_temperature_sd: 0.1,
      unknown_gains: -40,
      unknown_gains_sd: 90,
      sensor_noise: 0.1,
      heat_capacity: 3.2,
    },
    comfort: {
      min: 19,
      max: 28,
      margin: 0.05,
      setpoint_c: 19,
      rule: "schedule",
      preset: "comfort",
      until: null,
      reason: "schedule, comfort: at least 19.0 degrees",
      of: "air",
    },
    rate: null,
    inputs: {
      temperature: { source: "bath" },
      weather: { source: "EPW", kind: "epw_file" },
      tariff: { source: "calendar", kind: "file" },
    },
    savings: null,
    expected_cost: null,
  };

  it("pass the serialiser, which encodes them, unchanged", () => {
    expect(z.encode(http.stateResponseSchema, state)).toEqual(state);
    fc.assert(
      fc.property(optimalPlan, payloads.tariff, payloads.forecast, (plan, tariff, forecast) => {
        const answer = { requested_at: "2026-02-01T12:00:00Z", plan };
        expect(z.encode(http.planResponseSchema, answer)).toEqual(answer);
        expect(z.encode(http.serverEvents.tariff, tariff)).toEqual(tariff);
        expect(z.encode(http.serverEvents.forecast, forecast)).toEqual(forecast);
      }),
      { numRuns: 20 },
    );
  });

  it("are refused where they would say an impossible thing", () => {
    const wrong = { ...state, decision: { ...state.decision, valve_position: Number.NaN } };
    expect(z.safeEncode(http.stateResponseSchema, wrong as http.StateResponse).success).toBe(false);
  });
});

it("takes a duration that reaches back beyond 1970 as since 1970", () => {
  const query = http.historyQuerySchema.parse({ start: "-999999w" });
  expect(http.historyRange(query, nowMs, Date.parse)).toEqual({ startMs: 0, stopMs: nowMs });
});
