import { readFile } from "node:fs/promises";
import { BuildingFileError, parseBuilding } from "@azru/contracts";
import { ConfigError } from "@azru/runtime";
import type { Building } from "@azru/simulation";

/**
 * Reads and checks a building file.
 *
 * @throws ConfigError in one line when it is unreadable, no JSON, or not a building
 */
export async function readBuilding(file: string): Promise<Building> {
  try {
    return parseBuilding(await readFile(file, "utf8"), file);
  } catch (error) {
    if (error instanceof BuildingFileError) throw new ConfigError([`AZRU_BUILDING ${error.message}`]);
    throw new ConfigError([`AZRU_BUILDING ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`]);
  }
}
