import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { actuatorPoint, type BuildingFile, parseBuilding, sensorPoint } from "@azru/contracts";
import { fromSource, type Outcome, runProgram } from "@azru/runtime/testing";
import { openEmbeddedStore } from "@azru/timeseries";
import { parse } from "csv-parse/sync";
import { randomLcg, randomNormal } from "d3-random";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "azru-calibrate-"));
const data = join(folder, "data");
const wrongFile = join(folder, "wrong.json");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(service: "batch" | "calibrate", args: readonly string[]): Promise<Outcome> {
  const main = new URL(`../../${service}/src/main.ts`, import.meta.url);
  return runProgram(main, args, { environment: { AZRU_DATA_DIR: data } });
}

/** The building that is simulated, wrong by 30 % in everything. */
function misjudged(): string {
  const building = JSON.parse(readFileSync(join(root, "examples/buildings/medium.json"), "utf8"));
  building.zone.thermalCapacitance_j_m2k *= 1.3;
  for (const field of ["uWalls_w_m2k", "uWindows_w_m2k", "ventilation_ach", "infiltration_ach"])
    building.zone[field] *= 0.7;
  for (const window of building.windows) window.g *= 0.7;
  building.heating.maxPower_w *= 1.3;
  return JSON.stringify(building);
}

/** What `pnpm simulate` wrote, behind a sensor with 0.1 K of noise, and without what no home measures. */
function measured(csv: string): string {
  const noise = randomNormal.source(randomLcg(0.42))(0, 0.1);
  const rows: Record<string, string>[] = parse(csv, { columns: true });
  return [
    "time_utc,air_temperature_c,valve_percent,outdoor_temperature_c",
    ...rows.map((row) =>
      [
        row.time_utc,
        (Number(row.air_temperature_c) + noise()).toFixed(2),
        row.valve_percent,
        row.outdoor_temperature_c,
      ].join(","),
    ),
  ].join("\n");
}

const csvFile = join(folder, "measured.csv");
let runId: string;
beforeAll(async () => {
  writeFileSync(wrongFile, misjudged());
  const out = join(folder, "out");
  const month = ["--start", "2026-01-11", "--end", "2026-02-08", "--mode", "mpc", "--step", "30"];
  // The zone is what these corrections are of; a house of states is learnt, not corrected.
  const { code, stderr } = await run("batch", [...month, "--twin", "5r1c", "--tariff", "peak", "--out", out]);
  if (code !== 0) throw new Error(stderr);
  const csv = readdirSync(out).find((name) => name.startsWith("run-"))!;
  runId = csv.slice("run-".length, -".csv".length);
  writeFileSync(csvFile, measured(readFileSync(join(out, csv), "utf8")));
});

