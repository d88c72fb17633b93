/** Fewer points of what is long past. */
import type { Point } from "@azru/contracts";
import { tagSetKey } from "./series-order.ts";
import type { FieldValue, Series, TimeSeriesStore } from "./store.ts";

export interface Thinning {
  readonly measurement: string;
  /** Whose series: those that carry these tags, and lack those that are null. All others stay as they are. */
  readonly tags: Readonly<Record<string, string | null>>;
  readonly startMs: number; // Unix time, included
  readonly stopMs: number; // Unix time, excluded
  readonly everyMs: number;
  /** Fields of which a window holds the sum, such as a cost since the point before. Of other numbers it is the mean. */
  readonly sums: readonly string[];
  /** Numbers of which a window holds the last, such as a meter's reading; texts and booleans always do. */
  readonly lasts: readonly string[];
}

/**
 * All points that a measurement is to have in a range once the chosen series have one a window, named by its start.
 * Reads only. To replace the range: keep them where a power cut spares them, purge the range, write them.
 *
 * @returns nothing where the chosen series already have no more
 * @throws RangeError for a range that is not of whole windows
 * @throws StoreError when the store cannot read
 */
export async function thinned(store: TimeSeriesStore, thinning: Thinning): Promise<Point[] | undefined> {
  const { measurement, startMs, stopMs, everyMs } = thinning;
  for (const [name, value] of Object.entries({ startMs, stopMs })) {
    if (value % everyMs !== 0) throw new RangeError(`${name} must be a multiple of ${everyMs}, got ${value}`);
  }
  const all = await store.query({ measurement, startMs, stopMs });
  const isChosen = ({ tags }: Series) =>
    Object.entries(thinning.tags).every(([tag, value]) => (tags[tag] ?? null) === value);
  const chosen = all.filter(isChosen);
  if (chosen.every(({ timesMs }) => timesMs.every((timeMs) => timeMs % everyMs === 0))) return undefined;
  return toPoints([
    ...all.filter((series) => !isChosen(series)),
    ...chosen.map((series) => windowsOf(series, thinning)),
  ]);
}

/** A series with one value a window. */
function windowsOf(series: Series, { everyMs, sums, lasts }: Thinning): Series {
  const windows = new Map<number, FieldValue[]>();
  for (const [i, timeMs] of series.timesMs.entries()) {
    const startMs = Math.floor(timeMs / everyMs) * everyMs;
    const values = windows.get(startMs);
    if (values) values.push(series.values[i]);
    else windows.set(startMs, [series.values[i]]);
  }
  const summary = (values: readonly FieldValue[]): FieldValue => {
    if (lasts.includes(series.field) || !values.every((value) => typeof value === "number"))
      return values.at(-1)!;
    const sum = values.reduce((total, value) => total + value, 0);
    return sums.includes(series.field) ? sum : sum / values.length;
  };
  return { ...series, timesMs: [...windows.keys()], values: [...windows.values()].map(summary) };
}

/** Joins the fields of one tag set and time to a point. */
function toPoints(series: readonly Series[]): Point[] {
  const points = new Map<string, Point & { fields: Record<string, FieldValue> }>();
  for (const { measurement, tags, field, timesMs, values } of series) {
    const tagSet = tagSetKey(tags);
    for (const [i, timeMs] of timesMs.entries()) {
      const key = `${timeMs} ${tagSet}`;
      const point = points.get(key) ?? { measurement, tags, timeMs, fields: {} };
      points.set(key, point);
      point.fields[field] = values[i];
    }
  }
  return [...points.values()];
}
