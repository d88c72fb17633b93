import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openEmbeddedStore } from "./embedded.ts";
import { storeOf } from "./origin.ts";
import type { TimeSeriesStore } from "./store.ts";

let folder: string;
let store: TimeSeriesStore;
let simulated: TimeSeriesStore;
let real: TimeSeriesStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "azru-origin-"));
  store = openEmbeddedStore({ filePath: join(folder, "azru.db") });
  simulated = storeOf(store, "simulated");
  real = storeOf(store, "real");
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const nowMs = Date.UTC(2026, 10, 27);
const point = (temperature: number, timeMs: number) => ({
  measurement: "sensors",
  tags: { location: "attic" },
  fields: { temperature },
  timeMs,
});

it("finds the last real value, though simulated ones lie ahead of it", async () => {
  simulated.write([point(21, nowMs + 20 * 86_400_000)]);
  real.write([point(17, nowMs)]);
  await store.flush();
  const selection = { measurement: "sensors", tags: { location: "attic" } };
  expect(await real.last(selection)).toMatchObject([
    { value: 17, timeMs: nowMs, tags: { location: "attic" } },
  ]);
  const [last] = await simulated.last(selection);
  expect(last).toMatchObject({ value: 21, tags: { location: "attic" } });
  expect(Object.keys(last.tags)).toEqual(["location"]);
});

it("keeps a real and a simulated value of the same time", async () => {
  simulated.write([point(21, nowMs)]);
  real.write([point(17, nowMs)]);
  await store.flush();
  const query = { measurement: "sensors", startMs: nowMs, stopMs: nowMs + 1 };
  expect((await real.query(query)).map(({ values }) => values)).toEqual([[17]]);
  expect((await simulated.query(query)).map(({ values }) => values)).toEqual([[21]]);
});

it("takes points without the tag, of earlier versions, for real", async () => {
  store.write([point(18, nowMs)]);
  await store.flush();
  expect(await real.last({ measurement: "sensors" })).toMatchObject([{ value: 18 }]);
  expect(await simulated.last({ measurement: "sensors" })).toEqual([]);
});

it("deletes of a simulated home only what was simulated", async () => {
  simulated.write([point(21, nowMs)]);
  real.write([point(17, nowMs)]);
  await store.flush();
  await simulated.purge({ measurement: "sensors" });
  expect(await simulated.last({ measurement: "sensors" })).toEqual([]);
  expect(await real.last({ measurement: "sensors" })).toMatchObject([{ value: 17 }]);
});
