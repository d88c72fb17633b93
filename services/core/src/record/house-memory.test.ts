import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHouseFilter, typicalNoise } from "@azru/identification";
import { homeHour } from "@azru/runtime";
import { unprovedHouse } from "@azru/simulation";
import { expect, test } from "vitest";
import { building, silent, startMs, stepMs } from "../testing/test-home.ts";
import { readHouseMemory, writeHouseMemory } from "./house-memory.ts";

test("what a house knows of itself outlives a restart, with how well each temperature was known", () => {
  const folder = mkdtempSync(join(tmpdir(), "azru-house-"));
  const file = join(folder, "house.json");
  const { house } = unprovedHouse(building);
  const noise = typicalNoise(building.zone.floorArea_m2);
  const filter = createHouseFilter({ house, noise, dtSeconds: stepMs / 1000, hourOfDay: homeHour });
  const outdoor = { phi_HC_w: 500, theta_e_c: 3, phi_sol_w: 0 };
  filter.advance({ startMs, ...outdoor, measured_c: 20 });
  filter.advance({ startMs: startMs + stepMs, ...outdoor, measured_c: 20.5, within_k: 0.25, isHeld: false });
  filter.advance({
    startMs: startMs + 2 * stepMs,
    ...outdoor,
    measured_c: 20.5,
    within_k: 0.5,
    isHeld: true,
  });
  filter.advance({ startMs: startMs + 3 * stepMs, ...outdoor, measured_c: Number.NaN });
  try {
    writeHouseMemory(file, filter.memory!, silent);
    expect(readHouseMemory(file, silent)).toEqual(filter.memory);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each(["", "{", '{"version":1,"memory":{"state":7}}'])(
  "a damaged file is kept beside, and named: %j",
  (text) => {
    const folder = mkdtempSync(join(tmpdir(), "azru-house-"));
    const file = join(folder, "house.json");
    writeFileSync(file, text);
    const said: string[] = [];
    const warn = (...parts: unknown[]) => void said.push(String(parts.at(-1)));
    try {
      expect(readHouseMemory(file, { warn })).toBeUndefined();
      const [kept] = readdirSync(folder);
      expect(kept).toMatch(/^house\.json\.damaged-/);
      expect(readFileSync(join(folder, kept), "utf8")).toBe(text);
      expect(said).toEqual([expect.stringContaining(kept)]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
