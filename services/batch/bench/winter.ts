/**
 * A whole winter in closed loop, home by home: what share of the saving that perfect foresight of the winter
 * attains is caught, and what uncertainty, a wrong model, a longer step or a shorter horizon leave of it.
 *
 *     pnpm bench:winter [--only shares,uncertain,…] [--missing] [--weather epw:FILE] [--json FILE] [--threads 2]
 *
 * `--missing` carries out only the runs that the file does not have yet: an interrupted bench goes on.
 */
import { availableParallelism } from "node:os";
import { createCommand, optionsOrExit, UsageError, wholeNumber } from "@azru/command-line";
import Table from "cli-table3";
import { Piscina } from "piscina";
import { keyOf, readFigures, type WinterFigure, writeFigure } from "./winter-figures.ts";
import { type HomeRun, type PartName, parts } from "./winter-parts.ts";
import { type WinterOutcome, type WinterRun, worldOf } from "./winter-run.ts";
import { winterTables } from "./winter-tables.ts";

const { only, missing, weather, json, threads } = optionsOrExit<{
  only: readonly PartName[];
  missing: boolean;
  weather: string;
  json: string;
  threads: number;
}>(
  createCommand(
    "bench:winter",
    "Simulates whole winters on our own twin, for the tables of docs/controller.md.",
  )
    .option("--only <parts>", `some of ${Object.keys(parts).join(",")}`, partsOf, partsOf())
    .option("--missing", "carry out only the runs that the file does not have yet", false)
    .option("--weather <name>", "as for simulate: reference, epw:FILE, ...", "reference")
    .option("--json <file>", "where the figures are kept", "docs/figures/winter.json")
    .option("--threads <number>", "runs at the same time", wholeNumber(1, 64), availableParallelism()),
);

const startedAt = performance.now();
const seconds = (since_ms: number) => ((performance.now() - since_ms) / 1000).toFixed(1);
const world = await worldOf({
  ...{ weather, home: "medium", emission: "floorHeating", supply: "electric" },
  ...{ controller: "thermostat", knows: "everything", minutes: 15, horizon_h: 48 },
});
const { source } = world.weather;
console.error(`${source}; ${world.tariff}; 1 November to 31 March; ${threads} threads`);

const pool = new Piscina<WinterRun, WinterOutcome>({
  filename: new URL("./winter-run.ts", import.meta.url).href,
  maxThreads: threads,
});
const done = new Set(missing ? readFigures(json).map(keyOf) : []);
for (const name of only) {
  const partStartedAt = performance.now();
  const runs: readonly HomeRun[] = parts[name].filter((run) => !done.has(keyOf({ ...run, weather: source })));
  let count = 0;
  await Promise.all(
    runs.map(async (run) => {
      const outcome = await pool.run({ ...run, weather });
      count++;
      const figure: WinterFigure = { ...run, weather: source, ...outcome };
      done.add(keyOf(figure));
      writeFigure(json, figure);
      console.error(`${name} ${count}/${runs.length}, ${seconds(partStartedAt)} s: ${keyOf(figure)}`);
    }),
  );
  console.error(`${name}: ${runs.length} runs in ${seconds(partStartedAt)} s, written to ${json}`);
}
await pool.destroy();

const figures = readFigures(json).filter((figure) => figure.weather === source);
for (const { part, title, head, rows } of Object.values(winterTables)) {
  if (!only.includes(part)) continue;
  const table = new Table({ head: [...head] });
  table.push(...rows(figures).map((row) => [...row]));
  console.log(`${title}\n${table.toString()}`);
}
console.error(`${seconds(startedAt)} s in all`);

function partsOf(text = Object.keys(parts).join(",")): readonly PartName[] {
  return text.split(",").map((name) => {
    if (!Object.hasOwn(parts, name))
      throw new UsageError(`--only ${name}: there is ${Object.keys(parts).join(", ")}`);
    return name as PartName;
  });
}
