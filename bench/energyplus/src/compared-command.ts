/** The options of `bench:compared`, its runs and the table that it fills. */
import { fork } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import {
  callOf,
  createCommand,
  parseOptions,
  RunError,
  say,
  UsageError,
  wholeNumber,
} from "@azru/command-line";
import { comparedPage } from "./compared-page.ts";
import type { ComparedAnswer, ComparedOutcome } from "./compared-run.ts";
import { controllerForms, controllerNamed, isPeer, ruleFamily } from "./controllers.ts";
import { keyOf, readFigures, writeFigure } from "./figures.ts";
import { houseNamed, houseNames } from "./house-files.ts";
import { peerNames } from "./peer-controller.ts";
import { peersEnvironment, pythonOrExplain } from "./python.ts";
import { benchWeather, firstJudgedDay, lastDay } from "./season.ts";
import { tableText } from "./table.ts";
import type { WinterRun, WinterTask } from "./winter-run.ts";

interface Options {
  house: string[];
  plant?: string;
  controller: string[];
  weather?: string;
  end: string;
  seed: number;
  missing: boolean;
  json: string;
  page?: string;
}

/** A run of the comparison with what it came to. */
export type ComparedFigure = WinterRun & ComparedOutcome;

const call = callOf("bench:compared");
const everybody = ["thermostat", "pi", ...ruleFamily, ...peerNames, "azru"];

function readOptions(argv: readonly string[]): Options | undefined {
  const command = createCommand(
    "bench:compared",
    "Compares controllers in the same EnergyPlus house on the same days: cost, comfort, processor time and memory of a decision. November under the thermostat is the history of all; forecasts err.",
  )
    .option("--house <names...>", `of ${houseNames().join(", ")}, or of --plant`, ["slab60", "flat35"])
    .option("--controller <names...>", controllerForms.join(" | "), everybody)
    .option("--plant <folder>", "another plant of the same protocol, with plant.py and buildings/")
    .option("--weather <file>", "an EPW file; the reference year of Lyon when absent")
    .option("--end <day>", "last day that is judged, YYYY-MM-DD", lastDay)
    .option("--seed <number>", "of people's habits, sensors and forecasts", wholeNumber(0), 1)
    .option("--missing", "only runs that the JSON file does not have yet", false)
    .option("--json <file>", "where results are kept, a line a run", "out/compared.json")
    .option("--page <file>", "a page whose table is to be filled from that file, such as docs/compared.md")
    .addHelpText(
      "after",
      `\nExamples:\n  ${call} --house slab60 --weather lyon.epw\n  ${call} --house flat35 --controller pi emhass azru --end 2025-12-31`,
    );
  const options = parseOptions<Options>(command, argv);
  if (options && !(options.end >= firstJudgedDay && options.end <= lastDay))
    throw new UsageError(`--end ${options.end} must be a day from ${firstJudgedDay} to ${lastDay}`);
  return options;
}

/** Returns the exit code. */
export async function comparedCommand(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  if (!options) return 0;
  const { house: houses, controller: controllers, plant, json } = options;
  for (const name of controllers) controllerNamed(name);
  for (const name of houses) await houseNamed(name, plant);
  const python = await pythonOrExplain();
  if (python === undefined) return 0;
  if (controllers.some(isPeer) && (await pythonOrExplain(peersEnvironment)) === undefined) return 0;
  const weather = await benchWeather(options.weather);
  const place = {
    python,
    ...(plant !== undefined && { plant }),
    ...(options.weather !== undefined && { weatherFile: options.weather }),
  };
  const runs = houses.flatMap((house) =>
    controllers.map(
      (controller): WinterRun => ({
        ...{ weather: weather.name, house, building: house, controller, history: "november" },
        ...{ forecast: "realistic", seed: options.seed, noise_k: 0.1, lastDay: options.end },
      }),
    ),
  );
  const done = new Set(options.missing ? readFigures(json).map(keyOf) : []);
  for (const run of runs) {
    if (done.has(keyOf(run))) continue;
    say(`${run.house} ${run.controller}`);
    writeFigure(json, { ...run, ...(await carryOut({ run, ...place })) } satisfies ComparedFigure);
  }
  const all = new Map(readFigures(json).map((figure) => [keyOf(figure), figure]));
  process.stdout.write(`${tableText(runs.map((run) => all.get(keyOf(run))!))}\n`);
  if (options.page !== undefined) fillPage(options.page, json);
  return 0;
}

function fillPage(page: string, json: string): void {
  const figures = readFigures(json) as ComparedFigure[];
  writeFileSync(page, comparedPage(readFileSync(page, "utf8"), figures));
  say(`${page} has the figures of ${json}.`);
}

function carryOut(task: WinterTask): Promise<ComparedOutcome> {
  const child = fork(new URL("./compared-run.ts", import.meta.url), { execArgv: ["--import", "tsx"] });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new RunError(`${task.run.controller} ended with ${code}`)));
    child.once("message", (answer: ComparedAnswer) =>
      "outcome" in answer ? resolve(answer.outcome) : reject(new RunError(answer.failed)),
    );
    child.send(task);
  });
}
