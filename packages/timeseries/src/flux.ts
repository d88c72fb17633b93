/** The Flux queries of the InfluxDB store. Every value is an escaped parameter of the client's `flux`. */
import { type FluxParameterLike, flux, fluxExpression, toFluxValue } from "@influxdata/influxdb-client";
import { maxTimeMs, minTimeMs } from "./point-rules.ts";
import type { TimeRange } from "./query-rules.ts";
import type { PurgeSelection, SeriesQuery, SeriesSelection } from "./store.ts";

const allTime: TimeRange = { startMs: minTimeMs, stopMs: maxTimeMs };

/** The values of series, or their windows. `range` is the query's, cut to what InfluxDB can hold. */
export function seriesFlux(bucket: string, query: SeriesQuery, range: TimeRange): string {
  const { everyMs, limit, aggregate = "mean" } = query;
  const imports = everyMs === undefined || aggregate === "last" ? "" : 'import "types"\n';
  const parts = [
    imports + from(bucket, range),
    ...filters(query),
    ...(everyMs === undefined ? [] : windows(everyMs, aggregate)),
    '|> drop(columns: ["_start", "_stop"])',
    ...(limit === undefined ? [] : [flux`|> tail(n: ${limit})`]),
  ];
  return parts.join("\n  ");
}

/** The latest value of each series and field, wherever in time. */
export function lastFlux(bucket: string, selection: SeriesSelection): string {
  return [
    from(bucket, allTime),
    ...filters(selection),
    "|> last()",
    '|> drop(columns: ["_start", "_stop"])',
  ].join("\n  ");
}

/**
 * The values that a tag has in a measurement. Those of `schema.tagValues` come from the index, where a value
 * stays when its points are deleted; this asks for the latest point of each series, which storage finds alone.
 */
export function tagValuesFlux(bucket: string, measurement: string, tag: string): string {
  return [
    from(bucket, allTime),
    ...filters({ measurement }),
    flux`|> filter(fn: (r) => exists r[${text(tag)}])`,
    "|> last()",
    flux`|> keep(columns: [${text(tag)}])`,
    "|> group()",
    flux`|> distinct(column: ${text(tag)})`,
  ].join("\n  ");
}

/** Reads nothing, and fails where the token or the bucket is wrong. */
export function probeFlux(bucket: string): string {
  return [from(bucket, { startMs: 0, stopMs: 1 }), "|> limit(n: 1)"].join("\n  ");
}

/**
 * What to delete, in InfluxDB's delete predicate syntax; undefined for everything. Its strings know the
 * escape of the quote only, and no other is needed in names that hold no control character or backslash.
 *
 * @throws RangeError for a name that could not have been stored
 * @see https://docs.influxdata.com/influxdb/v2/reference/syntax/delete-predicate/
 */
export function deletePredicate({ measurement, tags = {} }: PurgeSelection): string | undefined {
  const conditions = Object.entries(tags).map(([tag, value]) => `${quoted(tag)}=${quoted(value)}`);
  if (measurement !== undefined) conditions.unshift(`_measurement=${quoted(measurement)}`);
  return conditions.length === 0 ? undefined : conditions.join(" AND ");
}

function quoted(name: string): string {
  if (/[\p{Cc}\\]/u.test(name)) {
    throw new RangeError(`purge: a name has no control character or backslash, got ${JSON.stringify(name)}`);
  }
  return `"${name.replaceAll('"', '\\"')}"`;
}

/**
 * A string literal. Flux reads "$" and the character after it as one, so that the escape after a "$" is lost
 * (`$\"` ends the literal, and the rest would be code); the client escapes all but that.
 */
function text(value: string): FluxParameterLike {
  const parts = value.split("$").map((part) => toFluxValue(part).slice(1, -1));
  return fluxExpression(`"${parts.join("\\x24")}"`);
}

function from(bucket: string, { startMs, stopMs }: TimeRange): string {
  return `${flux`from(bucket: ${text(bucket)})
  |> range(start: ${new Date(startMs)}, stop: ${new Date(stopMs)})`}`;
}

function filters({ measurement, fields, tags = {} }: SeriesSelection): string[] {
  const filters = [flux`|> filter(fn: (r) => r["_measurement"] == ${text(measurement)})`];
  if (fields) {
    const anyOf = fluxExpression(fields.map((field) => flux`r["_field"] == ${text(field)}`).join(" or "));
    filters.push(flux`|> filter(fn: (r) => ${anyOf})`);
  }
  for (const [tag, value] of Object.entries(tags)) {
    filters.push(
      value === null
        ? flux`|> filter(fn: (r) => not exists r[${text(tag)}])`
        : flux`|> filter(fn: (r) => r[${text(tag)}] == ${text(value)})`,
    );
  }
  return filters.map(String);
}

function windows(everyMs: number, aggregate: string): string[] {
  const every = fluxExpression(`${everyMs}ms`);
  const numbersOnly = ["float", "int", "uint"]
    .map((type) => flux`types.isType(v: r["_value"], type: ${type})`)
    .join(" or ");
  return [
    ...(aggregate === "last" ? [] : [`|> filter(fn: (r) => ${numbersOnly})`]),
    `${flux`|> aggregateWindow(every: ${every}, fn: ${fluxExpression(aggregate)}, createEmpty: false, timeSrc: "_start")`}`,
  ];
}
