import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { fromSource, type Outcome, type ProgramOptions, runProgram } from "@azru/runtime/testing";
import { openEmbeddedStore } from "@azru/timeseries";
import { parquetReadObjects } from "hyparquet";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const weatherFolder = join(root, "../shared/reference/weather");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "azru-batch-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function simulate(args: readonly string[], options: ProgramOptions = {}): Promise<Outcome> {
  return runProgram(new URL("./main.ts", import.meta.url), args, {
    ...options,
    environment: { AZRU_DATA_DIR: join(folder, "data"), ...options.environment },
  });
}

const twoDays = ["--start", "2026-02-01T00:00:00", "--end", "2026-02-03T00:00:00"];
/** In the zone of ISO 13790, whose air follows the heater at once. */
const twoDaysInZone = [...twoDays, "--twin", "5r1c"];

/** Comfort settings whose days are all alike. */
function settingsOf(day: readonly { time: string; preset: string }[]) {
  const week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
  return {
    presets_c: { eco: 17, comfort: 19, boost: 21 },
    away_c: null,
    vacation_c: 14,
    schedule: Object.fromEntries(week.map((name) => [name, day])),
  };
}

/** A column of the first run that a folder has step by step. */
function runColumn(out: string, name: string): number[] {
  const file = readdirSync(out).find((entry) => entry.startsWith("run-"))!;
  const [header, ...rows] = readFileSync(join(out, file), "utf8")
    .trim()
    .split("\n")
    .map((row) => row.split(","));
  const column = header.indexOf(name);
  return rows.map((row) => Number(row[column]));
}

