import { openStore, type Series, StoreError, type TimeSeriesStore } from "@azru/timeseries";
import type { Request } from "../command.ts";
import type { CalibrateConfig } from "../config.ts";
import { RunError, UsageError } from "../errors.ts";
import type { Measurements, Samples } from "./measurements.ts";

const longestMs = 120 * 86_400_000; // of a history, where no start is given: a heating season's middle
const finestMs = 300_000; // samples closer together are averaged by the store
const valveHoldMs = 3_600_000; // before the first step, a command may already hold

/**
 * Reads measurements of the live home, or of a simulated run, from the store: means of five minutes, rooms
 * together (temperatures and valves by their mean, powers by their sum). Where no sensor tells the valve's
 * position, the commands do.
 *
 * @throws UsageError in one line when there is nothing to read
 * @throws RunError in one line when the store cannot be read
 */
export async function readStore(
  request: Request,
  { influx, storeFile }: CalibrateConfig,
): Promise<Measurements> {
  try {
    const { store, reason } = await openStore({ influx, filePath: storeFile });
    try {
      return await measurements(store, request, reason);
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof StoreError) throw new RunError(error.message);
    throw error;
  }
}

async function measurements(store: TimeSeriesStore, request: Request, reason: string): Promise<Measurements> {
  const tags = {
    run: request.run ?? null,
    ...(request.room !== undefined && { location: request.room }),
  };
  const endMs = request.endMs ?? (await lastMeasurementMs(store, tags));
  if (endMs === undefined) throw new UsageError(await nothingIn(store, request, reason));
  const startMs = request.startMs ?? endMs - longestMs;
  const range = { startMs, stopMs: endMs, everyMs: finestMs };
  const sensors = await store.query({ measurement: "sensors", tags, ...range });
  const air_c = joined(sensors, "temperature", "mean");
  if (!air_c) throw new UsageError(await nothingIn(store, request, reason));
  const valve_percent =
    joined(sensors, "valve_position", "mean") ?? (await commands(store, tags, startMs, endMs));
  const electric_w = joined(sensors, "power_consumption", "sum");
  const outdoor_c = joined(sensors, "external_temperature", "mean");
  const solar_w = joined(sensors, "solar_power", "sum");
  return {
    source: `${request.run ?? request.room ?? "the live home"} in ${reason}`,
    air_c,
    ...(valve_percent && { valve_percent }),
    ...(electric_w && { electric_w }),
    ...(outdoor_c && { outdoor_c }),
    ...(solar_w && { solar_w }),
  };
}

type Tags = Readonly<Record<string, string | null>>;

/** The instant just after the last measurement. */
async function lastMeasurementMs(store: TimeSeriesStore, tags: Tags): Promise<number | undefined> {
  const last = await store.last({ measurement: "sensors", tags, fields: ["temperature"] });
  return last.length === 0 ? undefined : Math.max(...last.map(({ timeMs }) => timeMs)) + 1;
}

async function nothingIn(store: TimeSeriesStore, { run, room }: Request, reason: string): Promise<string> {
  const wanted = [run !== undefined && `run ${run}`, room !== undefined && `room ${room}`].filter(Boolean);
  const runs = await store.tagValues("sensors", "run");
  const hint = run === undefined && runs.length > 0 ? `; it holds simulated runs: --run ${runs.at(-1)}` : "";
  return `there are no air temperatures of ${wanted.join(", ") || "the live home"} in ${reason}${hint}`;
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
