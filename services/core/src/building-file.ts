import { BuildingFileError } from "@azru/contracts";
import { readBuilding } from "@azru/contracts/building-file";
import { ConfigError } from "@azru/runtime";
import type { Building } from "@azru/simulation";

/**
 * The building of the file that AZRU_BUILDING names.
 *
 * @throws ConfigError in one line when it is unreadable, no JSON, or not a building
 */
export async function buildingOf(file: string): Promise<Building> {
  try {
    return await readBuilding(file);
  } catch (error) {
    if (error instanceof BuildingFileError) throw new ConfigError([`AZRU_BUILDING ${error.message}`]);
    throw error;
  }
}
