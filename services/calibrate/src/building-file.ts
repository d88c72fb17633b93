import { type BuildingFile, BuildingFileError } from "@azru/contracts";
import { readBuilding } from "@azru/contracts/building-file";
import writeFileAtomic from "write-file-atomic";
import { RunError, UsageError } from "./errors.ts";

/**
 * The building of the file that `--building` names.
 *
 * @throws UsageError in one line when it is unreadable, no JSON, or not a building
 */
export async function buildingOf(file: string): Promise<BuildingFile> {
  try {
    return await readBuilding(file);
  } catch (error) {
    if (error instanceof BuildingFileError) throw new UsageError(`--building ${error.message}`);
    throw error;
  }
}

/**
 * Writes a building file, whole or not at all; numbers to six digits.
 *
 * @throws RunError in one line when it cannot be written
 */
export async function writeBuilding(file: string, building: BuildingFile): Promise<void> {
  const sixDigits = (_: string, value: unknown) =>
    typeof value === "number" ? Number(value.toPrecision(6)) : value;
  try {
    await writeFileAtomic(file, `${JSON.stringify(building, sixDigits, 2)}\n`);
  } catch (error) {
    throw new RunError(`the building file cannot be written to ${file}: ${(error as Error).message}`);
  }
}
