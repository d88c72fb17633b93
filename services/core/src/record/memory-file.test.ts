import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { flatPlan } from "../testing/plans.ts";
import type { Memory } from "./memory.ts";
import { readMemoryFile, writeMemoryFile } from "./memory-file.ts";

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
