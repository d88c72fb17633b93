/** `bench:energyplus bestest`: ASHRAE 140's cases on Azru's models beside EnergyPlus. */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";
import { createCommand, parseOptions } from "@azru/command-line";
import { epwFileSource } from "@azru/weather";
import Table from "cli-table3";
import { type BestestCase, type BestestResult, bestest, bestestCases } from "./bestest.ts";
import { pythonOrExplain } from "./python.ts";

const run = promisify(execFile);
const plant = resolve(import.meta.dirname, "../plant/bestest.py");

interface Options {
  readonly weather: string;
  readonly utcOffset: string;
  readonly out?: string;
}

interface Row {
  readonly case: BestestCase;
  readonly energyplus: BestestResult;
  readonly zone_5r1c: BestestResult;
  readonly states: BestestResult;
}

/** Returns the exit code. */
export async function bestestCommand(argv: readonly string[]): Promise<number> {
  const command = createCommand(
    "bench:energyplus bestest",
    "ASHRAE 140 cases 600, 600FF, 900, 900FF: the 5R1C zone and the house of several states beside EnergyPlus, on one weather file.",
  )
    .requiredOption("--weather <file>", "an EPW file")
    .option("--utc-offset <hours>", "of the file's hours", "1")
    .option("--out <file>", "JSON of the results");
  const options = parseOptions<Options>(command, argv);
  if (!options) return 0;
  const python = await pythonOrExplain();
  if (python === undefined) return 0;
  const weather = resolve(options.weather);
  const source = await epwFileSource(weather);
  const { stdout } = await run(python, [plant, weather], { cwd: join(plant, "..") });
  const theirs = new Map(
    stdout
      .trim()
      .split("\n")
      .map((line) => {
        const { case: name, ...result } = JSON.parse(line) as { case: BestestCase } & BestestResult;
        return [name, result as BestestResult];
      }),
  );
  const rows: Row[] = [];
  for (const name of bestestCases) {
    const ours = await bestest(name, source, { year: 2026, utcOffset_h: Number(options.utcOffset) });
    rows.push({
      case: name,
      energyplus: rounded(theirs.get(name)!),
      zone_5r1c: rounded(ours.zone),
      states: rounded(ours.states),
    });
  }
  process.stdout.write(`${tableOf(rows)}\n`);
  const result = { weather: basename(weather), energyplus: "25.2.0", cases: rows };
  if (options.out !== undefined) await writeFile(options.out, `${JSON.stringify(result, null, 2)}\n`);
  return 0;
}

function rounded(result: BestestResult): BestestResult {
  const entries = Object.entries(result).map(([name, value]) => [name, Math.round(value * 100) / 100]);
  return Object.fromEntries(entries) as BestestResult;
}

const labels: Readonly<Record<string, string>> = {
  heating_kwh: "heating kWh",
  peak_heating_w: "peak heating W",
  cooling_kwh: "cooling kWh",
  peak_cooling_w: "peak cooling W",
  min_c: "coldest C",
  max_c: "warmest C",
};

function tableOf(rows: readonly Row[]): string {
  const table = new Table({
    head: ["case", "", "EnergyPlus", "5R1C", "states"],
    style: { head: [], border: [] },
  });
  for (const { case: name, energyplus, zone_5r1c, states } of rows) {
    const values = (result: BestestResult) => new Map<string, number>(Object.entries(result));
    const [theirs, zone, several] = [energyplus, zone_5r1c, states].map(values) as [
      Map<string, number>,
      Map<string, number>,
      Map<string, number>,
    ];
    for (const [key, value] of theirs)
      table.push([
        name,
        labels[key] ?? key,
        ...[value, zone.get(key)!, several.get(key)!].map((each) => each.toFixed(key.endsWith("_c") ? 1 : 0)),
      ]);
  }
  return table.toString();
}
