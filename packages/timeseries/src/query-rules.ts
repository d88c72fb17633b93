import { maxTimeMs, minTimeMs } from "./point-rules.ts";
import type { SeriesQuery, SeriesSelection } from "./store.ts";

/** A range that both stores can hold, whole milliseconds. */
export interface TimeRange {
  readonly startMs: number;
  readonly stopMs: number;
}

/**
 * Checks a query and returns its range cut to what a store can hold.
 *
 * @throws RangeError naming the parameter and its value
 */
export function checkQuery(query: SeriesQuery): TimeRange {
  const { everyMs, limit } = query;
  if (everyMs !== undefined && (!Number.isInteger(everyMs) || everyMs <= 0)) {
    throw new RangeError(`query.everyMs must be whole milliseconds > 0, got ${everyMs}`);
  }
  if (everyMs === undefined && query.aggregate !== undefined) {
    throw new RangeError(`query.everyMs is required with query.aggregate ${query.aggregate}`);
  }
  if (limit !== undefined && (!Number.isInteger(limit) || limit <= 0)) {
    throw new RangeError(`query.limit must be a whole number > 0, got ${limit}`);
  }
  checkSelection(query);
  return checkRange("query", query.startMs, query.stopMs);
}

/** @throws RangeError for a list of no fields */
export function checkSelection({ fields }: SeriesSelection): void {
  if (fields?.length === 0) throw new RangeError("query.fields must not be empty, got []");
}

/** Checks `[startMs, stopMs)`, all of time where absent. @throws RangeError naming the bound and its value */
export function checkRange(
  what: string,
  startMs: number = Number.NEGATIVE_INFINITY,
  stopMs: number = Number.POSITIVE_INFINITY,
): TimeRange {
  if (Number.isNaN(startMs)) throw new RangeError(`${what}.startMs must be Unix milliseconds, got NaN`);
  if (Number.isNaN(stopMs)) throw new RangeError(`${what}.stopMs must be Unix milliseconds, got NaN`);
  if (stopMs <= startMs) {
    throw new RangeError(`${what}.stopMs must be after ${what}.startMs ${startMs}, got ${stopMs}`);
  }
  return {
    startMs: Math.ceil(Math.max(startMs, minTimeMs)),
    stopMs: Math.ceil(Math.min(stopMs, maxTimeMs)),
  };
}
