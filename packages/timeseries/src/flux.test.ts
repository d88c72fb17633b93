import { Flux } from "@influxdata/flux-lsp-node";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deletePredicate, lastFlux, probeFlux, seriesFlux, tagValuesFlux } from "./flux.ts";
import type { SeriesQuery } from "./store.ts";

const bucket = "home-energy";
const range = { startMs: Date.UTC(2026, 1, 1), stopMs: Date.UTC(2026, 1, 2) };

/** Parses and type-checks, against the signatures of Flux's library. */
function isValid(query: string): boolean {
  const flux = new Flux(query);
  try {
    return flux.is_valid();
  } finally {
    flux.free();
  }
}

/** The string literals of a query, in order. */
function literals(query: string): string[] {
  const flux = new Flux(query);
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (typeof node === "object" && node !== null) {
      if ("type" in node && node.type === "StringLiteral" && "value" in node) found.push(String(node.value));
      Object.values(node).forEach(visit);
    }
  };
  visit(flux.ast());
  flux.free();
  return found;
}

describe("Flux queries", () => {
  it("reads as written down", () => {
    const query = {
      measurement: "sensors",
      fields: ["temperature"],
      tags: { location: "attic", run: null },
      ...range,
    };
    expect(seriesFlux(bucket, { ...query, everyMs: 900_000, aggregate: "max", limit: 96 }, range)).toBe(
      `import "types"
from(bucket: "home-energy")
  |> range(start: 2026-02-01T00:00:00.000Z, stop: 2026-02-02T00:00:00.000Z)
  |> filter(fn: (r) => r["_measurement"] == "sensors")
  |> filter(fn: (r) => r["_field"] == "temperature")
  |> filter(fn: (r) => r["location"] == "attic")
  |> filter(fn: (r) => not exists r["run"])
  |> filter(fn: (r) => types.isType(v: r["_value"], type: "float") or types.isType(v: r["_value"], type: "int") or types.isType(v: r["_value"], type: "uint"))
  |> aggregateWindow(every: 900000ms, fn: max, createEmpty: false, timeSrc: "_start")
  |> drop(columns: ["_start", "_stop"])
  |> tail(n: 96)`,
    );
  });

  const aggregates = ["mean", "last", "min", "max", "sum"] as const;
  const queries: [string, string][] = [
    ["every value", seriesFlux(bucket, { measurement: "sensors", ...range }, range)],
    ["fields", seriesFlux(bucket, { measurement: "sensors", fields: ["a", "b"], ...range }, range)],
    ["tags", seriesFlux(bucket, { measurement: "sensors", tags: { run: null, a: "b" }, ...range }, range)],
    ["limit", seriesFlux(bucket, { measurement: "sensors", limit: 1, ...range }, range)],
    ...aggregates.map((aggregate): [string, string] => [
      aggregate,
      seriesFlux(bucket, { measurement: "sensors", everyMs: 1, aggregate, ...range }, range),
    ]),
    ["last", lastFlux(bucket, { measurement: "sensors", fields: ["a"] })],
    ["tag values", tagValuesFlux(bucket, "sensors", "run")],
    ["probe", probeFlux(bucket)],
  ];

  it.each(queries)("type-checks: %s", (_, query) => {
    expect(isValid(query)).toBe(true);
  });

  it("is checked by a checker that finds faults", () => {
    expect(isValid(queries[0][1].replace("range(", "rang("))).toBe(false);
    expect(isValid(queries[4][1].replace("every: 1ms", "every: 1"))).toBe(false);
  });

  it("escapes a quote after a dollar sign, which would end the literal", () => {
    const query = lastFlux(bucket, { measurement: '$" or true) |> drop(columns: ["' });
    expect(literals(query)[2]).toBe('$" or true) |> drop(columns: ["');
  });

  it("keeps whatever it is given within its quotes", () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 2 }),
        fc.constantFrom('"', "\\", "$", "${", "}", "\n", "\r", "\t", '")', "|> drop()", "//"),
      ),
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(text, text, text, text, text, (home, measurement, field, tag, value) => {
        const query: SeriesQuery = { measurement, fields: [field], tags: { [tag]: value }, ...range };
        expect(isValid(seriesFlux(home, query, range))).toBe(true);
        const chosen = [home, "_measurement", measurement, "_field", field, tag, value];
        expect(literals(seriesFlux(home, query, range))).toEqual([...chosen, "_start", "_stop"]);
        expect(literals(lastFlux(home, query))).toEqual([...chosen, "_start", "_stop"]);
        expect(literals(tagValuesFlux(home, measurement, tag))).toEqual([
          home,
          "_measurement",
          measurement,
          tag,
          tag,
          tag,
        ]);
      }),
      { numRuns: 100 },
    );
  });
});

describe("delete predicate", () => {
  it("joins what is given, and is absent for everything", () => {
    expect(deletePredicate({ measurement: "sensors" })).toBe('_measurement="sensors"');
    expect(deletePredicate({ tags: { 'a "b"': "c d" } })).toBe('"a \\"b\\""="c d"');
    expect(deletePredicate({ startMs: 0 })).toBeUndefined();
  });

  it("refuses what its quotes cannot hold", () => {
    expect(() => deletePredicate({ measurement: "a\\" })).toThrow(/backslash, got "a\\\\"$/);
    expect(() => deletePredicate({ tags: { run: "a\nb" } })).toThrow(/control character/);
  });
});