describe("pnpm calibrate, after a simulated month", () => {
  test("mends a wrong building file: it then predicts five times better", async () => {
    const [fixed, report] = [join(folder, "fixed.json"), join(folder, "report")];
    const { code, stdout, stderr } = await run("calibrate", [
      ...["--from", `csv:${csvFile}`, "--building", wrongFile, "--weather", "reference"],
      ...["--out", fixed, "--report", report, "--json"],
    ]);
    expect(stderr).toContain(`Building file: ${fixed}`);
    expect(code).toBe(0);
    const { validation, building } = JSON.parse(stdout);
    expect(validation.file_rmse_k).toBeGreaterThan(5 * validation.calibrated_rmse_k);
    expect(validation.calibrated_rmse_k).toBeLessThan(0.15);

    const right = parseBuilding(readFileSync(join(root, "examples/buildings/medium.json"), "utf8"), "right");
    const found = parseBuilding(readFileSync(fixed, "utf8"), "found");
    const off = (of: (building: BuildingFile) => number) => Math.abs(of(found) / of(right) - 1);
    expect(off(({ zone }) => zone.thermalCapacitance_j_m2k)).toBeLessThan(0.05);
    expect(off(({ heating }) => heating.maxPower_w)).toBeLessThan(0.05);
    expect(off(({ windows }) => windows[0].g)).toBeLessThan(0.05);
    expect(found.internalGains_w).toBeLessThan(30);
    expect(found.internalGains_w).toBeCloseTo(building.internalGains_w, 3);

    const html = readFileSync(join(report, "calibration.html"), "utf8");
    expect(html).toContain("Held-out days");
    expect(html.match(/<svg /g)).toHaveLength(3);
    expect(html).not.toMatch(/NaN|undefined|<script|https?:/);
  });

  test("reads a simulated run from the store, its heat metered", async () => {
    const { code, stdout } = await run("calibrate", [
      ...["--from", "store", "--run", runId, "--building", wrongFile, "--weather", "reference", "--json"],
    ]);
    const { accepted, parameters, notes } = JSON.parse(stdout);
    expect([code, accepted]).toEqual([0, true]);
    const power = parameters.find(({ name }: { name: string }) => name === "heaterPower");
    expect(power.value).toBeCloseTo(4500, 3);
    expect(notes).toContain("The heat is taken as metered.");
  });

  test("reads the live home: two rooms, valves known by their commands alone", async () => {
    const rows: Record<string, string>[] = parse(readFileSync(csvFile, "utf8"), { columns: true });
    const store = openEmbeddedStore({ filePath: join(data, "azru.db") });
    for (const row of rows) {
      const timeMs = Date.parse(row.time_utc);
      const temperature = Number(row.air_temperature_c);
      store.write([
        sensorPoint("kitchen", { temperature: temperature + 0.4 }, timeMs),
        sensorPoint("bedroom", { temperature: temperature - 0.4 }, timeMs),
        actuatorPoint("kitchen", { valve_position: Number(row.valve_percent), source: "mpc" }, timeMs),
      ]);
    }
    await store.close();
    const { code, stdout } = await run("calibrate", [
      "--building",
      wrongFile,
      "--weather",
      "reference",
      "--json",
    ]);
    const { source, parameters } = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(source).toMatch(/^the live home in file/);
    const capacity = parameters.find(({ name }: { name: string }) => name === "capacitance");
    expect(Math.abs(capacity.value / 165 - 1)).toBeLessThan(0.06);
  });

  test("refuses four days in plain words, exit code 1, and writes nothing", async () => {
    const out = join(folder, "never.json");
    const { code, stdout, stderr } = await run("calibrate", [
      ...["--from", `csv:${csvFile}`, "--building", wrongFile, "--weather", "reference"],
      ...["--start", "2026-01-12", "--end", "2026-01-16", "--out", out],
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain("Refused. The history is too short: 4.0 days, at least 7 are needed.");
    expect(stderr).toContain("never.json was not written");
    expect(readdirSync(folder)).not.toContain("never.json");
  });
});

test("learns an EnergyPlus house, and writes it into the file beside what the owner knows", async () => {
  const fixture = new URL("packages/identification/src/testing/fixtures/brick45.json.gz", `file://${root}`);
  const { building, startMs, dtSeconds, ...columns } = JSON.parse(
    gunzipSync(readFileSync(fixture)).toString(),
  );
  const [file, csv, out] = ["brick45.json", "brick45.csv", "learnt.json"].map((name) => join(folder, name));
  const rows = columns.theta_air_c.map((air_c: number, k: number) =>
    [
      new Date(startMs + k * dtSeconds * 1000).toISOString(),
      ...[air_c, 100 * columns.valve[k], columns.phi_HC_w[k], columns.theta_e_c[k], columns.phi_sol_w[k]],
    ].join(","),
  );
  const header =
    "time_utc,air_temperature_c,valve_percent,heating_electric_w,outdoor_temperature_c,solar_gains_w";
  writeFileSync(csv, [header, ...rows].join("\n"));
  writeFileSync(file, JSON.stringify(building));
  const { code, stdout } = await run("calibrate", [
    ...["--from", `csv:${csv}`, "--building", file, "--out", out],
  ]);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /Learnt\. On held-out days the air temperature a day ahead is predicted to 0\.[234]/,
  );
  expect(stdout).toMatch(/by the building file to 0\.9\d K, by the mean of the day before to 0\.[78]/);
  const { learnt, zone } = parseBuilding(readFileSync(out, "utf8"), "learnt.json");
  expect(learnt!.house.physics.nodes[0].name).toBe("air");
  expect(learnt!.heatLoss_w_k.low).toBeLessThan(69);
  expect(learnt!.heatLoss_w_k.high).toBeGreaterThan(69);
  expect(zone.floorArea_m2).toBe(45);
});

test("bad input: one line that says what to change, exit code 2", async () => {
  const main = new URL("./main.ts", import.meta.url);
  const { code, stdout, stderr } = await runProgram(main, ["--building", "package.json"], { as: fromSource });
  expect(stderr).toMatch(/^calibrate: .*building\.zone is missing/);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect([code, stdout]).toEqual([2, ""]);
});
