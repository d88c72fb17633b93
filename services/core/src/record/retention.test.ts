import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Point, sensorPoint } from "@azru/contracts";
import { openEmbeddedStore, storeOf, type TimeSeriesStore } from "@azru/timeseries";
import { afterEach, beforeEach, expect, it } from "vitest";
import { silent } from "../testing/test-home.ts";
import { thinOldReadings } from "./retention.ts";

const day_ms = 86_400_000;
const minute_ms = 60_000;
const nowMs = Date.UTC(2026, 10, 27, 12);
const oldMs = Date.UTC(2026, 6, 1);

let folder: string;
let store: TimeSeriesStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "azru-retention-"));
  store = openEmbeddedStore({ filePath: join(folder, "azru.db") });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const reading = (timeMs: number, temperature: number, run?: { run: string; mode: string }): Point =>
  sensorPoint(
    "attic",
    { temperature, heating_cost_step: 0.5, heating_cost_cumulative: temperature },
    timeMs,
    run,
  );
const hourOf = (startMs: number) =>
  Array.from({ length: 60 }, (_, k) => reading(startMs + k * minute_ms, 15 + (k % 15)));
const thin = (on = store, atMs = nowMs) =>
  thinOldReadings(
    { store: on, origin: "real", path: join(folder, "retention.json"), rawDays: 90, log: silent },
    atMs,
  );
const valuesOf = async (
  field: string,
  startMs = oldMs,
  tags: Record<string, string | null> = { run: null, simulated: null },
) =>
  (
    await store.query({ measurement: "sensors", fields: [field], tags, startMs, stopMs: startMs + day_ms })
  ).flatMap(({ values }) => [...values]);

it("leaves of an old day one reading a quarter of an hour: means, sums of costs, a meter's last", async () => {
  store.write(hourOf(oldMs));
  await store.flush();
  await thin();
  expect(await valuesOf("temperature")).toEqual([22, 22, 22, 22]);
  expect(await valuesOf("heating_cost_step")).toEqual([7.5, 7.5, 7.5, 7.5]);
  expect(await valuesOf("heating_cost_cumulative")).toEqual([29, 29, 29, 29]);
});

it("leaves what is younger, batch runs and what was simulated as they are", async () => {
  const youngMs = nowMs - 89 * day_ms;
  const run = { run: "winter", mode: "mpc" };
  store.write([
    ...hourOf(oldMs),
    ...hourOf(youngMs),
    reading(oldMs + minute_ms, 3, run),
    reading(oldMs + 2 * minute_ms, 4, run),
  ]);
  storeOf(store, "simulated").write(hourOf(oldMs));
  await store.flush();
  await thin();
  expect(await valuesOf("temperature")).toHaveLength(4);
  expect(await valuesOf("temperature", youngMs)).toHaveLength(60);
  expect(await valuesOf("temperature", oldMs, { run: "winter" })).toEqual([3, 4]);
  expect(await valuesOf("temperature", oldMs, { simulated: "true" })).toHaveLength(60);
});

it("goes on where it stopped, and does nothing twice", async () => {
  store.write(hourOf(oldMs));
  await store.flush();
  await thin();
  const written = store.stats.written;
  const { mtimeMs } = statSync(join(folder, "retention.json"));
  await thin();
  expect([store.stats.written, statSync(join(folder, "retention.json")).mtimeMs]).toEqual([written, mtimeMs]);
});

it("thins what is written after the clock was set back", async () => {
  store.write(hourOf(nowMs));
  await store.flush();
  await thin(store, nowMs + 365 * day_ms);
  expect(await valuesOf("temperature", nowMs)).toHaveLength(4);
  store.write(hourOf(oldMs));
  await store.flush();
  await thin();
  expect(await valuesOf("temperature")).toEqual([22, 22, 22, 22]);
});

it("loses nothing when it ends between purge and write", async () => {
  store.write(hourOf(oldMs));
  await store.flush();
  const failing: TimeSeriesStore = Object.create(store, {
    write: {
      value: () => {
        throw new Error("the power failed");
      },
    },
    query: { value: store.query.bind(store) },
    purge: { value: store.purge.bind(store) },
  });
  await expect(thin(failing)).rejects.toThrow("the power failed");
  expect(await valuesOf("temperature")).toEqual([]);
  await thin();
  expect(await valuesOf("temperature")).toEqual([22, 22, 22, 22]);
});

it("has nothing to do in a new store", async () => {
  await thin();
  expect(existsSync(join(folder, "retention.json"))).toBe(false);
});
