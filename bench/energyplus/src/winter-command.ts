/** `bench:energyplus`: houses and controllers through a winter. */
import {
  callOf,
  createCommand,
  number,
  parseOptions,
  RunError,
  say,
  UsageError,
  wholeNumber,
} from "@azru/command-line";
import { Option } from "commander";
import { Piscina } from "piscina";
import { controllerForms, ruleFamily } from "./controllers.ts";
import { writeFigure } from "./figures.ts";
import { houseNames } from "./house-files.ts";
import { firstJudgedDay, lastDay } from "./season.ts";
import { historyNames, type OutcomeOrReason, type WinterTask } from "./winter-run.ts";
import { tableOf, winterTasks } from "./winter-tasks.ts";

interface Options {
  house: string[];
  plant?: string;
  building?: string;
  controller: string[];
  weather?: string;
  forecast: "perfect" | "realistic";
  history: (typeof historyNames)[number];
  end: string;
  seed: number;
  noise: number;
  jobs: number;
  missing: boolean;
  json: string;
}

const call = callOf("bench:energyplus");
const examples = `
Examples:
  ${call} --house slab60 --controller thermostat pi rule:19.5/22/19 azru --weather lyon.epw
  ${call} --missing --jobs 2
  ${call} history --help`;

function readOptions(argv: readonly string[]): Options | undefined {
  const command = createCommand(
    "bench:energyplus",
    "Drives houses that EnergyPlus simulates through a winter: November under the thermostat is the history, 1 December to 31 March is judged.",
  )
    .option("--house <names...>", `of ${houseNames().join(", ")}, or of --plant`, houseNames())
    .option("--controller <names...>", controllerForms.join(" | "), [
      "thermostat",
      "pi",
      ...ruleFamily,
      "azru",
    ])
    .option("--plant <folder>", "another plant of the same protocol, with plant.py and buildings/")
    .option("--building <name>", "of another building file in buildings/, for the one house that is named")
    .option("--weather <file>", "an EPW file; the reference year of Lyon when absent")
    .addOption(
      new Option("--forecast <quality>", "perfect, or realistic: with errors that grow with the lead time")
        .choices(["perfect", "realistic"])
        .default("realistic"),
    )
    .addOption(
      new Option(
        "--history <months>",
        "what the controller may learn from on 1 December; spring: April and May alone",
      )
        .choices(historyNames)
        .default("november"),
    )
    .option("--end <day>", "last day that is judged, YYYY-MM-DD", lastDay)
    .option("--seed <number>", "of people's habits, sensors and forecasts", wholeNumber(0), 1)
    .option("--noise <K>", "standard deviation of the thermometers' errors", number(0), 0.1)
    .option("--jobs <count>", "runs at a time", wholeNumber(1), 1)
    .option("--missing", "only runs that the JSON file does not have yet", false)
    .option("--json <file>", "where results are kept, a line a run", "out/energyplus.json")
    .addHelpText("after", examples);
  const options = parseOptions<Options>(command, argv);
  if (options && !(options.end >= firstJudgedDay && options.end <= lastDay))
    throw new UsageError(`--end ${options.end} must be a day from ${firstJudgedDay} to ${lastDay}`);
  return options;
}

/** Returns the exit code. */
export async function winterCommand(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  if (!options) return 0;
  const { house: houses, building, json } = options;
  if (building !== undefined && houses.length !== 1)
    throw new UsageError("--building needs one --house, which it is a file of");
  const asked = await winterTasks(options, {
    ...{ history: options.history, forecast: options.forecast, seed: options.seed },
    ...{ noise_k: options.noise, lastDay: options.end },
  });
  if (!asked) return 0;
  const { weather, runs, tasks } = asked;
  say(`${weather}; ${tasks.length} runs of ${runs.length} to do, ${options.jobs} at a time`);
  await carryOutAll(tasks, options.jobs, json);
  process.stdout.write(tableOf(runs, json));
  return 0;
}

async function carryOutAll(tasks: readonly WinterTask[], jobs: number, json: string): Promise<void> {
  const pool = new Piscina<WinterTask, OutcomeOrReason>({
    filename: new URL("./winter-run.ts", import.meta.url).href,
    maxThreads: jobs,
  });
  let count = 0;
  try {
    await Promise.all(
      tasks.map(async (task) => {
        const startedAt = performance.now();
        const result = await pool.run(task);
        const { run } = task;
        if ("plantEnded" in result) throw new RunError(result.plantEnded);
        const { outcome } = result;
        writeFigure(json, { ...run, ...outcome });
        count++;
        const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
        say(
          `${count}/${tasks.length} ${run.house} ${run.controller}: ${outcome.cost_eur.toFixed(1)} EUR, ` +
            `${outcome.airBelow_kh.toFixed(1)} K h below the floor (${seconds} s since the start)`,
        );
      }),
    );
  } finally {
    await pool.destroy();
  }
}
