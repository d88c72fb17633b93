/** Old readings thinned out, so that a home's store does not grow for ever on an SD card. */
import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Point } from "@azru/contracts";
import { dayMs, type Logger } from "@azru/runtime";
import { type Origin, type TimeSeriesStore, tagsOf, thinned } from "@azru/timeseries";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";

const window_ms = 900_000;

/** What comes with each report of a sensor; the other series have a point a step at most. */
const measurements = ["sensors", "baseline"];
const sums = ["heating_cost_step"];
const lasts = ["heating_cost_cumulative", "battery"];

/** How far thinning has come, and what a range is to have again that has been purged. */
const progressSchema = z.object({
  thinned_until: z.number().describe("Unix time, ms"),
  pending: z
    .array(
      z.object({
        measurement: z.string(),
        tags: z.record(z.string(), z.string()),
        fields: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
        timeMs: z.number(),
      }),
    )
    .default([]),
});
type Progress = z.infer<typeof progressSchema>;

export interface Retention {
  /** The whole store, points of other origins and of batch runs included. */
  readonly store: TimeSeriesStore;
  /** Whose readings are thinned. */
  readonly origin: Origin;
  /** Where progress is kept: nothing is lost when the power fails between purge and write. */
  readonly path: string;
  /** Readings younger than this stay as they are. */
  readonly rawDays: number;
  readonly log: Logger;
}

/**
 * Gives each day that has become older than `rawDays` one reading a quarter of an hour: means of measurements, sums of
 * costs, so that no sum over days changes.
 *
 * @param nowMs home time
 * @throws StoreError when the store is away; the next call goes on from there
 */
export async function thinOldReadings(retention: Retention, nowMs: number): Promise<void> {
  const { store, path, rawDays, log } = retention;
  const endMs = Math.floor(nowMs / dayMs - rawDays) * dayMs;
  const known = progressOf(path);
  if (known && known.pending.length > 0) await restore(store, known.pending);
  // A clock that was set back, as a simulated home's is at each start, has old days anew.
  const goesOn = known !== undefined && known.thinned_until <= endMs;
  const firstMs = goesOn ? known.thinned_until : await firstDayMs(store, endMs);
  for (let startMs = firstMs; startMs < endMs; startMs += dayMs) {
    for (const measurement of measurements) await thinDay(retention, measurement, startMs);
    keep(path, { thinned_until: startMs + dayMs, pending: [] });
  }
  if (endMs > firstMs)
    log.info(
      { days: Math.ceil((endMs - firstMs) / dayMs) },
      "old readings have one a quarter of an hour now",
    );
}

async function thinDay(
  { store, origin, path }: Retention,
  measurement: string,
  startMs: number,
): Promise<void> {
  const range = { measurement, startMs, stopMs: startMs + dayMs };
  const tags = { run: null, ...tagsOf(origin) };
  const points = await thinned(store, { ...range, tags, everyMs: window_ms, sums, lasts });
  if (!points) return;
  keep(path, { thinned_until: startMs, pending: points });
  await store.purge(range);
  await restore(store, points);
}

async function restore(store: TimeSeriesStore, points: readonly Point[]): Promise<void> {
  store.write(points);
  await store.flush();
}

/** The first day with readings, or the end where there is none before it. */
async function firstDayMs(store: TimeSeriesStore, endMs: number): Promise<number> {
  const days = await store.query({
    measurement: "sensors",
    startMs: 0,
    stopMs: endMs,
    everyMs: dayMs,
    aggregate: "last",
  });
  return days.reduce((first, { timesMs }) => Math.min(first, timesMs[0] ?? endMs), endMs);
}

/** @throws Error where the file is damaged: what it held must be looked for before it is thrown away */
function progressOf(path: string): Progress | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  return progressSchema.parse(JSON.parse(text));
}

function keep(path: string, progress: Progress): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileAtomic.sync(path, JSON.stringify(progress));
}
