import { expect, test } from "vitest";
import { z } from "zod";
import { recent, writeOnce } from "./recent.ts";

test("makes an answer again when it is old or something has changed", () => {
  let nowMs = 0;
  let made = 0;
  const { get, forget } = recent(
    () => ({ made: ++made }),
    100,
    () => nowMs,
  );
  const first = get();
  nowMs = 99;
  expect(get()).toBe(first);
  nowMs = 100;
  expect(get()).toEqual({ made: 2 });
  forget();
  expect(get()).toEqual({ made: 3 });
});

test("checks every answer by its schema, and writes the same one once", () => {
  const write = writeOnce({ schema: z.object({ a: z.number() }), method: "GET", url: "/" });
  const answer = { a: 1, secret: true };
  expect(write(answer)).toBe('{"a":1}');
  answer.a = 2;
  expect(write(answer)).toBe('{"a":1}');
  expect(write({ a: 2 })).toBe('{"a":2}');
  expect(() => write({ a: "2" })).toThrow();
});
