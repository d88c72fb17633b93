import { type BuildingFile, BuildingFileError } from "@azru/contracts";
import { readBuilding } from "@azru/contracts/building-file";
import { UsageError } from "./errors.ts";

/**
 * The building of a file that an option names.
 *
 * @param option such as `--building`
 * @throws UsageError in one line when it is unreadable, no JSON, or not a building
 */
export async function buildingOf(option: string, file: string): Promise<BuildingFile> {
  try {
    return await readBuilding(file);
  } catch (error) {
    if (error instanceof BuildingFileError) throw new UsageError(`${option} ${error.message}`);
    throw error;
  }
}
