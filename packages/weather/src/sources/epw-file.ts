/** EPW files on disk. */
import { readFile } from "node:fs/promises";
import { EpwError, epwSource, parseEpw } from "../epw.ts";
import type { WeatherSource } from "../series.ts";
import { fileProblem, WeatherSourceError } from "./error.ts";

/**
 * The weather of an EPW file, mapped onto any year (see `epwSource`).
 *
 * @throws WeatherSourceError naming the file when it cannot be read or is not a complete EPW file
 */
export async function epwFileSource(path: string): Promise<WeatherSource> {
  const text = await readText(path);
  try {
    return epwSource(parseEpw(text));
  } catch (error) {
    if (error instanceof EpwError)
      throw new WeatherSourceError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

async function readText(path: string): Promise<string> {
  try {
    // Place names in these files are often Latin-1; nothing that we compute with is.
    return await readFile(path, "latin1");
  } catch (error) {
    throw new WeatherSourceError(`cannot read weather file ${path}: ${fileProblem(error)}`, { cause: error });
  }
}
