import { createInterface } from "node:readline/promises";
import { RunError } from "@azru/command-line";
import { type Point, seriesNames } from "@azru/contracts";
import type { StoreConfig } from "@azru/runtime";
import { openStore, StoreError, type TimeSeriesStore } from "@azru/timeseries";
import { runPoints } from "./points.ts";
import type { Study } from "./study.ts";

const pointsPerFlush = 20_000;

/** The place where simulated runs are kept. */
export interface RunStore {
  /** Which store it is and why, for people. */
  readonly reason: string;
  /** Stores every run of a study. */
  save(study: Study): Promise<void>;
  /** Deletes every simulated run; live measurements stay. Returns how many runs there were. */
  reset(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Opens InfluxDB or the file of the embedded store.
 *
 * @throws RunError in one line, as do the methods, when the store cannot do what is asked of it
 */
export async function openRunStore({ influx, storeFile }: StoreConfig): Promise<RunStore> {
  const { store, reason } = await orRunError(() => openStore({ influx, filePath: storeFile }));
  return {
    reason,
    save: (study) => orRunError(() => save(store, study)),
    reset: () => orRunError(() => reset(store)),
    close: () => orRunError(() => store.close()),
  };
}

async function save(store: TimeSeriesStore, { runs, rates }: Study): Promise<void> {
  for (const run of runs) {
    let chunk: Point[] = [];
    for (const point of runPoints(run, rates)) {
      if (chunk.push(point) < pointsPerFlush) continue;
      store.write(chunk);
      await store.flush();
      chunk = [];
    }
    store.write(chunk);
    await store.flush();
  }
}

async function reset(store: TimeSeriesStore): Promise<number> {
  const runs = new Set<string>();
  for (const measurement of seriesNames) {
    for (const run of await store.tagValues(measurement, "run")) runs.add(run);
  }
  for (const run of runs) await store.purge({ tags: { run } });
  return runs.size;
}

async function orRunError<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof StoreError && error.code === "unwritable")
      throw new RunError(`${error.message} (AZRU_DATA_DIR names another folder)`);
    if (error instanceof StoreError) throw new RunError(error.message);
    throw error;
  }
}

/** Asks a person on a terminal whether to delete the runs; without a terminal nobody is asked. */
export async function confirmReset(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Promise<boolean> {
  if (!input.isTTY) return true;
  const terminal = createInterface({ input, output });
  try {
    const answer = await terminal.question("Delete all simulated runs from the store? [y/N] ");
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
