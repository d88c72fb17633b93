/** `bench:energyplus live`: the live core over MQTT in a house of EnergyPlus, against the same controller in the bench. */
import { mkdirSync } from "node:fs";
import { cpus } from "node:os";
import { dirname } from "node:path";
import { callOf, createCommand, parseOptions, say, wholeNumber } from "@azru/command-line";
import Table from "cli-table3";
import writeFileAtomic from "write-file-atomic";
import { houseNamed, houseNames } from "./house-files.ts";
import { compareLive, type LiveComparison } from "./live-run.ts";
import { pythonOrExplain } from "./python.ts";
import { benchWeather, gatherSeason } from "./season.ts";

interface Options {
  house: string;
  plant?: string;
  weather?: string;
  days: number;
  seed: number;
  json: string;
}

/** How far the two may be apart. */
const tolerance = 0.02;

/** Returns the exit code: 1 where the costs differ by more than 2 %, or a decision was not made by the usual way. */
export async function liveCommand(argv: readonly string[]): Promise<number> {
  const command = createCommand(
    "bench:energyplus live",
    "Runs broker, optimiser and core in lockstep with a house of EnergyPlus from 1 December on, and compares with the same controller in the bench. Ends with 1 where costs differ by more than 2 %, or a decision was missed.",
  )
    .option("--house <name>", `of ${houseNames().join(", ")}, or of --plant`, "slab60")
    .option("--plant <folder>", "another plant of the same protocol, with plant.py and buildings/")
    .option("--weather <file>", "an EPW file; the reference year of Lyon when absent")
    .option("--days <count>", "from 1 December on", wholeNumber(1, 121), 30)
    .option("--seed <number>", "of people's habits, sensors and forecasts", wholeNumber(0), 1)
    .option("--json <file>", "where the result is written", "out/energyplus-live.json")
    .addHelpText("after", `\nExample:\n  ${callOf("bench:energyplus")} live --house slab60 --days 30`);
  const options = parseOptions<Options>(command, argv);
  if (!options) return 0;
  const { days, seed } = options;
  const house = await houseNamed(options.house, options.plant);
  const python = await pythonOrExplain();
  if (python === undefined) return 0;
  const weather = await benchWeather(options.weather);
  const season = await gatherSeason(weather, "realistic", seed);
  const onDay = (what: string, past: number) => {
    if (past % 5 === 0) say(`${what}: ${past} of ${days} days`);
  };
  const comparison = await compareLive({ python, house, season, days, seed, noise_k: 0.1, onDay });
  mkdirSync(dirname(options.json), { recursive: true });
  const machine = { node: process.version, processor: cpus()[0]?.model ?? "unknown", cores: cpus().length };
  const date = new Date().toISOString().slice(0, 10);
  const about = { date, machine, weather: weather.name, house: options.house, days, seed };
  writeFileAtomic.sync(options.json, `${JSON.stringify({ ...about, ...comparison }, null, 2)}\n`);
  process.stdout.write(`${tableOf(comparison)}\n`);
  return verdict(comparison, days) ? 0 : 1;
}

function tableOf({ direct, live }: LiveComparison): string {
  const table = new Table({
    head: ["", "EUR", "kWh", "K h air < min", "K h op < min", "red peak kWh", "p50 ms", "p95 ms"],
    style: { head: [], border: [], compact: true },
  });
  for (const [name, outcome] of Object.entries({ direct, "over MQTT": live }))
    table.push([
      ...[name, outcome.cost_eur.toFixed(2), outcome.energy_kwh.toFixed(1)],
      ...[outcome.airBelow_kh.toFixed(2), outcome.opBelow_kh.toFixed(2), outcome.redPeak_kwh.toFixed(1)],
      ...[outcome.p50_ms.toFixed(1), outcome.p95_ms.toFixed(1)],
    ]);
  return table.toString();
}

/** Says what the comparison came to. */
function verdict({ direct, live, sources, valveDifference }: LiveComparison, days: number): boolean {
  const decisions = Object.values(sources).reduce((sum, count) => sum + count, 0);
  const missed = days * 96 - (sources.mpc ?? 0);
  const apart = live.cost_eur / direct.cost_eur - 1;
  say(
    `${decisions} decisions (${Object.entries(sources)
      .map(([source, count]) => `${source} ${count}`)
      .join(", ")}), ${missed} of them not the optimiser's; cost ${(100 * apart).toFixed(2)} % apart, ` +
      `valve ${(100 * valveDifference).toFixed(2)} % of its travel on average`,
  );
  return Math.abs(apart) <= tolerance && missed === 0;
}
