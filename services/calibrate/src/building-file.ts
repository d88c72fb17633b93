import { readFile } from "node:fs/promises";
import { type BuildingFile, BuildingFileError, parseBuilding } from "@azru/contracts";
import writeFileAtomic from "write-file-atomic";
import { RunError, UsageError } from "./errors.ts";

/**
 * Reads and validates a building file.
 *
 * @throws UsageError in one line when it is unreadable, no JSON, or not a building
 */
export async function readBuilding(file: string): Promise<BuildingFile> {
  try {
    return parseBuilding(await readFile(file, "utf8"), file);
  } catch (error) {
    if (error instanceof BuildingFileError) throw new UsageError(error.message);
    throw new UsageError(`--building ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
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
