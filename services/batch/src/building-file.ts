import { readFile } from "node:fs/promises";
import { BuildingFileError, parseBuilding } from "@azru/contracts";
import type { Building } from "@azru/simulation";
import { UsageError } from "./errors.ts";

/**
 * Reads and validates a building file.
 *
 * @param option that named it
 * @throws UsageError in one line when it is unreadable, no JSON, or not a building
 */
export async function readBuilding(file: string, option = "--building"): Promise<Building> {
  try {
    return parseBuilding(await readFile(file, "utf8"), file);
  } catch (error) {
    if (error instanceof BuildingFileError) throw new UsageError(error.message);
    throw new UsageError(`${option} ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}
