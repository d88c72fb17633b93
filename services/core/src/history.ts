/** Stored series as the API answers with them. */
import {
  type HistoryQuery,
  type HistoryResponse,
  historyRange,
  isoTimeOf,
  type SeriesDefinition,
  type SeriesName,
  series,
} from "@azru/contracts";
import { parseHomeTime } from "@azru/runtime";
import type { TimeSeriesStore } from "@azru/timeseries";

/** The most values of one column: a week of minutes. */
const longestColumn = 10_080;

/**
 * The points of the live home that a query asks for; without `every` the latest `longestColumn` of each column.
 *
 * @param nowMs home time
 * @throws RangeError naming the parameter: an empty range, a field that the series lacks, too many windows
 * @throws StoreError when the store cannot answer
 */
export async function history(
  store: Pick<TimeSeriesStore, "query">,
  query: HistoryQuery,
  nowMs: number,
): Promise<HistoryResponse> {
  const { startMs, stopMs } = historyRange(query, nowMs, parseHomeTime);
  const [measurement, field] = query.series.split(".") as [SeriesName, string | undefined];
  const definition: SeriesDefinition = series[measurement];
  if (field !== undefined && !(field in definition.fields)) {
    const known = Object.keys(definition.fields).join(", ");
    throw new RangeError(`series ${measurement} has no field ${field}, it has ${known}`);
  }
  const everyMs = query.every && query.every * 1000;
  if (everyMs !== undefined && (stopMs - startMs) / everyMs > longestColumn) {
    const exact_s = Math.ceil((stopMs - startMs) / longestColumn / 1000);
    const least_s = exact_s > 60 ? Math.ceil(exact_s / 60) * 60 : exact_s;
    throw new RangeError(
      `every must be at least ${durationText(least_s)} for that range, got ${durationText(query.every!)}: an answer has at most ${longestColumn} values`,
    );
  }
  const columns = await store.query({
    measurement,
    startMs,
    stopMs,
    ...("run" in definition.tags && { tags: { run: null } }),
    ...(field !== undefined && { fields: [field] }),
    ...(everyMs === undefined ? { limit: longestColumn } : { everyMs }),
  });
  return {
    measurement,
    start: isoTimeOf(startMs),
    stop: isoTimeOf(stopMs),
    every_s: query.every ?? null,
    columns: columns.map((column) => ({
      field: column.field,
      unit: definition.fields[column.field]?.unit ?? "",
      tags: column.tags,
      time: column.timesMs.map(isoTimeOf),
      value: [...column.values],
    })),
  };
}

/** A duration as a query writes it. */
function durationText(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
