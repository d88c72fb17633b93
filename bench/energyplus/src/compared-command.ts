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
import { controllerForms, ruleFamily } from "./controllers.ts";
import { readFigures, writeFigure } from "./figures.ts";
import { houseNames } from "./house-files.ts";
import { peerNames } from "./peer-controller.ts";
import { firstJudgedDay, lastDay } from "./season.ts";
import type { WinterRun, WinterTask } from "./winter-run.ts";
import { tableOf, winterTasks } from "./winter-tasks.ts";

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
  const { json } = options;
  const setting = { history: "november", forecast: "realistic", noise_k: 0.1 } as const;
  const asked = await winterTasks(options, { ...setting, seed: options.seed, lastDay: options.end });
  if (!asked) return 0;
  for (const task of asked.tasks) {
    say(`${task.run.house} ${task.run.controller}`);
    writeFigure(json, { ...task.run, ...(await carryOut(task)) } satisfies ComparedFigure);
  }
  process.stdout.write(tableOf(asked.runs, json));
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
