/** Building files on disk, and the examples that Azru brings along. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readText } from "@azru/text-file";
import { type BuildingFile, BuildingFileError, parseBuilding } from "./building.ts";

/** Beside this package: the examples that are named by their place, wherever the command is run. */
const root = new URL("../../../", import.meta.url);

/**
 * Where a file is that a user names: `examples/...` is Azru's own where the working folder has no such file, so that
 * what help texts and documentation name works wherever Azru is installed.
 */
export function exampleFile(file: string): string {
  if (!file.startsWith("examples/") || existsSync(file)) return file;
  const own = fileURLToPath(new URL(file, root));
  return existsSync(own) ? own : file;
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
    text = await readText(exampleFile(file));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new BuildingFileError(`${file} cannot be read: ${code}`, { cause });
  }
  return parseBuilding(text, file);
}
