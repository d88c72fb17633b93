import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { RunError, UsageError } from "@azru/command-line";
import writeFileAtomic from "write-file-atomic";
import { fileNameOf } from "../file-name.ts";
import type { Study } from "../study.ts";
import { summaryJson } from "../summary.ts";
import { summaryCsv, trajectoryCsv } from "./csv.ts";
import { reportHtml } from "./html.ts";
import { runsCsv, runsParquet, stepsParquet } from "./long.ts";
import { overviewHtml } from "./overview.ts";

/**
 * Makes the directory of a report, so that a bad name is found before a long study and not after it.
 *
 * @throws UsageError in one line when it cannot be made
 */
export async function prepareDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
  } catch (error) {
    throw new UsageError(`--out ${directory} cannot be made: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/**
 * Writes `report.html`, `summary.csv`, `summary.json` and a `run-ID.csv` for each run. A file is there whole
 * or not at all, and replaces one of the same name.
 *
 * @param directory one that exists, see `prepareDirectory`
 * @returns the paths written, `report.html` first
 * @throws RunError in one line when the directory or a file cannot be written
 */
export async function writeReport(study: Study, directory: string): Promise<string[]> {
  const files = [
    { name: "report.html", text: reportHtml(study) },
    { name: "summary.csv", text: summaryCsv(study) },
    { name: "summary.json", text: `${JSON.stringify(summaryJson(study), null, 2)}\n` },
    ...study.runs.map((run) => ({
      name: `run-${shortFileName(run.id)}.csv`,
      text: trajectoryCsv(run, study.rates),
    })),
  ];
  return writeAll(directory, files);
}

const longestName_bytes = 200; // file systems take 255

/** A run's name as a file's: one of a building's long name is cut and distinguished by a hash. */
function shortFileName(id: string): string {
  const name = fileNameOf(id);
  if (Buffer.byteLength(name) <= longestName_bytes) return name;
  const hash = createHash("sha256").update(id).digest("hex").slice(0, 8);
  const start = Buffer.from(name)
    .subarray(0, longestName_bytes)
    .toString()
    .replace(/\uFFFD$/u, "");
  return `${start}-${hash}`;
}

/**
 * Writes the tables of all studies, `runs.csv`, `runs.parquet` and `steps.parquet`, and of several studies each one's
 * report in a folder of its own and a page over them all.
 *
 * @returns the paths written, the report to open first
 * @throws RunError in one line when the directory or a file cannot be written
 */
export async function writeStudies(studies: readonly Study[], directory: string): Promise<string[]> {
  const tables = [
    { name: "runs.csv", text: runsCsv(studies) },
    { name: "runs.parquet", text: Buffer.from(runsParquet(studies)) },
    { name: "steps.parquet", text: Buffer.from(stepsParquet(studies)) },
  ];
  const [first] = studies;
  if (studies.length === 1) {
    return [...(await writeReport(first, directory)), ...(await writeAll(directory, tables))];
  }
  const folders = studies.map((_, i) => String(i + 1).padStart(2, "0"));
  const overview = { name: "report.html", text: overviewHtml(studies, folders) };
  const paths = await writeAll(directory, [overview, ...tables]);
  for (const [i, study] of studies.entries()) {
    const folder = join(directory, folders[i]);
    await prepareDirectory(folder);
    paths.push(...(await writeReport(study, folder)));
  }
  return paths;
}

async function writeAll(
  directory: string,
  files: readonly { readonly name: string; readonly text: string | Buffer }[],
): Promise<string[]> {
  try {
    const paths = [];
    for (const { name, text } of files) {
      const path = join(directory, name);
      await writeFileAtomic(path, text);
      paths.push(path);
    }
    return paths;
  } catch (error) {
    throw new RunError(`the report cannot be written to ${directory}: ${(error as Error).message}`);
  }
}
