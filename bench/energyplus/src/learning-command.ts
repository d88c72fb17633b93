/** `bench:energyplus learning`: what is learnt of houses from a month under their thermostat, beside the truth. */

import { writeFile } from "node:fs/promises";
import { callOf, createCommand, number, parseOptions, say, wholeNumber } from "@azru/command-line";
import { learnHouse } from "@azru/identification";
import { disturbances, heatingCop } from "@azru/simulation";
import Table from "cli-table3";
import { type HeatLoss, heatLoss } from "./heat-loss.ts";
import { recordHistory } from "./history.ts";
import type { HomeHistory } from "./home-controller.ts";
import type { BenchHouse } from "./home-run.ts";
import { houseNamed, houseNames } from "./house-files.ts";
import { pythonOrExplain } from "./python.ts";
import { benchWeather, firstDay } from "./season.ts";

interface Options {
  readonly house: string[];
  readonly plant?: string;
  readonly weather?: string;
  readonly insulation: number[];
  readonly controller: string;
  readonly days: number;
  readonly seed: number;
  readonly json?: string;
}

/** What came of one history; temperatures are errors over the day ahead, root mean squares on days held out. */
interface Learnt {
  readonly house: string;
  readonly insulation: number;
  readonly accepted: boolean;
  readonly reason?: string;
  readonly form: string;
  readonly learnt_k: number;
  readonly file_k: number;
  readonly yesterday_k: number;
  /** Watts a kelvin of indoor air, the ground included, as the house learnt counts it. */
  readonly true_w_k: number;
  /** Watts over the difference of air and outdoors, as people count it: less where the ground is warmer or gaps draw. */
  readonly apparent_w_k: number;
  readonly interval_w_k: readonly [number, number]; // 95 %
}

const usualInsulation = [1];

/** Returns the exit code. */
export async function learningCommand(argv: readonly string[]): Promise<number> {
  const command = createCommand(
    "bench:energyplus learning",
    "Learns EnergyPlus houses from their first weeks under a thermostat, and compares with the true heat loss.",
  )
    .option("--house <names...>", `of ${houseNames().join(", ")}, or of --plant`, houseNames())
    .option("--plant <folder>", "another plant of the same protocol, with plant.py and buildings/")
    .option("--weather <file>", "an EPW file; the reference year of Lyon when absent")
    .option(
      "--insulation <factors...>",
      "thickness of the insulation against the house's file: a history each; another plant knows only 1",
      factors,
      usualInsulation,
    )
    .option("--controller <name>", "who heats", "thermostat")
    .option("--days <count>", "of history, from 1 November on", wholeNumber(7, 151), 30)
    .option("--seed <number>", "of people's habits, sensors and forecasts", wholeNumber(0), 1)
    .option("--json <file>", "where results are written")
    .addHelpText(
      "after",
      `\nExample:\n  ${callOf("bench:energyplus")} learning --house slab60 flat35 --insulation 1 0.6`,
    );
  const options = parseOptions<Options>(command, argv);
  if (!options) return 0;
  const python = await pythonOrExplain();
  if (python === undefined) return 0;
  const weather = await benchWeather(options.weather);
  const results: Learnt[] = [];
  for (const name of options.house) {
    for (const insulation of options.insulation) {
      const variation = insulation === 1 ? [] : ["--insulation", String(insulation)];
      const house = await houseNamed(name, options.plant, name, variation);
      const loss = await heatLoss(python, house, weather.file);
      const { controller, days, seed } = options;
      const history = await recordHistory({
        ...{ python, house, weather, controller, firstDay, days, seed },
        noise_k: 0.1,
      });
      const result = learntOf(house, insulation, loss, history);
      results.push(result);
      say(`${name} ${insulation}: ${result.accepted ? "accepted" : result.reason}`);
    }
  }
  process.stdout.write(`${tableOf(results)}\n${summaryOf(results)}\n`);
  if (options.json !== undefined)
    await writeFile(options.json, `${JSON.stringify({ weather: weather.name, results }, null, 2)}\n`);
  return 0;
}

function learntOf(house: BenchHouse, insulation: number, loss: HeatLoss, history: HomeHistory): Learnt {
  const { building } = house;
  const { power_w, weather, ...measured } = history;
  const learning = learnHouse(
    {
      ...measured,
      phi_HC_w: power_w.map((power, k) => power * heatingCop(building, history.theta_e_c[k])),
      phi_sol_w: disturbances(building, weather).phi_sol_w,
      solarGains: "windows",
    },
    building,
  );
  const { accepted, reason, learnt, validation } = learning;
  const { low = Number.NaN, high = Number.NaN } = learnt?.heatLoss_w_k ?? {};
  return {
    ...{ house: house.name, insulation, accepted, ...(reason !== undefined && { reason }) },
    form: learnt?.form ?? "",
    learnt_k: validation?.learnt.rms_k ?? Number.NaN,
    file_k: validation?.file.rms_k ?? Number.NaN,
    yesterday_k: validation?.yesterday.rms_k ?? Number.NaN,
    true_w_k: loss.inside_w_k,
    apparent_w_k: loss.apparent_w_k,
    interval_w_k: [low, high],
  };
}

function isHeld({ true_w_k, interval_w_k }: Learnt): boolean {
  return isIn(interval_w_k, true_w_k);
}

function isApparentHeld({ apparent_w_k, interval_w_k }: Learnt): boolean {
  return isIn(interval_w_k, apparent_w_k);
}

function isIn([low, high]: Learnt["interval_w_k"], value_w_k: number): boolean {
  return low <= value_w_k && value_w_k <= high;
}

function tableOf(results: readonly Learnt[]): string {
  const head = [
    "house",
    "insulation",
    "form",
    "learnt K",
    "file K",
    "yesterday K",
    "true W/K",
    "to outdoors",
    "95 % W/K",
    "",
  ];
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  for (const result of results) {
    const { interval_w_k, accepted } = result;
    table.push([
      ...[result.house, result.insulation, result.form],
      ...[result.learnt_k, result.file_k, result.yesterday_k].map((error_k) => error_k.toFixed(2)),
      ...[
        result.true_w_k.toFixed(0),
        result.apparent_w_k.toFixed(0),
        interval_w_k.map((value) => value.toFixed(0)).join(" to "),
      ],
      [isHeld(result) ? "" : "not held", accepted ? "" : "refused"].filter(Boolean).join(", "),
    ]);
  }
  return table.toString();
}

function summaryOf(results: readonly Learnt[]): string {
  const count = (of: (result: Learnt) => boolean) => results.filter(of).length;
  const mean_k = (of: (result: Learnt) => number) =>
    (results.reduce((sum, result) => sum + of(result), 0) / results.length).toFixed(2);
  return (
    `${results.length} histories, ${count(({ accepted }) => accepted)} accepted; the interval holds the true heat loss in ${count(isHeld)}, that to outdoors in ${count(isApparentHeld)}. ` +
    `A day ahead on days held out, mean: learnt ${mean_k(({ learnt_k }) => learnt_k)} K, building file ${mean_k(({ file_k }) => file_k)} K, as yesterday ${mean_k(({ yesterday_k }) => yesterday_k)} K.`
  );
}

/** Collects the values of an option with several. */
function factors(text: string, before: number[]): number[] {
  return [...(before === usualInsulation ? [] : before), number(0.05, 5)(text)];
}
