/** What runs came to: a file of runs and their outcomes, a line each. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import writeFileAtomic from "write-file-atomic";
import type { Outcome } from "./outcome.ts";
import type { WinterRun } from "./winter-run.ts";

export type Figure = WinterRun & Outcome;

/** The key of a run: the same text for the same run. */
export function keyOf(run: WinterRun): string {
  const { weather, house, building, controller, history, forecast, seed, noise_k, lastDay } = run;
  return JSON.stringify([weather, house, building, controller, history, forecast, seed, noise_k, lastDay]);
}

/** The figures of a file; none where it does not exist. */
export function readFigures(file: string): Figure[] {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
}

/** Writes a figure into a file, at once: it replaces that of the same run, all others stay. */
export function writeFigure(file: string, figure: Figure): void {
  const all = new Map([...readFigures(file), figure].map((one) => [keyOf(one), one]));
  const lines = [...all.keys()].sort().map((key) => JSON.stringify(all.get(key)));
  mkdirSync(dirname(file), { recursive: true });
  writeFileAtomic.sync(file, `[\n${lines.join(",\n")}\n]\n`);
}
