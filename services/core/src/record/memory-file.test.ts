import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { estimatePoint, modePoint, sensorPoint } from "@azru/contracts";
import { openEmbeddedStore } from "@azru/timeseries";
import { afterEach, beforeEach, expect, test } from "vitest";
import { flatPlan } from "../testing/plans.ts";
import { silent } from "../testing/test-home.ts";
import type { Memory } from "./memory.ts";
import { createMemoryKeeper, readMemoryFile, restoreMemory, writeMemoryFile } from "./memory-file.ts";
import { createRecorder } from "./recorder.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "azru-memory-"));
  file = join(folder, "data", "memory.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

const memory: Memory = {
  mode: { kind: "manual", valve: 0.4, expiresMs: 7_000 },
  plan: { requestedMs: 5_000, plan: flatPlan({ startMs: 0 }) },
  readings: [{ room: "living-room", metrics: { temperature: 19.5, power_consumption: 400 }, timeMs: 6_000 }],
  baseline: { atMs: 5_000, theta_m_c: 19, theta_air_c: 19.5, heating: true, cost_eur: 1.25 },
  savings: {
    sinceMs: 1_000,
    cost_eur: 1,
    baseline_eur: 1.25,
    counted_ms: 3_600_000,
    baselineHeat_kwh: 9,
    days: [{ day: "1970-01-01", paid_eur: 1, baseline_eur: 1.25 }],
  },
  estimate: {
    atMs: 5_000,
    theta_m_c: 19,
    theta_m_sd_k: 0.5,
    phi_u_w: 100,
    phi_u_sd_w: 50,
    evidence: { "0.1 0.02 60 0.3": 0, "0.2 0.02 60 0.3": -7.5 },
  },
};

test("reads back what was written, and leaves nothing beside it", () => {
  expect(readMemoryFile(file)).toBeUndefined();
  writeMemoryFile(file, { mode: { kind: "off" }, readings: [] });
  expect(readMemoryFile(file)).toEqual({ memory: { mode: { kind: "off" }, readings: [] } });
  writeMemoryFile(file, { mode: { kind: "auto" }, readings: [] });
  writeMemoryFile(file, memory);
  expect(readMemoryFile(file)).toEqual({ memory });
  expect(readdirSync(join(folder, "data"))).toEqual(["memory.json"]);
});

test("reads a file of a version that did not know the noise yet", () => {
  const { evidence: _, ...estimate } = memory.estimate!;
  writeMemoryFile(file, { ...memory, estimate });
  expect(readMemoryFile(file)).toEqual({ memory: { ...memory, estimate } });
});

test.each(["habits", "doubt"])("keeps all else of a file whose %s are damaged", (field) => {
  writeMemoryFile(file, memory);
  writeFileSync(file, readFileSync(file, "utf8").replace('"mode":', `"${field}":{"rooms":7},"mode":`));
  const damaged = expect.stringMatching(new RegExp(`memory\\.json is damaged: ${field}`));
  expect(readMemoryFile(file)).toEqual({ memory, damaged });
});

test.each([
  ["a section", '"mode":', '"doubt":7,"mode":', "manual"],
  ["all of it", '"mode":', '"mode:', "auto"],
])("keeps a file of which %s is damaged beside the new one, and says so", async (_, good, bad, kind) => {
  writeMemoryFile(file, memory);
  const damaged = readFileSync(file, "utf8").replace(good, bad);
  writeFileSync(file, damaged);
  const store = openEmbeddedStore({ filePath: join(folder, "azru.db") });
  const said: unknown[] = [];
  const log = { ...silent, warn: (message: unknown) => void said.push(message) } as typeof silent;
  const home = { room: "living-room", step_ms: 1_000, comfort: { min_c: 19, max_c: 28 } };
  const restored = await restoreMemory({ store, path: file, log }, home);
  await store.close();
  expect(restored.mode.kind).toBe(kind);
  const [kept] = readdirSync(join(folder, "data")).filter((name) => name !== "memory.json");
  expect(kept).toMatch(/^memory\.json\.damaged-/);
  expect(readFileSync(join(folder, "data", kept), "utf8")).toBe(damaged);
  expect(said).toEqual([expect.stringContaining(kept)]);
});

test("says once that the file cannot be written, and when it is again", () => {
  const said: string[] = [];
  const log = {
    ...silent,
    warn: (text: string) => said.push(text),
    info: (text: string) => said.push(text),
  } as unknown as typeof silent;
  const keeper = createMemoryKeeper({ path: file, log }, memory, () => ({}));
  writeFileSync(join(folder, "data"), "a file in the place of the folder");
  keeper.save();
  keeper.save();
  rmSync(join(folder, "data"));
  keeper.save();
  keeper.save();
  expect(said).toEqual([
    expect.stringMatching(/memory\.json cannot be written \(E.*\): .*make room$/),
    expect.stringMatching(/memory\.json is written again$/),
  ]);
  expect(readMemoryFile(file)).toEqual({ memory });
});

test("refuses a file of a newer version", () => {
  writeMemoryFile(file, memory);
  writeFileSync(file, readFileSync(file, "utf8").replace('"version":1', '"version":2'));
  expect(() => readMemoryFile(file)).toThrow(
    /memory\.json was written by a newer version \(2, this one knows 1\)/,
  );
});

test.each([
  ["half of it", (text: string) => text.slice(0, text.length / 2), /memory\.json cannot be read: /],
  ["no version", () => "{}", /memory\.json is damaged: .*version/],
  [
    "another value",
    (text: string) => text.replace('"temperature":19.5', '"temperature":"warm"'),
    /damaged: .*temperature/,
  ],
])("says what is wrong with a damaged file: %s", (_, damage, why) => {
  writeMemoryFile(file, memory);
  writeFileSync(file, damage(readFileSync(file, "utf8")));
  expect(readMemoryFile(file)).toEqual({ why: expect.stringMatching(why) });
});

test("what the file knows of a step that the store does not have yet is remembered, with the store's newer readings", async () => {
  const store = openEmbeddedStore({ filePath: join(folder, "azru.db") });
  const recorder = createRecorder(store, silent);
  const sources = { store, path: file, log: silent };
  const home = { room: "living-room", step_ms: 1_000, comfort: { min_c: 19, max_c: 28 } };
  const walls = { mass_temperature: 20, mass_temperature_sd: 1, unknown_gains: 0, unknown_gains_sd: 1 };
  const estimate = { ...walls, sensor_noise: 0.1 };
  writeMemoryFile(file, memory);
  const newer = { room: "living-room", metrics: { temperature: 21 }, timeMs: 6_500 };
  recorder.write([
    sensorPoint("living-room", newer.metrics, newer.timeMs),
    modePoint({ auto_mode: true, kind: "auto" }, 6_500),
    estimatePoint("living-room", estimate, {}, 5_000),
  ]);
  await store.flush();
  expect(await restoreMemory(sources, home)).toEqual({ ...memory, readings: [newer] });

  recorder.write([estimatePoint("living-room", estimate, {}, 6_000)]);
  await store.flush();
  expect(await restoreMemory(sources, home)).toMatchObject({ mode: { kind: "auto" }, readings: [newer] });
  await store.close();
});
