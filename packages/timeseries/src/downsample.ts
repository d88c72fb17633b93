import type { Point } from "@azru/contracts";
import { tagSetKey } from "./series-order.ts";
import type { FieldValue, Series, TimeSeriesStore } from "./store.ts";

export interface Downsampling {
  readonly measurement: string;
  readonly tags?: Readonly<Record<string, string | null>>;
  /** The measurement that takes the windows; its points have the tags of their source. */
  readonly into: string;
  readonly startMs: number; // Unix time, included
  readonly stopMs: number; // Unix time, excluded
  readonly everyMs: number;
}

const windowsAPage = 1_000;

/**
 * Writes one point a window and tag set: the means of numbers, the last texts and booleans. The source is
 * left as it is, so that nothing is lost halfway and a repetition changes nothing; `purge` it afterwards.
 * Give a range of whole windows: a part of a window would stand for all of it.
 *
 * @returns how many points were written
 * @throws RangeError for a range that is not finite, or what the store finds wrong
 * @throws StoreError when the store cannot read or write
 */
export async function downsample(store: TimeSeriesStore, request: Downsampling): Promise<number> {
  const { measurement, tags = {}, into, startMs, stopMs, everyMs } = request;
  if (!Number.isFinite(startMs)) throw new RangeError(`downsample.startMs must be finite, got ${startMs}`);
  if (!Number.isFinite(stopMs)) throw new RangeError(`downsample.stopMs must be finite, got ${stopMs}`);
  if (into === measurement) throw new RangeError(`downsample.into must be another measurement, got ${into}`);
  let points = 0;
  for (let pageMs = startMs; pageMs < stopMs; ) {
    const pageEndMs = Math.min((Math.floor(pageMs / everyMs) + windowsAPage) * everyMs, stopMs);
    const query = { measurement, tags, startMs: pageMs, stopMs: pageEndMs, everyMs };
    const means = await store.query({ ...query, aggregate: "mean" });
    const lasts = await store.query({ ...query, aggregate: "last" });
    const others = lasts.filter(({ values }) => typeof values[0] !== "number");
    const page = toPoints(into, [...means, ...others]);
    store.write(page);
    await store.flush();
    points += page.length;
    pageMs = pageEndMs;
  }
  return points;
}

/** Joins the fields of one tag set and time to a point. */
function toPoints(measurement: string, series: readonly Series[]): Point[] {
  const points = new Map<string, Point & { fields: Record<string, FieldValue> }>();
  for (const { tags, field, timesMs, values } of series) {
    const tagSet = tagSetKey(tags);
    for (const [i, timeMs] of timesMs.entries()) {
      const key = `${timeMs} ${tagSet}`;
      let point = points.get(key);
      if (!point) {
        point = { measurement, tags, timeMs, fields: {} };
        points.set(key, point);
      }
      point.fields[field] = values[i]!;
    }
  }
  return [...points.values()];
}
