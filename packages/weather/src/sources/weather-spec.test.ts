import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scenarios } from "../scenario.ts";
import { WeatherSourceError } from "./error.ts";
import { weatherSourceFrom } from "./weather-spec.ts";

const startMs = Date.UTC(2026, 0, 20);
const options = { openMeteo: { now: () => startMs } };
const from = (spec: string) => weatherSourceFrom(spec, options);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "weather-spec-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("weatherSourceFrom", () => {
  it.each([
    ["reference", "reference year Lyon, seed 20"],
    ["reference:paris", "reference year Paris, seed 20"],
    ["reference:lyon:7", "reference year Lyon, seed 7"],
    ["scenario:harsh-winter", "scenario harsh winter"],
    ["scenario:sunny-spring", "scenario sunny spring"],
    ["open-meteo:45.76,4.84", "Open-Meteo 45.76,4.84"],
    ["open-meteo:-33.9, 151", "Open-Meteo -33.9,151"],
  ])("knows %s", async (spec, name) => {
    expect((await from(spec)).name).toBe(name);
  });

  it("reads a scenario from a file and starts it where asked", async () => {
    const path = join(folder, "mine.json");
    const days = [
      { min_c: -3, max_c: 4, nebulosity: 0.5 },
      { min_c: 6, max_c: 9, nebulosity: 1 },
    ];
    await writeFile(path, JSON.stringify({ ...scenarios["harsh-winter"], name: "mine", days }));
    const source = await weatherSourceFrom(`scenario:${path}`, {
      ...options,
      scenarioFirstDay: "2026-01-20",
    });
    const series = await source.series(startMs, startMs + 86_400_000);
    expect(series.source).toBe("scenario mine");
    expect(series.dryBulbTemperature_c[3]).toBe(-3); // 04 h in UTC+1
    expect(series.dryBulbTemperature_c[15]).toBe(4);
  });

  it("says what is possible", async () => {
    await writeFile(join(folder, "broken.json"), "{");
    await writeFile(join(folder, "empty.json"), "{}");
    await writeFile(join(folder, "short.epw"), "LOCATION,Lyon\n");
    const cases: [string, string][] = [
      [
        "sunny",
        'unknown weather "sunny"; possible: reference[:lyon|paris[:SEED]], scenario:harsh-winter|sunny-spring|FILE.json, epw:FILE, open-meteo:LAT,LON',
      ],
      ["", 'unknown weather ""; possible: '],
      ["reference:atlantis", 'unknown town "atlantis" of the reference year; possible: lyon, paris'],
      ["reference:toString", 'unknown town "toString"'],
      ["reference:lyon:x", 'the reference year\'s seed must be a whole number within 0..4294967295, got "x"'],
      ["reference:lyon:", 'seed must be a whole number within 0..4294967295, got ""'],
      [
        "scenario:mild",
        'unknown scenario "mild"; possible: harsh-winter, sunny-spring, or a file that ends in .json',
      ],
      ["scenario", 'unknown scenario ""'],
      [`scenario:${folder}/none.json`, `cannot use scenario file ${folder}/none.json: ENOENT`],
      [`scenario:${folder}/broken.json`, `cannot use scenario file ${folder}/broken.json: `],
      [`scenario:${folder}/empty.json`, "scenario.name: "],
      ["epw", "epw needs a file: epw:FILE"],
      [`epw:${folder}/none.epw`, `cannot read weather file ${folder}/none.epw: ENOENT`],
      [`epw:${folder}`, `cannot read weather file ${folder}: EISDIR`],
      [
        `epw:${folder}/short.epw`,
        `${folder}/short.epw: EPW line 2: expected header DESIGN CONDITIONS, got ""`,
      ],
      [
        "open-meteo:lyon",
        'open-meteo needs latitude (-90..90) and longitude (-180..180), as in open-meteo:45.76,4.84; got "lyon"',
      ],
      ["open-meteo:95,4", 'got "95,4"'],
    ];
    for (const [spec, message] of cases) {
      await expect(from(spec)).rejects.toThrow(WeatherSourceError);
      await expect(from(spec)).rejects.toThrow(message);
    }
  });

  const lyon = fileURLToPath(
    new URL("../../../../../shared/reference/weather/FRA_Lyon-Bron_TMYx_2004-2018.epw", import.meta.url),
  );
  it.skipIf(!existsSync(lyon))(
    "reads an EPW file (skipped where ../shared/reference/weather is absent)",
    async () => {
      const source = await from(`epw:${lyon}`);
      const series = await source.series(startMs, startMs + 86_400_000);
      expect(series.source).toBe("EPW Lyon Bron AP, FRA");
      expect(series.dryBulbTemperature_c.length).toBe(25);
    },
  );
});
