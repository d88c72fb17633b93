import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { RunError } from "@azru/command-line";
import { parquetReadObjects } from "hyparquet";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Study } from "../study.ts";
import { summaryJson } from "../summary.ts";
import { testStudy } from "../testing/test-study.ts";
import { summaryCsv, trajectoryCsv } from "./csv.ts";
import { runsParquet } from "./long.ts";
import { prepareDirectory, writeReport } from "./write.ts";

let study: Study;
beforeAll(async () => {
  study = await testStudy({ hours: 12 });
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "azru-report-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("writes the report, the summary and each run into a new directory, and nothing else", async () => {
  const directory = join(folder, "out", "january");
  await prepareDirectory(directory);
  const paths = await writeReport(study, directory);
  expect(paths.map((path) => basename(path))).toEqual([
    "report.html",
    "summary.csv",
    "summary.json",
    "run-test-medium-manual.csv",
    "run-test-medium-mpc.csv",
  ]);
  expect(readdirSync(directory).sort()).toEqual(paths.map((path) => basename(path)).sort());
  const [html, summary, json, manual] = paths.map((path) => readFileSync(path, "utf8"));
  expect(html).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  expect(summary).toBe(summaryCsv(study));
  expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(summaryJson(study))));
  expect(manual).toBe(trajectoryCsv(study.runs[0], study.rates));
});

test("replaces an earlier report whole", async () => {
  writeFileSync(join(folder, "summary.csv"), "older\n".repeat(10_000));
  await writeReport(study, folder);
  expect(readFileSync(join(folder, "summary.csv"), "utf8")).toBe(summaryCsv(study));
});

test("keeps every file in the directory, whatever a run is called", async () => {
  const hostile = { ...study, runs: study.runs.map((run, i) => ({ ...run, id: `../${i}/\\heavy & old` })) };
  const paths = await writeReport(hostile, folder);
  for (const path of paths) expect(dirname(path)).toBe(folder);
  expect(readdirSync(folder)).toHaveLength(paths.length);
});

test("calls the files of runs as their buildings are called, within what file systems take", async () => {
  const names = ["Maison_de_l_été", `${"é".repeat(100)}-manual`, `${"家".repeat(100)}-mpc`];
  const named = { ...study, runs: names.map((id) => ({ ...study.runs[0], id })) };
  const files = (await writeReport(named, folder)).map((path) => basename(path)).slice(3);
  expect(files[0]).toBe("run-Maison_de_l_été.csv");
  expect(files[1]).toMatch(/^run-é{100}-[0-9a-f]{8}\.csv$/);
  expect(files[2]).toMatch(/^run-家{66}-[0-9a-f]{8}\.csv$/);
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(files.map((file) => file.normalize())));
});

test("has numbers and truth values of options as such in Parquet", async () => {
  const options = { horizon: 24, compare: true, baseline: ["pi", "rule"] };
  const bytes = runsParquet([{ ...study, inputs: { ...study.inputs, options } }]);
  const [row] = await parquetReadObjects({ file: bytes.buffer as ArrayBuffer });
  expect(row).toMatchObject({ option_horizon: 24, option_compare: true, option_baseline: "pi rule" });
});

test("fails in one line that names the directory, and leaves nothing half-written", async () => {
  const file = join(folder, "taken");
  writeFileSync(file, "a file");
  const failure = await writeReport(study, file).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(RunError);
  expect((failure as RunError).message).toMatch(/^the report cannot be written to .*taken: \w+/);
  expect((failure as RunError).message).not.toContain("\n");
  expect(readdirSync(folder)).toEqual(["taken"]);
  expect(readFileSync(file, "utf8")).toBe("a file");
});
