/** `bench:energyplus learning`: what is learnt of houses from a month under their thermostat, beside the truth. */

import { writeFile } from "node:fs/promises";
import { callOf, createCommand, number, parseOptions, say, wholeNumber } from "@azru/command-line";
import { learnHouse } from "@azru/identification";
import { disturbances, heatingCop } from "@azru/simulation";
import Table from "cli-table3";
import { type HeatLoss, heatLoss } from "./heat-loss.ts";
import { recordHistory } from "./history.ts";
import { type ListedHistory, readHistoryList, variationOf, weatherOfEnergyPlus } from "./history-list.ts";
import type { HomeHistory } from "./home-controller.ts";
import type { BenchHouse } from "./home-run.ts";
import { houseNamed, houseNames } from "./house-files.ts";
import { pythonOrExplain } from "./python.ts";
import { benchWeather, firstDay } from "./season.ts";

interface Options {
  readonly list?: string;
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
  readonly weather: string;
  readonly insulation: number;
  readonly accepted: boolean;
  readonly reason?: string;
  readonly form: string;
  readonly learnt_k: number;
  readonly file_k: number;
  readonly yesterday_k: number;
  /** Watts a kelvin between indoor and outdoor air, the ground included: what a learnt heat loss stands for. */
  readonly true_w_k: number;
  /** Watts that a kelvin of indoor air more takes: more where the ground is warmer than outdoors or gaps draw. */
  readonly indoors_w_k: number;
  readonly learnt_w_k: number;
  readonly interval_w_k: readonly [number, number]; // 95 %
}

const usualInsulation = [1];

/** Returns the exit code. */
export async function learningCommand(argv: readonly string[]): Promise<number> {
  const command = createCommand(
    "bench:energyplus learning",
    "Learns EnergyPlus houses from their first weeks under a thermostat, and compares with the true heat loss.",
  )
    .option(
      "--list <file>",
      "JSON file of the histories to take, instead of --house and the options of a history",
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
      `\nExample:\n  ${callOf("bench:energyplus")} learning --house slab60 flat35 --insulation 1 0.6\n  ${callOf("bench:energyplus")} learning --list bench/energyplus/histories/drawn.json`,
    );
  const options = parseOptions<Options>(command, argv);
  if (!options) return 0;
  const python = await pythonOrExplain();
  if (python === undefined) return 0;
  const histories = options.list === undefined ? historiesOf(options) : await readHistoryList(options.list);
  const results: Learnt[] = [];
  for (const history of histories) {
    const result = await learnFrom(python, history, options);
    results.push(result);
    say(`${history.house} ${history.insulation}: ${result.accepted ? "accepted" : result.reason}`);
  }
  process.stdout.write(`${tableOf(results)}\n${summaryOf(results)}\n`);
  if (options.json !== undefined)
    await writeFile(
      options.json,
      `{"results": [\n${results.map((result) => JSON.stringify(result)).join(",\n")}\n]}\n`,
    );
  return 0;
}

/** The histories that the options ask for. */
function historiesOf({
  house: houses,
  insulation: factors,
  controller,
  days,
  seed,
}: Options): ListedHistory[] {
  return houses.flatMap((house) =>
    factors.map((insulation) => ({
      ...{ house, insulation, controller, days, seed },
      ...{ leakage: 1, people: 1, start: firstDay },
    })),
  );
}

async function learnFrom(
  python: string,
  { house: name, building = name, weather: own, ...listed }: ListedHistory,
  options: Options,
): Promise<Learnt> {
  const file = own === undefined ? options.weather : await weatherOfEnergyPlus(python, own);
  const weather = await benchWeather(file);
  const house = await houseNamed(name, options.plant, building, variationOf(listed));
  const loss = await heatLoss(python, house, weather.file);
  const { controller, days, seed, start } = listed;
  const history = await recordHistory({
    ...{ python, house, weather, controller, firstDay: start, days, seed },
    noise_k: 0.1,
  });
  return { ...learntOf(house, loss, history), weather: weather.name, insulation: listed.insulation };
}

function learntOf(
  house: BenchHouse,
  loss: HeatLoss,
  history: HomeHistory,
): Omit<Learnt, "weather" | "insulation"> {
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
  const { value = Number.NaN, low = Number.NaN, high = Number.NaN } = learnt?.heatLoss_w_k ?? {};
  return {
    ...{ house: house.name, accepted, ...(reason !== undefined && { reason }) },
    form: learnt?.form ?? "",
    learnt_k: thousandth(validation?.learnt.rms_k ?? Number.NaN),
    file_k: thousandth(validation?.file.rms_k ?? Number.NaN),
    yesterday_k: thousandth(validation?.yesterday.rms_k ?? Number.NaN),
    true_w_k: thousandth(loss.apparent_w_k),
    indoors_w_k: thousandth(loss.inside_w_k),
    learnt_w_k: thousandth(value),
    interval_w_k: [thousandth(low), thousandth(high)],
  };
}

function thousandth(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function isHeld({ true_w_k, interval_w_k }: Learnt): boolean {
  return isIn(interval_w_k, true_w_k);
}

function isIndoorsHeld({ indoors_w_k, interval_w_k }: Learnt): boolean {
  return isIn(interval_w_k, indoors_w_k);
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
    "a kelvin indoors",
    "learnt W/K",
    "95 %",
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
        result.indoors_w_k.toFixed(0),
        result.learnt_w_k.toFixed(0),
        interval_w_k.map((value) => value.toFixed(0)).join(" to "),
      ],
      [isHeld(result) ? "" : "not held", accepted ? "" : "refused"].filter(Boolean).join(", "),
    ]);
  }
  return table.toString();
}

function summaryOf(results: readonly Learnt[]): string {
  const count = (of: (result: Learnt) => boolean) => results.filter(of).length;
  const mean = (of: (result: Learnt) => number) =>
    results.reduce((sum, result) => sum + of(result), 0) / results.length;
  const mean_k = (of: (result: Learnt) => number) => mean(of).toFixed(2);
  const halfWidth = ({ learnt_w_k, interval_w_k: [low, high] }: Learnt) => (high - low) / 2 / learnt_w_k;
  return (
    `${results.length} histories, ${count(({ accepted }) => accepted)} accepted; the interval of the heat loss, ±${(100 * mean(halfWidth)).toFixed(0)} % on average, holds the true one in ${count(isHeld)}, the watts that a kelvin of indoor air takes in ${count(isIndoorsHeld)}. ` +
    `A day ahead on days held out, mean: learnt ${mean_k(({ learnt_k }) => learnt_k)} K, building file ${mean_k(({ file_k }) => file_k)} K, as yesterday ${mean_k(({ yesterday_k }) => yesterday_k)} K.`
  );
}

/** Collects the values of an option with several. */
function factors(text: string, before: number[]): number[] {
  return [...(before === usualInsulation ? [] : before), number(0.05, 5)(text)];
}
