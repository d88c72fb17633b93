/** Building files on disk. */
import { readFile } from "node:fs/promises";
import { type BuildingFile, BuildingFileError, parseBuilding } from "./building.ts";

/**
 * Reads and checks a building file.
 *
 * @throws BuildingFileError in one line that begins with the file's name, when it is unreadable, no JSON, or not
 *   a building
 */
export async function readBuilding(file: string): Promise<BuildingFile> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new BuildingFileError(`${file} cannot be read: ${code}`, { cause });
  }
  return parseBuilding(text, file);
}
