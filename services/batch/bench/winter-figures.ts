/** What winters have come to: a file of runs and their outcomes, a line each, that parts are written into. */
import { existsSync, readFileSync } from "node:fs";
import writeFileAtomic from "write-file-atomic";
import type { WinterOutcome, WinterRun } from "./winter-run.ts";

export type WinterFigure = WinterRun & WinterOutcome;

/** The key of a run: the same text for the same run. */
export function keyOf(run: WinterRun): string {
  const { weather, home, emission, supply, controller, knows, minutes, horizon_h, model, twin } = run;
  return JSON.stringify([
    ...[weather, home, emission, supply, controller, knows, minutes, horizon_h],
    ...(model ? [model.capacitance, model.losses, model.calibrated] : []),
    ...(twin ? [twin] : []),
  ]);
}

/** The figures of a file; none where it does not exist. */
export function readFigures(file: string): WinterFigure[] {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
}

/** Writes a figure into a file, at once: it replaces that of the same run, all others stay. */
export function writeFigure(file: string, figure: WinterFigure): void {
  const all = new Map([...readFigures(file), figure].map((one) => [keyOf(one), one]));
  const lines = [...all.keys()].sort().map((key) => JSON.stringify(all.get(key)));
  writeFileAtomic.sync(file, `[\n${lines.join(",\n")}\n]\n`);
}
