/** The houses of a folder: its own plant's, or those of another plant of the same protocol. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { UsageError } from "@azru/command-line";
import { readBuilding } from "@azru/contracts/building-file";
import type { Absence, BenchHouse, Thermometer } from "./home-run.ts";

const here = resolve(import.meta.dirname, "..");

/** The names of the houses that have a building file, in a folder with `buildings/`. */
export function houseNames(folder = here): string[] {
  return readdirSync(join(folder, "buildings"))
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length))
    .sort();
}

/**
 * A house by its name, with its building file.
 *
 * @param folder with `plant.py` and `buildings/`; the bench's own when absent
 * @param buildingName of another building file for the same house
 * @throws UsageError when there is no such house, BuildingFileError when its file is wrong
 */
export async function houseNamed(
  name: string,
  folder?: string,
  buildingName = name,
  variation: readonly string[] = [],
): Promise<BenchHouse> {
  const base = folder === undefined ? here : resolve(folder);
  const plantFolder = folder === undefined ? join(base, "plant") : base;
  if (!existsSync(join(plantFolder, "plant.py")))
    throw new UsageError(`--plant ${folder}: it has no plant.py`);
  const buildingFile = join(base, "buildings", `${buildingName}.json`);
  if (!existsSync(buildingFile))
    throw new UsageError(`--house ${name}: no ${buildingFile}; there is ${houseNames(base).join(", ")}`);
  const building = await readBuilding(buildingFile);
  return { name, plantFolder, building, variation, ...livingIn(join(base, "houses", `${name}.json`)) };
}

/** What of a house file is the home's and not its physics: how it is measured, and when nobody is there. */
function livingIn(houseFile: string): Pick<BenchHouse, "thermometer" | "absence"> {
  if (!existsSync(houseFile)) return {}; // of another plant
  const { thermometer, absent, absent_min_c } = JSON.parse(readFileSync(houseFile, "utf8")) as {
    readonly thermometer?: Thermometer;
    readonly absent?: readonly [string, string];
    readonly absent_min_c?: number;
  };
  const absence: Absence | undefined =
    absent && absent_min_c !== undefined
      ? { firstDay: absent[0], lastDay: absent[1], min_c: absent_min_c }
      : undefined;
  return { ...(thermometer && { thermometer }), ...(absence && { absence }) };
}
