/** Building files on disk. */
import { readFile } from "node:fs/promises";
import { type BuildingFile, BuildingFileError, parseBuilding } from "./building.ts";

/** Beside this package: the examples that are named by their place, wherever the command is run. */
const root = new URL("../../../", import.meta.url);

/**
 * The text of a file; `examples/...` is Azru's own where the working folder has no such file.
 *
 * @throws the file system's error
 */
export async function readOwnOrExample(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (!isMissing || !file.startsWith("examples/")) throw error;
    return readFile(new URL(file, root), "utf8");
  }
}

/**
 * Reads and checks a building file.
 *
 * @throws BuildingFileError in one line that begins with the file's name, when it is unreadable, no JSON, or not
 *   a building
 */
export async function readBuilding(file: string): Promise<BuildingFile> {
  let text: string;
  try {
    text = await readOwnOrExample(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new BuildingFileError(`${file} cannot be read: ${code}`, { cause });
  }
  return parseBuilding(text, file);
}
