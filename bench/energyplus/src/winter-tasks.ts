/** What the commands that drive winters share: the runs that are asked for, those still to do, and their table. */
import { UsageError } from "@azru/command-line";
import { controllerNamed, isPeer } from "./controllers.ts";
import { keyOf, readFigures } from "./figures.ts";
import { houseNamed } from "./house-files.ts";
import { peersEnvironment, pythonOrExplain } from "./python.ts";
import { benchWeather } from "./season.ts";
import { tableText } from "./table.ts";
import type { WinterRun, WinterTask } from "./winter-run.ts";

/** Options that such commands have in common. */
export interface WinterOptions {
  readonly house: readonly string[];
  readonly controller: readonly string[];
  readonly plant?: string;
  readonly building?: string;
  readonly weather?: string;
  readonly missing: boolean;
  readonly json: string;
}

/** What all runs of a command have in common. */
type Setting = Pick<WinterRun, "history" | "forecast" | "seed" | "noise_k" | "lastDay">;

export interface WinterTasks {
  readonly weather: string; // for people
  readonly runs: readonly WinterRun[];
  /** Of the runs those that are still to do. */
  readonly tasks: readonly WinterTask[];
}

/**
 * The runs that are asked for; undefined, which is said, where there is no Python for them.
 *
 * @throws UsageError naming the option whose value makes no sense
 */
export async function winterTasks(
  {
    house: houses,
    controller: controllers,
    plant,
    building,
    weather: weatherFile,
    missing,
    json,
  }: WinterOptions,
  setting: Setting,
): Promise<WinterTasks | undefined> {
  for (const name of controllers) await known("--controller", async () => controllerNamed(name));
  for (const name of houses) await houseNamed(name, plant, building ?? name);
  const python = await pythonOrExplain();
  if (python === undefined) return undefined;
  if (controllers.some(isPeer) && (await pythonOrExplain(peersEnvironment)) === undefined) return undefined;
  const { name: weather } = await known("--weather", () => benchWeather(weatherFile));
  const runs = houses.flatMap((house) =>
    controllers.map(
      (controller): WinterRun => ({ weather, house, building: building ?? house, controller, ...setting }),
    ),
  );
  const place = {
    python,
    ...(plant !== undefined && { plant }),
    ...(weatherFile !== undefined && { weatherFile }),
  };
  const done = new Set(missing ? readFigures(json).map(keyOf) : []);
  const tasks = runs.filter((run) => !done.has(keyOf(run))).map((run) => ({ run, ...place }));
  return { weather, runs, tasks };
}

/** The table of what runs came to, as a JSON file has it. */
export function tableOf(runs: readonly WinterRun[], json: string): string {
  const all = new Map(readFigures(json).map((figure) => [keyOf(figure), figure]));
  return `${tableText(runs.map((run) => all.get(keyOf(run))!))}\n`;
}

/** Turns what is wrong with an option's value into one line that names the option. */
async function known<T>(option: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Error) throw new UsageError(`${option}: ${error.message}`);
    throw error;
  }
}
