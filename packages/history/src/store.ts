import type { Series, TimeSeriesStore } from "@azru/timeseries";
import { HistoryError } from "./history-error.ts";
import type { Measurements, Samples } from "./measurements.ts";

const longestMs = 120 * 86_400_000; // of a history, where no start is given: a heating season's middle
const finestMs = 300_000; // samples closer together are averaged by the store
const valveHoldMs = 3_600_000; // before the first step, a command may already hold

/** What to read of a store. */
export interface RecordedSelection {
  /** A simulated run; the live home when absent. */
  readonly run?: string | undefined;
  /** All rooms when absent. */
  readonly room?: string | undefined;
  /** Of the sensors only those of these rooms; all when absent. */
  readonly rooms?: readonly string[] | undefined;
  readonly startMs?: number | undefined; // Unix time; 120 days before the end when absent
  readonly endMs?: number | undefined; // excluded; that of the measurements when absent
}

/**
 * Reads measurements of the live home, or of a simulated run: means of five minutes, rooms together (temperatures
 * and valves by their mean, powers by their sum); no temperatures of while a window stood open. Where no sensor measures the valve's position, the commands stand for it.
 *
 * @param where which store it is, for people
 * @throws HistoryError in one line when there is nothing to read
 * @throws StoreError when the store cannot be read
 */
export async function readMeasurements(
  store: TimeSeriesStore,
  request: RecordedSelection,
  where: string,
): Promise<Measurements> {
  const tags = {
    run: request.run ?? null,
    ...(request.room !== undefined && { location: request.room }),
  };
  const endMs = request.endMs ?? (await lastMeasurementMs(store, tags));
  if (endMs === undefined) throw new HistoryError(await nothingIn(store, request, where));
  const startMs = request.startMs ?? endMs - longestMs;
  const range = { startMs, stopMs: endMs, everyMs: finestMs };
  const { rooms } = request;
  const measured = await store.query({ measurement: "sensors", tags, ...range });
  const sensors = rooms ? measured.filter(({ tags }) => rooms.includes(tags.location)) : measured;
  const measuredAir_c = joined(sensors, "temperature", "mean");
  const air_c = measuredAir_c && withoutOpenWindows(measuredAir_c, joined(sensors, "window_open", "mean"));
  if (!air_c) throw new HistoryError(await nothingIn(store, request, where));
  const valve_percent =
    joined(sensors, "valve_position", "mean") ?? (await commands(store, tags, startMs, endMs));
  const electric_w = joined(sensors, "power_consumption", "sum");
  const outdoor_c = joined(sensors, "external_temperature", "mean");
  const solar_w = joined(sensors, "solar_power", "sum");
  return {
    source: `${request.run ?? request.room ?? "the live home"} in ${where}`,
    air_c,
    ...(valve_percent && { valve_percent }),
    ...(electric_w && { electric_w }),
    ...(outdoor_c && { outdoor_c }),
    ...(solar_w && { solar_w }),
  };
}

/** A house with an open window is another house: what was measured meanwhile says nothing of it. */
function withoutOpenWindows(air_c: Samples, open: Samples | undefined): Samples {
  if (!open) return air_c;
  const isOpen = new Set(open.timesMs.filter((_, i) => open.values[i] > 0));
  const kept = air_c.timesMs.flatMap((timeMs, i) => (isOpen.has(timeMs) ? [] : i));
  return { timesMs: kept.map((i) => air_c.timesMs[i]), values: kept.map((i) => air_c.values[i]) };
}

type Tags = Readonly<Record<string, string | null>>;

/** The instant just after the last measurement. */
async function lastMeasurementMs(store: TimeSeriesStore, tags: Tags): Promise<number | undefined> {
  const last = await store.last({ measurement: "sensors", tags, fields: ["temperature"] });
  return last.length === 0 ? undefined : Math.max(...last.map(({ timeMs }) => timeMs)) + 1;
}

async function nothingIn(
  store: TimeSeriesStore,
  { run, room }: RecordedSelection,
  where: string,
): Promise<string> {
  const wanted = [run !== undefined && `run ${run}`, room !== undefined && `room ${room}`].filter(Boolean);
  const runs = await store.tagValues("sensors", "run");
  const hint = run === undefined && runs.length > 0 ? `; it holds simulated runs such as ${runs.at(-1)}` : "";
  return `there are no air temperatures of ${wanted.join(", ") || "the live home"} in ${where}${hint}`;
}

/** Valve commands, each held until the next. */
async function commands(
  store: TimeSeriesStore,
  tags: Tags,
  startMs: number,
  endMs: number,
): Promise<Samples | undefined> {
  const sent = await store.query({
    measurement: "actuators",
    tags,
    fields: ["valve_position"],
    startMs: startMs - valveHoldMs,
    stopMs: endMs,
    everyMs: finestMs,
    aggregate: "last",
  });
  return joined(sent, "valve_position", "mean");
}

/** The series of one field, window by window. */
function joined(series: readonly Series[], field: string, how: "mean" | "sum"): Samples | undefined {
  const windows = new Map<number, { sum: number; count: number }>();
  for (const { timesMs, values } of series.filter((one) => one.field === field)) {
    for (const [i, timeMs] of timesMs.entries()) {
      const value = values[i];
      if (typeof value !== "number") continue;
      const window = windows.get(timeMs) ?? { sum: 0, count: 0 };
      windows.set(timeMs, { sum: window.sum + value, count: window.count + 1 });
    }
  }
  if (windows.size === 0) return undefined;
  const timesMs = [...windows.keys()].sort((a, b) => a - b);
  const values = timesMs.map((timeMs) => {
    const { sum, count } = windows.get(timeMs)!;
    return how === "mean" ? sum / count : sum;
  });
  return { timesMs, values };
}
