import { RunError } from "@azru/command-line";
import type { BuildingFile } from "@azru/contracts";
import writeFileAtomic from "write-file-atomic";

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
