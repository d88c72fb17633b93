/** Valid messages of every kind, for property tests. */
import fc from "fast-check";
import { z } from "zod";
import { type MpcRequest, optimalPlanSchema } from "../mpc.ts";
import { rateSchema } from "../payloads.ts";
import { isoTimeOf } from "../time.ts";
import { type TopicKind, type TopicPayload, topics } from "../topics.ts";

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true, noDefaultInfinity: true });
const temperature = number(-60, 80);
const power = number(0, 100_000);
const price = number(-10, 10);
const time = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2100, 0) }).map(isoTimeOf);
const room = fc.constantFrom("Salon (nord)", "bath");

/** JSON that a schema takes, where it asks nothing beyond its JSON Schema that few values have. */
function accepted<Value>(schema: z.ZodType<Value>, listLength?: number): fc.Arbitrary<Value> {
  const described = anyOf(z.toJSONSchema(schema), listLength) as fc.Arbitrary<Value>;
  return described.filter((value) => schema.safeParse(value).success);
}

/** @param listLength of every list; by default each has its own, a few values at most */
function anyOf(schema: z.core.JSONSchema._JSONSchema, listLength?: number): fc.Arbitrary<unknown> {
  if (typeof schema === "boolean") return fc.jsonValue();
  const { anyOf: branches = schema.oneOf, enum: values } = schema;
  if (branches) return fc.oneof(...branches.map((branch) => anyOf(branch, listLength)));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (values) return fc.constantFrom(...values);
  switch (schema.type) {
    case "object":
      return objectOf(schema, listLength);
    case "array": {
      const { minItems = 0, maxItems = 5 } = schema;
      const length = Math.min(listLength ?? 5, maxItems);
      const items = schema.items as z.core.JSONSchema._JSONSchema;
      return fc.array(anyOf(items, listLength), { minLength: listLength ?? minItems, maxLength: length });
    }
    case "number":
      return number(schema.minimum ?? -1e6, schema.maximum ?? 1e6);
    case "integer":
      return fc.integer({ min: schema.minimum ?? -1e6, max: schema.maximum ?? 1e6 });
    case "string":
      return textOf(schema);
    case "boolean":
      return fc.boolean();
    default:
      return fc.constant(null);
  }
}

function objectOf(schema: z.core.JSONSchema.JSONSchema, listLength?: number): fc.Arbitrary<object> {
  const { properties, required = [], additionalProperties } = schema;
  if (!properties)
    return fc.dictionary(room, anyOf(additionalProperties ?? true, listLength), { maxKeys: 2 });
  const model: Record<string, fc.Arbitrary<unknown>> = {};
  for (const [name, value] of Object.entries(properties)) model[name] = anyOf(value, listLength);
  return fc.record(model, { requiredKeys: required });
}

function textOf({ format, pattern, minLength = 0, maxLength = 200 }: z.core.JSONSchema.JSONSchema) {
  if (format === "date-time") return time;
  if (format === "date") return time.map((text) => text.slice(0, 10));
  if (pattern?.includes("\\p{")) return room; // names, as people write them
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ minLength: Math.max(1, minLength), maxLength: Math.min(200, maxLength) });
}

const column = <T>(value: fc.Arbitrary<T>, length: number) =>
  fc.array(value, { minLength: length, maxLength: length });

/** A message whose lists have one value a step. */
const stepped = <Value>(schema: z.ZodType<Value>, most: number) =>
  fc.integer({ min: 1, max: most }).chain((steps) => accepted(schema, steps));

export const rate = accepted(rateSchema);
export const optimalPlan = fc
  .tuple(stepped(optimalPlanSchema, 60), fc.constantFrom(900, 3600))
  .map(([plan, step_s]) => ({ ...plan, step_s }));

const coefficient = number(-10, 10);
const each = (value: fc.Arbitrary<number>, n: number) => fc.oneof(value, column(value, n));
const mpcRequest: fc.Arbitrary<MpcRequest> = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 4 }))
  .chain(([n, order]) =>
    fc.record({
      id: fc.stringMatching(/^[\w.:-]{1,64}$/),
      issued_at: fc.constant("2026-02-01T05:00:00.000Z"),
      deadline: fc.constant("2026-02-01T05:00:10.000Z"),
      start: time,
      problem: fc.record({
        model: fc.record({
          dtSeconds: fc.constantFrom(300, 900, 3600),
          A: column(coefficient, order ** 2),
          b: column(coefficient, order),
          E: column(coefficient, 3 * order),
          c: column(coefficient, order),
          D: coefficient,
          F: column(coefficient, 3),
        }),
        x_c: column(temperature, order),
        maxPower_w: each(power, n),
        cop: each(number(0.5, 8), n),
        theta_e_c: column(temperature, n),
        phi_sol_w: column(power, n),
        phi_int_w: column(power, n),
        price_eur_kwh: column(price, n),
        comfort: fc.record({ min_c: each(temperature, n), max_c: each(temperature, n) }),
        weights: fc.record({ below_eur_kh: number(0, 100), above_eur_kh: number(0, 100) }),
        terminal: fc.integer({ min: 1, max: 4 }).chain((m) =>
          fc.record({
            weights: column(number(0, 1), order),
            breakpoints_c: column(temperature, m),
            slopes_eur_k: column(number(-10, 10), m + 1),
          }),
        ),
        surprise_k: column(coefficient, n * order),
        colours: column(
          fc.record({
            step: fc.nat(n),
            branches: column(fc.record({ probability: number(0, 1), price_eur_kwh: column(price, n) }), 2),
          }),
          2,
        ),
      }),
    }),
  );

/** Messages that are built otherwise than by their schema alone. */
const built = {
  mpcRequest,
  mpcPlan: stepped(topics.mpcPlan.schema, 60),
  forecast: stepped(topics.forecast.schema, 8),
  controlVacation: fc.option(
    fc.record({ from: time, until: time, setpoint_c: number(5, 30) }, { requiredKeys: ["until"] }),
  ),
};

type Payloads = { readonly [Kind in TopicKind]: fc.Arbitrary<TopicPayload<(typeof topics)[Kind]>> };

/** A valid payload of each topic. */
export const payloads = {
  ...Object.fromEntries(
    Object.entries(topics).flatMap(([kind, { schema }]) =>
      kind in built ? [] : [[kind, accepted<unknown>(schema)]],
    ),
  ),
  ...built,
} as Payloads;

/** `value` with one of its parts, at any depth, replaced by any JSON value. */
export function damaged<T>(valid: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc
    .tuple(
      valid,
      fc.nat(),
      fc.oneof(
        fc.jsonValue(),
        fc.double(),
        fc.constant(undefined),
        fc.constant({ length: { valueOf: 1, toString: 1 } }),
      ),
    )
    .map(([value, at, poison]) => {
      const copy: unknown = structuredClone(value);
      const spots = spotsOf(copy);
      if (spots.length === 0) return poison;
      const [holder, key] = spots[at % spots.length];
      holder[key] = poison;
      return copy;
    });
}

function spotsOf(value: unknown): [Record<string, unknown>, string][] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [
    [holder, key] as [Record<string, unknown>, string],
    ...spotsOf(holder[key]),
  ]);
}
