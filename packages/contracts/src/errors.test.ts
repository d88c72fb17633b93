import { expect, it } from "vitest";
import { z } from "zod";
import { describeZodError } from "./errors.ts";

function complaint(schema: z.ZodType, input: unknown, root?: string): string {
  const result = schema.safeParse(input);
  return result.success ? "" : describeZodError(result.error, input, root);
}

it("names nested fields and indices", () => {
  const schema = z.object({ rooms: z.array(z.object({ area: z.number().positive() })) });
  expect(complaint(schema, { rooms: [{ area: 1 }, { area: 0 }] }, "home")).toBe(
    "home.rooms[1].area must be > 0, got 0",
  );
  expect(complaint(schema, { rooms: {} })).toBe("rooms must be an array, got {}");
});

it("shows the first three complaints and counts the rest", () => {
  const numbers = z.object({ a: z.number(), b: z.number(), c: z.number(), d: z.number(), e: z.number() });
  expect(complaint(numbers, { a: "x" })).toBe(
    'a must be a number, got "x"; b is missing; c is missing; and 2 more',
  );
});

it("looks into the branch of a union that came closest", () => {
  const schema = z.object({ power: z.union([z.number(), z.array(z.number())]) });
  expect(complaint(schema, { power: [1, "x"] })).toBe('power[1] must be a number, got "x"');
  expect(complaint(schema, { power: "x" })).toBe('power invalid input, got "x"');
});

it("keeps the line short and on one line", () => {
  const line = complaint(z.object({ text: z.number() }), { text: "line\n".repeat(100) });
  expect(line).not.toContain("\n");
  expect(line.length).toBeLessThan(140);
});

it("keeps the line short where hundreds of fields are unknown", () => {
  const input = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`field_${i}`.repeat(50), i]));
  const line = complaint(z.strictObject({}), input, "home");
  expect(line).toMatch(/^home has no field "field_0.* and 997 more$/);
  expect(line.length).toBeLessThan(300);
});

it("prints what is nested too deep for JSON.stringify", () => {
  const levels = 20_000;
  const array: unknown = JSON.parse("[".repeat(levels) + "]".repeat(levels));
  expect(complaint(z.number(), array, "price")).toBe('price must be a number, got [[["..."]]]');
  const object: unknown = JSON.parse(`${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`);
  expect(complaint(z.object({ a: z.string() }), object)).toBe(
    'a must be a string, got {"a":{"a":{"a":"..."}}}',
  );
});

it("prints what JSON cannot", () => {
  expect(complaint(z.number(), Number.NaN, "price")).toBe("price must be a number, got NaN");
  expect(complaint(z.number(), () => 1, "price")).toBe("price must be a number, got function");
});
