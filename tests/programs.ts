/**
 * Before the tests: makes plain JavaScript of the programs that they start as processes and threads, once a run, as the
 * images and the package do. Compiling in each process would take more time than most of these tests, and so would finding
 * hundreds of files of packages, which is why these programs hold them.
 */
import { existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { programsVariable } from "@azru/runtime/testing";
import { bundle } from "../services/standalone/src/bundle.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

/** By the name of the file that is made of them. */
const sources = {
  "batch-main": "services/batch/src/main.ts",
  "calibrate-main": "services/calibrate/src/main.ts",
  "core-main": "services/core/src/main.ts",
  "home-assistant-main": "services/home-assistant/src/main.ts",
  "mpc-main": "services/mpc/src/main.ts",
  "sensor-simulator-main": "services/sensor-simulator/src/main.ts",
  "setup-main": "services/setup/src/main.ts",
  "standalone-main": "services/standalone/src/main.ts",
  "valves-main": "services/valves/src/main.ts",
  "faulty-worker": "services/mpc/src/testing/faulty-worker.ts",
  lifeline: "services/standalone/src/lifeline.ts",
  service: "packages/runtime/src/fixtures/service.ts",
  "solve-worker": "services/mpc/src/solve-worker.ts",
};

/** Files in memory, where no test waits for a disk: stores and memories have much written through to it. */
const memoryFolder = "/dev/shm";
/** Far more than a run takes there at once; a container often has only 64 MB. */
const neededBytes = 2e9;

/** @returns what removes them after the run; nothing where another project of the run has made them already */
export default async function setup(): Promise<(() => void) | undefined> {
  if (process.env[programsVariable]) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "azru-programs-"));
  if (!process.env.TMPDIR && freeBytes(memoryFolder) > neededBytes) process.env.TMPDIR = memoryFolder;
  const absolute = Object.entries(sources).map(([name, source]) => [name, join(root, source)] as const);
  const files: Record<string, string> = await bundle(Object.fromEntries(absolute), folder, "test");
  const manifest = join(folder, "programs.json");
  writeFileSync(
    manifest,
    JSON.stringify(Object.fromEntries(absolute.map(([name, path]) => [path, files[name]]))),
  );
  process.env[programsVariable] = manifest;
  return () => {
    delete process.env[programsVariable];
    rmSync(folder, { recursive: true });
  };
}

function freeBytes(folder: string): number {
  if (!existsSync(folder)) return 0;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
