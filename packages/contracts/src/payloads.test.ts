import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { describeZodError } from "./errors.ts";
import { mpcRequestSchema } from "./mpc.ts";
import { forecastStateSchema, sensorMetricsSchema, valveCommandSchema } from "./payloads.ts";
import { damaged, payloads } from "./testing/arbitraries.ts";
import { type TopicKind, topics } from "./topics.ts";

const kinds = Object.keys(topics) as TopicKind[];

describe.each(kinds)("payload of %s", (kind) => {
  const schema: z.ZodType = topics[kind].schema;
  const valid: fc.Arbitrary<unknown> = payloads[kind];

  it("survives the wire unchanged", () => {
    fc.assert(
      fc.property(valid, (payload) => {
        const received: unknown = JSON.parse(JSON.stringify(payload));
        expect(schema.parse(received)).toEqual(received);
      }),
      { numRuns: 300 },
    );
  });

  it("is refused in one line, never with a crash, when it is any other JSON", () => {
    fc.assert(
      fc.property(
        fc.oneof(damaged(valid), fc.jsonValue(), fc.anything({ withNullPrototype: true })),
        (input) => {
          const result = schema.safeParse(input);
          if (result.success) expect(hasOnlyFiniteNumbers(result.data)).toBe(true);
          else expect(describeZodError(result.error, input, "payload")).toMatch(/^payload[^\n]+$/);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("can be published as JSON Schema", () => {
    expect(z.toJSONSchema(schema, { io: "input" })).toHaveProperty("$schema");
    expect(z.toJSONSchema(schema, { io: "output" })).toHaveProperty("$schema");
  });
});

function hasOnlyFiniteNumbers(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every(hasOnlyFiniteNumbers);
}

describe("sensor metrics", () => {
  it("need only a temperature, and leave out what a device adds", () => {
    expect(sensorMetricsSchema.parse({ temperature: 20.5, linkquality: 87, state: "ON" })).toEqual({
      temperature: 20.5,
    });
  });

  it("take null for unknown, as zigbee2mqtt sends it, but not for the temperature", () => {
    expect(sensorMetricsSchema.parse({ temperature: 20, battery: null }).battery).toBeUndefined();
    expect(sensorMetricsSchema.safeParse({ temperature: null }).success).toBe(false);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -300, 4000, "20", undefined])(
    "refuse a temperature of %s",
    (temperature) => {
      expect(sensorMetricsSchema.safeParse({ temperature }).success).toBe(false);
    },
  );

  it.each(["1969-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])(
    "refuse the time %s, which no clock shows",
    (sim_time) => {
      const metrics = { temperature: 20, sim_time };
      const result = sensorMetricsSchema.safeParse(metrics);
      expect(result.success ? "" : describeZodError(result.error, metrics, "metrics")).toBe(
        `metrics.sim_time must lie within the years 1970 to 2199, got "${sim_time}"`,
      );
    },
  );

  it("refuse a simulated time without an offset", () => {
    expect(sensorMetricsSchema.safeParse({ temperature: 20, sim_time: "2026-02-01T06:00:00" }).success).toBe(
      false,
    );
  });
});

describe("valve command", () => {
  it.each([-1, 100.5])("refuses a position of %s", (valve_position) => {
    expect(valveCommandSchema.safeParse({ valve_position, source: "mpc" }).success).toBe(false);
  });

  it("refuses a field it does not know", () => {
    const command = { valve_position: 50, source: "mpc", positon: 50 };
    const result = valveCommandSchema.safeParse(command);
    expect(result.success ? "" : describeZodError(result.error, command, "command")).toBe(
      'command has no field "positon"',
    );
  });
});

it("a forecast names the array of another length", () => {
  const forecast = {
    issued_at: "2026-02-01T05:00:00Z",
    source: "test",
    start: "2026-02-01T05:00:00Z",
    step_s: 900,
    temperature: [1, 2, 3],
    direct_normal_irradiance: [1, 2],
    diffuse_horizontal_irradiance: [1, 2, 3],
    cloud_cover: [0, 0, 1],
  };
  const result = forecastStateSchema.safeParse(forecast);
  expect(result.success ? "" : describeZodError(result.error, forecast, "forecast")).toBe(
    "forecast.direct_normal_irradiance must have 3 values like temperature, has 2",
  );
});

it("an MPC request whose deadline has passed on issue is refused", () => {
  const [request] = fc.sample(payloads.mpcRequest, 1);
  const late = { ...request, deadline: "2026-02-01T04:59:59Z" };
  const result = mpcRequestSchema.safeParse(late);
  expect(result.success ? "" : describeZodError(result.error, late, "request")).toContain(
    "request.deadline must not be before issued_at",
  );
});
