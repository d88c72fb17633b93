/** `bench:energyplus history`: histories of houses, with their true heat loss. */
import { callOf, createCommand, number, parseOptions, say, wholeNumber } from "@azru/command-line";
import { controllerForms } from "./controllers.ts";
import { heatLoss } from "./heat-loss.ts";
import { makeHistory } from "./history.ts";
import { variationOf } from "./history-list.ts";
import { houseNamed, houseNames } from "./house-files.ts";
import { pythonOrExplain } from "./python.ts";
import { benchWeather, firstDay } from "./season.ts";

interface Options {
  house: string[];
  plant?: string;
  weather?: string;
  controller: string;
  start: string;
  days: number;
  seeds: number[];
  noise: number;
  insulation?: number;
  leakage?: number;
  people?: number;
  truth: boolean;
  out: string;
}

const defaultSeeds = [1];

/** Returns the exit code. */
export async function historyCommand(argv: readonly string[]): Promise<number> {
  const command = createCommand("bench:energyplus history", "Writes histories of EnergyPlus houses as CSV.")
    .option("--house <names...>", `of ${houseNames().join(", ")}, or of --plant`, houseNames())
    .option("--plant <folder>", "another plant of the same protocol, with plant.py and buildings/")
    .option("--weather <file>", "an EPW file; the reference year of Lyon when absent")
    .option("--controller <name>", controllerForms.join(" | "), "thermostat")
    .option("--start <day>", "first day, YYYY-MM-DD, from 2025-11-01 on", firstDay)
    .option("--days <count>", "length", wholeNumber(1, 151), 30)
    .option("--seeds <numbers...>", "of people's habits, sensors and forecasts", wholeNumbers, defaultSeeds)
    .option("--noise <K>", "standard deviation of the thermometers' errors", number(0), 0.1)
    .option("--insulation <factor>", "thickness of the insulation against the house's file", number(0.05, 5))
    .option("--leakage <factor>", "infiltration against the house's file", number(0, 10))
    .option("--people <factor>", "people's heat against the house's file", number(0, 10))
    .option("--no-truth", "do not compute the true heat loss")
    .option("--out <folder>", "where to write", "out/energyplus-histories")
    .addHelpText(
      "after",
      `\nExample:\n  ${callOf("bench:energyplus")} history --house slab60 --days 30 --seeds 1 2`,
    );
  const options = parseOptions<Options>(command, argv);
  if (!options) return 0;
  const python = await pythonOrExplain();
  if (python === undefined) return 0;
  const variation = variationOf(options);
  const weather = await benchWeather(options.weather);
  for (const name of options.house) {
    const house = await houseNamed(name, options.plant, name, variation);
    const loss = options.truth ? await heatLoss(python, house, weather.file) : undefined;
    if (loss) say(`${name}: heat loss ${loss.apparent_w_k.toFixed(1)} W/K`);
    for (const seed of options.seeds) {
      await makeHistory({
        ...{ python, house, weather, controller: options.controller },
        ...{ firstDay: options.start, days: options.days, seed, noise_k: options.noise },
        ...{ outDirectory: options.out, ...(loss && { loss }) },
      });
    }
  }
  say(`Histories are in ${options.out}.`);
  return 0;
}

/** Collects the values of an option with several. */
function wholeNumbers(text: string, before: number[] | undefined): number[] {
  return [...(before === undefined || before === defaultSeeds ? [] : before), wholeNumber(0)(text)];
}
