/** Random points for property tests: every character, number and time that a store must keep. */
import type { Point } from "@azru/contracts";
import fc from "fast-check";
import { maxTimeMs, minTimeMs } from "../point-rules.ts";

const awkward = fc.constantFrom(
  " ",
  ",",
  "=",
  '"',
  "'",
  "$",
  "{",
  "}",
  "(",
  ")",
  "|>",
  "$" + "{r}",
  "é",
  "température",
  "日本",
  "🏠",
  "\u2028",
  "#",
  "-",
  ";",
  "/*",
  "//",
  "T",
  "1i",
);
const anyText = fc.string({
  unit: fc.oneof(fc.string({ unit: "grapheme", maxLength: 3 }), awkward),
  maxLength: 8,
});

const tagValue = anyText.filter((text) => text !== "" && !/[\p{Cc}\p{Surrogate}\\]/u.test(text));
const name = tagValue.filter((text) => !/^[_#]|^time$/.test(text));
const text = fc
  .string({
    unit: fc.oneof(
      fc.string({ unit: "binary", maxLength: 2 }),
      awkward,
      fc.constantFrom("\n", "\\", "\t", ",\n"),
    ),
    maxLength: 12,
  })
  .filter((value) => value !== "" && !/[\0\r\p{Surrogate}]/u.test(value));

const number = fc
  .oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.constantFrom(0.1 + 0.2, 5e-324, Number.MAX_VALUE, Number.MAX_SAFE_INTEGER, 1e21, -1e-7),
  )
  .map((value) => value + 0); // -0 + 0 is 0: neither store keeps the sign of a zero

/** A few points, often of the same series and time; a field holds the same kind of value everywhere. */
export function arbitraryPoints(times = { min: minTimeMs, max: maxTimeMs - 1 }): fc.Arbitrary<Point[]> {
  const timeMs = fc.oneof(
    fc.integer(times),
    fc.integer({ min: 0, max: 3 }).map((i) => Date.UTC(2026, 1, 1) + i),
  );
  return fc
    .record({
      measurements: fc.uniqueArray(name, { minLength: 1, maxLength: 2 }),
      tagSets: fc.array(fc.dictionary(name, tagValue, { maxKeys: 3 }), { minLength: 1, maxLength: 3 }),
      fields: fc.uniqueArray(fc.tuple(name, fc.constantFrom(number, text, fc.boolean())), {
        minLength: 1,
        maxLength: 4,
        selector: ([field]) => field,
      }),
    })
    .chain(({ measurements, tagSets, fields }) =>
      fc.array(
        fc.record({
          measurement: fc.constantFrom(...measurements),
          tags: fc.constantFrom(...tagSets),
          fields: fc
            .subarray(fields, { minLength: 1 })
            .chain((chosen) =>
              fc.tuple(...chosen.map(([field, value]) => fc.tuple(fc.constant(field), value))),
            )
            .map((entries) => Object.fromEntries<number | string | boolean>(entries)),
          timeMs,
        }),
        { minLength: 1, maxLength: 20 },
      ),
    );
}

/** A reading a millisecond. */
export function numberedPoints(count: number, first = 0): Point[] {
  return Array.from({ length: count }, (_, i) => ({
    measurement: "sensors",
    tags: { location: "living-room" },
    fields: { temperature: first + i },
    timeMs: Date.UTC(2026, 1, 1) + first + i,
  }));
}
