import { readFile } from "node:fs/promises";
import { BuildingFileError, parseBuilding } from "@azru/contracts";
import type { Building } from "@azru/simulation";

/**
 * Reads and checks a building file.
 *
 * @throws BuildingFileError in one line when it is unreadable, no JSON, or not a building
 */
export async function readBuilding(file: string): Promise<Building> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new BuildingFileError(`building file ${file} cannot be read: ${code}`, { cause });
  }
  return parseBuilding(text, file);
}