describe("pnpm simulate", () => {
  test("compares both modes, stores the runs and writes the report", async () => {
    const out = join(folder, "out");
    const { code, stdout, stderr } = await simulate([...twoDays, "--compare", "--step", "30", "--out", out]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/medium +│ manual/);
    expect(stdout).toMatch(/medium +│ mpc/);
    expect(stdout).toMatch(/the MPC saves \d+\.\d\d EUR/);
    expect(stdout).toContain("allotted from the weather");
    expect(stderr).toMatch(/2026-02-02 medium mpc: day 2\/2, [\d.]+ kWh, [\d.]+ EUR/);
    expect(stderr).toContain(join(folder, "data", "azru.db"));
    expect(readdirSync(out).sort()).toEqual([
      "report.html",
      expect.stringMatching(/^run-.*manual.*\.csv$/),
      expect.stringMatching(/^run-.*mpc.*\.csv$/),
      "runs.csv",
      "runs.parquet",
      "steps.parquet",
      "summary.csv",
      "summary.json",
    ]);

    const store = openEmbeddedStore({ filePath: join(folder, "data", "azru.db") });
    try {
      const runs = await store.tagValues("sensors", "run");
      expect(runs).toHaveLength(2);
      const range = { startMs: Date.parse("2026-01-31T23:00Z"), stopMs: Date.parse("2026-02-02T23:00Z") };
      const temperatures = await store.query({ measurement: "sensors", fields: ["temperature"], ...range });
      expect(temperatures.map(({ tags, values }) => [tags.mode, values.length])).toEqual([
        ["manual", 96],
        ["mpc", 96],
      ]);
      const colours = await store.query({ measurement: "tariff", fields: ["colour"], ...range });
      expect(colours[0].values.length).toBeGreaterThan(2);
    } finally {
      await store.close();
    }
  });

  test("gives the same result again, as JSON that a program can read", async () => {
    const args = [...twoDaysInZone, "--mode", "mpc", "--step", "60", "--json"];
    const costs = [];
    for (const _ of [1, 2]) {
      const { code, stdout } = await simulate(args);
      expect(code).toBe(0);
      const result = JSON.parse(stdout);
      expect(result.complete).toBe(true);
      expect(result.runs[0].discomfort_below_kh).toBeLessThan(0.01);
      costs.push(result.runs[0].cost_eur);
    }
    expect(costs[0]).toBeGreaterThan(0);
    expect(costs[1]).toBe(costs[0]);
  });

  test("--from repeats a committed result to the digit, and other options replace its own", async () => {
    const file = join(root, "services/batch/src/fixtures/thermostat.json");
    const kept = JSON.parse(readFileSync(file, "utf8"));
    const { code, stdout, stderr } = await simulate(["--from", file, "--json"], {
      environment: { TMPDIR: folder },
    });
    expect(code).toBe(0);
    expect(stderr).toContain(`Repeats ${file}, made by version `);
    expect(readdirSync(folder).filter((name) => name.startsWith("azru-from"))).toEqual([]);
    const again = JSON.parse(stdout);
    const figures = ({ optimisation: _, id: __, ...kpis }: Record<string, unknown>) => kpis;
    expect(again.runs.map(figures)).toEqual(kept.runs.map(figures));
    expect(again.weather).toBe(kept.weather);
    expect(again.inputs.files).toEqual(kept.inputs.files);
    expect(again.inputs.options).toMatchObject(kept.inputs.options);
    const other = await simulate([`--from=${file}`, "--json", "--tariff", "base:0.2"]);
    expect(JSON.parse(other.stdout).runs[0].cost_eur).toBeCloseTo(0.2 * kept.runs[0].energy_kwh, 4);
  });

  test("a house lives in states, where a thermostat does not overshoot, by default", async () => {
    const args = [...twoDays, "--mode", "thermostat", "--json"];
    const { inputs, runs } = JSON.parse((await simulate(args)).stdout);
    expect(inputs.options.twin).toBe("states");
    expect(runs[0].max_temperature_c).toBeLessThan(21.5);
    const zone = JSON.parse((await simulate([...args, "--twin", "5r1c"])).stdout).runs[0];
    expect(zone.max_temperature_c).toBeGreaterThan(22);
  });

  test("two buildings of one name stay two, in tables, files and store", async () => {
    const medium = JSON.parse(readFileSync(join(root, "examples/buildings/medium.json"), "utf8"));
    const files = [1, 2].map((factor) => {
      const { zone, ...rest } = medium;
      const copy = { ...rest, zone: { ...zone, uWalls_w_m2k: factor * zone.uWalls_w_m2k } };
      const file = join(folder, `u${factor}.json`);
      writeFileSync(file, JSON.stringify(copy));
      return file;
    });
    const out = join(folder, "out");
    const args = [...twoDaysInZone, "--mode", "thermostat", "--step", "60", "--building", ...files];
    const { stdout, stderr } = await simulate([...args, "--json", "--out", out]);
    const { runs } = JSON.parse(stdout) as { runs: { id: string; building: string; energy_kwh: number }[] };
    expect(runs.map(({ building }) => building)).toEqual(["medium", "medium 2"]);
    expect(runs[1].energy_kwh).toBeGreaterThan(1.2 * runs[0].energy_kwh);
    expect(new Set(runs.map(({ id }) => id)).size).toBe(2);
    expect(readdirSync(out).filter((name) => name.startsWith("run-"))).toHaveLength(2);
    expect(stderr).toContain('Another building is called "medium" too: here it is "medium 2".');
  });

  test("lists make a grid, compared in a table and written as CSV and Parquet", async () => {
    const out = join(folder, "grid");
    const lists = ["--tariff", "base:0.2", "hphc:0.27/0.15", "--baseline", "thermostat"];
    const args = [...twoDays, "--compare", "--step", "60", "--horizon", "12", ...lists, "--out", out];
    const { code, stdout } = await simulate(args);
    expect(code).toBe(0);
    for (const line of stdout.split("\n").filter((line) => line.includes("│")))
      expect(line.length).toBeLessThanOrEqual(80);
    const rows = readFileSync(join(out, "runs.csv"), "utf8").trim().split("\n");
    expect(rows).toHaveLength(1 + 4);
    const { count, labels } = await parquetOf(join(out, "runs.parquet"));
    expect(count).toBe(4);
    expect(labels).toEqual(["tariff base:0.2", "tariff hphc:0.27/0.15"]);
    expect(stdout).toMatch(
      /^ tariff hphc:0\.27\/0\.15 *│ +medium *│ +\d+\.\d\d *│ +\d+\.\d\d *│ +-?\d+\.\d %/m,
    );
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain('href="02/report.html"');
    expect(readdirSync(join(out, "02"))).toContain("summary.json");
  });

  test("--state estimated hides the walls from the controller, and costs about the same", async () => {
    const args = [...twoDaysInZone, "--mode", "mpc", "--step", "30", "--json"];
    const run = async (more: readonly string[]) => {
      const { code, stdout } = await simulate([...args, ...more]);
      expect(code).toBe(0);
      return JSON.parse(stdout).runs[0];
    };
    const [knowing, estimating] = [await run([]), await run(["--state", "estimated", "--noise", "0.2"])];
    expect(estimating.cost_eur).not.toBe(knowing.cost_eur);
    expect(Math.abs(estimating.cost_eur / knowing.cost_eur - 1)).toBeLessThan(0.03);
    expect(estimating.min_temperature_c).toBeGreaterThan(18.7);
  });

  test("--schedule lets the setpoint change with the week, as the core's does", async () => {
    const day = [
      { time: "07:00", preset: "comfort" },
      { time: "22:00", preset: "eco" },
    ];
    const settings = { ...settingsOf(day), presets_c: { eco: 16, comfort: 19, boost: 21 } };
    const file = join(folder, "schedule.json");
    writeFileSync(file, JSON.stringify({ settings }));
    const out = join(folder, "out");
    const args = [...twoDaysInZone, "--compare", "--step", "60", "--json", "--schedule", file, "--out", out];
    const { code, stdout } = await simulate(args);
    expect(code).toBe(0);
    const [thermostat, mpc] = JSON.parse(stdout).runs;
    for (const { min_temperature_c } of [thermostat, mpc]) expect(min_temperature_c).toBeLessThan(18.5);
    expect(mpc.discomfort_below_kh).toBeLessThan(0.01);
    expect(thermostat.discomfort_below_kh).toBeGreaterThan(1);
    expect(runColumn(out, "comfort_min_c").slice(0, 24)).toEqual(
      Array.from({ length: 24 }, (_, hour) => (hour >= 7 && hour < 22 ? 19 : 16)),
    );
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain("Below the schedule");

    settings.presets_c.boost = 29;
    writeFileSync(file, JSON.stringify(settings));
    const refused = await simulate([...twoDays, "--schedule", file]);
    expect(refused.stderr).toBe(
      "simulate: --schedule: presets_c.boost must be <= 28, comfort.max_c of medium, got 29\n",
    );
    expect(refused.code).toBe(2);
  });

  test("--schedule keeps to its warmest acceptable, by day and at night", async () => {
    const settings = {
      ...settingsOf([{ time: "00:00", preset: "comfort" }]),
      warmest: { day_c: 20.5, night_c: 22, night_from: "22:00", night_until: "06:00" },
    };
    const file = join(folder, "warmest.json");
    writeFileSync(file, JSON.stringify(settings));
    const out = join(folder, "out");
    const args = [...twoDaysInZone, "--mode", "mpc", "--step", "60", "--schedule", file, "--out", out];
    expect((await simulate(args)).code).toBe(0);
    const air_c = runColumn(out, "air_temperature_c");
    const isNight = (k: number) => k % 24 >= 22 || k % 24 < 6;
    expect(air_c).toHaveLength(48);
    expect(Math.max(...air_c.filter((_, k) => !isNight(k)))).toBeLessThanOrEqual(20.51);
    expect(Math.max(...air_c.filter((_, k) => isNight(k)))).toBeLessThanOrEqual(22.01);
    expect(Math.max(...air_c.filter((_, k) => isNight(k)))).toBeGreaterThan(20.6);
  });

  test("--schedule says what is to be as warm, unless --comfort-of does", async () => {
    const settings = { ...settingsOf([{ time: "00:00", preset: "comfort" }]), of: "operative" };
    const file = join(folder, "operative.json");
    writeFileSync(file, JSON.stringify(settings));
    const args = [...twoDays, "--mode", "mpc", "--step", "60", "--schedule", file];
    expect((await simulate(args)).stdout).toContain("(which comfort is asked of)");
    expect((await simulate([...args, "--comfort-of", "air"])).stdout).not.toContain("comfort is asked of");
  });

  test("--model lets the controller plan with another house", async () => {
    const args = [...twoDaysInZone, "--mode", "mpc", "--step", "60", "--json"];
    const [own, other] = [
      await simulate(args),
      await simulate([...args, "--model", "examples/buildings/light.json"]),
    ];
    const [knowing, mistaken] = [own, other].map(({ stdout }) => JSON.parse(stdout).runs[0]);
    expect(mistaken.building).toBe("medium");
    expect(mistaken.cost_eur).not.toBe(knowing.cost_eur);
  });

  test("--reset deletes simulated runs and leaves live measurements", async () => {
    await simulate([...twoDays, "--mode", "manual"]);
    const filePath = join(folder, "data", "azru.db");
    const before = openEmbeddedStore({ filePath });
    before.write([
      { measurement: "sensors", tags: { location: "kitchen" }, fields: { temperature: 21 }, timeMs: 1 },
    ]);
    await before.close();

    const { code, stderr } = await simulate(["--reset"]);
    expect(code).toBe(0);
    expect(stderr).toContain("Deleted 1 simulated runs");
    const after = openEmbeddedStore({ filePath });
    try {
      expect(await after.tagValues("sensors", "run")).toEqual([]);
      expect(await after.tagValues("sensors", "location")).toEqual(["kitchen"]);
    } finally {
      await after.close();
    }
  });

  test("Ctrl-C leaves what was computed readable", async () => {
    const out = join(folder, "out");
    const { code, stdout, stderr } = await simulate(
      ["--start", "2026-01-01", "--end", "2026-03-31", "--mode", "mpc", "--out", out],
      { onStderr: (text, kill) => text.includes("day 2/") && kill() },
    );
    expect(code).toBe(130);
    expect(stdout).toContain("Stopped before the end");
    expect(stderr).toContain("what was computed is kept");
    const csv = readdirSync(out).find((name) => name.startsWith("run-"))!;
    const rows = readFileSync(join(out, csv), "utf8").trim().split("\n").length - 1;
    expect(rows).toBeGreaterThanOrEqual(2 * 96);
    expect(rows).toBeLessThan(89 * 96);
  });

  test("a store that takes nothing: the report is written all the same, exit code 1", async () => {
    const store = openEmbeddedStore({ filePath: join(folder, "data", "azru.db") });
    const fields = { temperature: "of another kind" };
    store.write([{ measurement: "sensors", tags: {}, timeMs: 0, fields }]);
    await store.close();
    const out = join(folder, "out");
    const { code, stderr } = await simulate([...twoDays, "--mode", "thermostat", "--out", out]);
    expect(code).toBe(1);
    expect(existsSync(join(out, "report.html"))).toBe(true);
    expect(stderr).toMatch(/\nReport: .*\nsimulate: .*temperature[^\n]*\n$/);
  });

  test("Ctrl-C while a worker starts: exit code 130, and no stack trace", async () => {
    // A worker's compiler, where it has one of its own, says that it starts; Ctrl-C ends it in the middle of its work.
    const worker = `
      import processes from "node:child_process";
      import { writeSync } from "node:fs";
      import { isMainThread } from "node:worker_threads";
      const { spawn } = processes;
      if (!isMainThread) process.env.TSX_DISABLE_CACHE = "1";
      processes.spawn = (...args) => {
        writeSync(2, "a compiler starts\\n");
        return spawn(...args);
      };`;
    let isPressed = false; // a second time would end it at once
    const quarter = ["--start", "2026-01-01", "--end", "2026-03-31"];
    const { code, stdout, stderr } = await simulate([...quarter, "--compare", "--baseline", "thermostat"], {
      as: fromSource,
      environment: { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(worker)}` },
      onStderr(text, interrupt) {
        if (isPressed || !/a compiler starts|day 1\//.test(text)) return;
        isPressed = true;
        interrupt();
      },
    });
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toContain("Stopped before the end");
    expect(code).toBe(130);
  });

  test("several buildings run side by side, from the sources as pnpm runs them", async () => {
    const { code, stdout } = await simulate(
      [
        ...[
          ...twoDays,
          "--compare",
          "--step",
          "60",
          "--weather",
          "scenario:harsh-winter",
          "--tariff",
          "peak",
        ],
        ...["--building", "examples/buildings/light.json", "examples/buildings/heavy.json"],
      ],
      { as: fromSource },
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/light: the MPC saves/);
    expect(stdout).toMatch(/heavy: the MPC saves/);
  });

  test.skipIf(!existsSync(weatherFolder))(
    "runs on the real Lyon weather (skipped without ../shared/reference/weather)",
    async () => {
      const epw = join(weatherFolder, "FRA_Lyon-Bron_TMYx_2004-2018.epw");
      const { code, stdout } = await simulate([...twoDays, "--step", "60", "--weather", `epw:${epw}`]);
      expect(code).toBe(0);
      expect(stdout).toContain("EPW Lyon");
    },
  );
});

async function parquetOf(path: string) {
  const bytes = readFileSync(path);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const rows = await parquetReadObjects({ file });
  return { count: rows.length, labels: [...new Set(rows.map(({ label }) => label))] };
}

describe("bad input", () => {
  const cases: [what: string, args: string[], says: RegExp][] = [
    ["an unknown flag", ["--frobnicate"], /unknown option '--frobnicate'/],
    ["nothing at all", [], /--start is missing/],
    ["a result that is none", ["--from", "package.json"], /--from package.json is no result of simulate/],
    ["a result named with =", ["--from=package.json"], /--from package.json is no result of simulate/],
    ["no end", ["--start", "2026-02-01"], /--end is missing/],
    [
      "a year that no store can keep",
      ["--start", "2400-01-01", "--end", "2400-01-02"],
      /--start.*Must lie within the years 1700 to 2260/,
    ],
    ["a horizon of years", [...twoDays, "--horizon", "100000"], /--horizon.*from 1 to 744/],
    ["a start that is no time", ["--start", "soon", "--end", "2026-02-01"], /'soon' is invalid/],
    [
      "an end before the start",
      ["--start", "2026-02-02", "--end", "2026-02-01"],
      /--end 2026-02-01 00:00 must be after/,
    ],
    [
      "an unknown mode",
      [...twoDays, "--mode", "magic"],
      /'magic' is invalid\. Allowed choices are mpc, manual, thermostat/,
    ],
    [
      "a time that spring leaves out",
      ["--start", "2026-03-29T02:30", "--end", "2026-04-01"],
      /--start.*It must be a time that exists in Europe\/Paris/,
    ],
    [
      "a mode beside both",
      [...twoDays, "--compare", "--mode", "mpc"],
      /--mode and --compare exclude each other/,
    ],
    ["a noise that no sensor has", [...twoDays, "--noise", "0.2"], /--noise needs --state estimated/],
    ["a margin for what is known", [...twoDays, "--margin", "3"], /--margin needs --state estimated/],
    ["a seed that nothing grows from", [...twoDays, "--seed", "2"], /--seed needs --forecast realistic or/],
    [
      "a calendar that is none",
      [...twoDays, "--tariff", "tempo:README.md"],
      /README\.md: line 1 must be the header date,colour, got "# Azru"/,
    ],
    ["a noise below zero", [...twoDays, "--noise", "-1"], /--noise.*'-1' is invalid\. Must be a number >= 0/],
    ["a step that is no number", [...twoDays, "--step", "x"], /--step.*'x' is invalid/],
    [
      "a horizon off the step",
      [...twoDays, "--step", "7"],
      /--horizon 48 h is not a multiple of --step 7 min/,
    ],
    [
      "an unknown weather",
      [...twoDays, "--weather", "sunny"],
      /unknown weather "sunny"; possible: reference/,
    ],
    [
      "an EPW file that is not there",
      [...twoDays, "--weather", "epw:/no.epw"],
      /cannot read weather file \/no\.epw: ENOENT/,
    ],
    ["an unknown tariff", [...twoDays, "--tariff", "gas"], /--tariff gas is unknown; possible: tempo/],
    ["a calendar that is not there", [...twoDays, "--tariff", "tempo:/no.csv"], /\/no\.csv.*ENOENT/],
    [
      "a building that is not there",
      [...twoDays, "--building", "/no.json"],
      /--building \/no\.json cannot be read: ENOENT/,
    ],
    [
      "a model that is not there",
      [...twoDays, "--model", "/no.json"],
      /--model \/no\.json cannot be read: ENOENT/,
    ],
    ["a schedule that is none", [...twoDays, "--schedule", "package.json"], /settings\.presets_c is missing/],
    ["a building that is none", [...twoDays, "--building", "package.json"], /building\.zone is missing/],
  ];
  test.each(cases)("%s: one line, exit code 2", async (_what, args, says) => {
    const { code, stdout, stderr } = await simulate(args);
    expect(stderr).toMatch(says);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  test("a malformed building names the field and the value", async () => {
    const building = JSON.parse(readFileSync(join(root, "examples/buildings/heavy.json"), "utf8"));
    building.zone.floorArea_m2 = -3;
    const file = join(folder, "building.json");
    writeFileSync(file, JSON.stringify(building));
    const { code, stderr } = await simulate([...twoDays, "--building", file]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/building\.zone\.floorArea_m2 must be > 0, got -3/);
  });

  test.skipIf(!existsSync(weatherFolder))(
    "a truncated EPW file names its line (skipped without ../shared/reference/weather)",
    async () => {
      const epw = readFileSync(join(weatherFolder, "Zurich-Kloten_2013.epw"), "latin1");
      const file = join(folder, "short.epw");
      writeFileSync(file, epw.slice(0, epw.length / 2), "latin1");
      const { code, stderr } = await simulate([...twoDays, "--weather", `epw:${file}`]);
      expect(code).toBe(2);
      expect(stderr).toMatch(/short\.epw: EPW line \d+: /);
      expect(stderr.trim().split("\n")).toHaveLength(1);
    },
  );

  test("an InfluxDB that was asked for and cannot be reached: one line, exit code 1, nothing half-written", async () => {
    const out = join(folder, "out");
    const { code, stderr } = await simulate([...twoDays, "--out", out], {
      environment: { INFLUXDB_URL: "http://127.0.0.1:1", INFLUXDB_TOKEN: "t" },
    });
    expect(code).toBe(1);
    expect(stderr.trim()).toMatch(/^simulate: InfluxDB http:\/\/127\.0\.0\.1:1 is unreachable/);
    expect(existsSync(out)).toBe(false);
    expect(existsSync(join(folder, "data"))).toBe(false);
  });

  test("a weather or tariff service that cannot be reached: one line, exit code 1", async () => {
    // A machine without a network: no name is found.
    const offline = `
      import dns from "node:dns";
      dns.lookup = (host, options, done) =>
        process.nextTick(done, Object.assign(new Error("getaddrinfo ENOTFOUND " + host), { code: "ENOTFOUND" }));`;
    const environment = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(offline)}` };
    const [weather, tariff] = await Promise.all([
      simulate(["--start", "2024-01-10", "--end", "2024-01-12", "--weather", "open-meteo:45.76,4.84"], {
        environment,
      }),
      // Before the first colours that Azru ships.
      simulate(["--start", "2010-01-10", "--end", "2010-01-12", "--tariff", "tempo:api"], { environment }),
    ]);
    for (const { code, stderr } of [weather, tariff]) {
      expect(stderr).toContain("ENOTFOUND");
      expect(stderr.trim().split("\n")).toHaveLength(1);
      expect(code).toBe(1);
    }
    expect(weather.stderr).toMatch(/^simulate: --weather: cannot reach archive-api\.open-meteo\.com: /);
    expect(tariff.stderr).toMatch(/^simulate: --tariff: /);
  });

  test("an InfluxDB address that is none", async () => {
    const { code, stderr } = await simulate(twoDays, { environment: { INFLUXDB_URL: "localhost" } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/INFLUXDB_URL/);
  });
});

describe("with an InfluxDB", () => {
  let server: Server;
  let lines: string[];
  beforeEach(async () => {
    lines = [];
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { pathname } = new URL(request.url ?? "/", "http://localhost");
        response.setHeader("X-Influxdb-Version", "v2.7.11");
        if (pathname === "/api/v2/write") {
          const body = Buffer.concat(chunks);
          lines.push(
            ...(request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body)
              .toString()
              .split("\n"),
          );
          response.writeHead(204).end();
        } else if (pathname === "/ping") response.writeHead(204).end();
        else
          response
            .writeHead(200, { "content-type": "application/json" })
            .end(
              '{"status":"pass","name":"influxdb","buckets":[{"name":"home-energy"}],"orgs":[{"name":"azru","id":"1"}]}',
            );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  test("every point of the run goes there as line protocol", async () => {
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const { code, stderr } = await simulate([...twoDays, "--mode", "thermostat", "--step", "60"], {
      environment: { INFLUXDB_URL: url, INFLUXDB_TOKEN: "secret-token" },
    });
    expect(stderr).toContain(url);
    expect(code).toBe(0);
    expect(stderr).not.toContain("secret-token");
    expect(lines.filter((line) => line.startsWith("sensors,"))).toHaveLength(48);
    expect(lines.filter((line) => line.startsWith("actuators,"))).toHaveLength(48);
    expect(lines[0]).toMatch(/^sensors,location=home,mode=manual,run=\S+ .*temperature=[\d.]+.* \d{13,}$/);
    expect(existsSync(join(folder, "data", "azru.db"))).toBe(false);
  });
});
