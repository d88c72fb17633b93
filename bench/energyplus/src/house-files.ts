/** The houses of a folder: its own plant's, or those of another plant of the same protocol. */
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { UsageError } from "@azru/command-line";
import { readBuilding } from "@azru/contracts/building-file";
import type { BenchHouse } from "./home-run.ts";

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
  return { name, plantFolder, building: await readBuilding(buildingFile), variation };
}
