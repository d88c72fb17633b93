/** EPW files on disk. */
import { readFile } from "node:fs/promises";
import { strFromU8, unzipSync } from "fflate";
import { EpwError, epwSource, parseEpw } from "../epw.ts";
import type { WeatherSource } from "../series.ts";
import { fileProblem, WeatherSourceError } from "./error.ts";

/**
 * The weather of an EPW file, or of the one in a zip archive, mapped onto any year (see `epwSource`).
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
    const bytes = await readFile(path);
    // Place names in these files are often Latin-1; nothing that we compute with is.
    return isZip(bytes) ? strFromU8(epwWithin(bytes, path), true) : bytes.toString("latin1");
  } catch (error) {
    if (error instanceof WeatherSourceError) throw error;
    throw new WeatherSourceError(`cannot read weather file ${path}: ${fileProblem(error)}`, { cause: error });
  }
}

const largest_bytes = 20_000_000; // a year of minutes has less

function isZip(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).toString("latin1") === "PK\u0003\u0004";
}

/** The first EPW file in an archive, as climate.onebuilding.org gives them. */
function epwWithin(bytes: Buffer, path: string): Uint8Array {
  const isEpw = (name: string) => name.toLowerCase().endsWith(".epw");
  const entries = unzipSync(bytes, {
    filter: ({ name, originalSize }) => isEpw(name) && originalSize <= largest_bytes,
  });
  const [entry] = Object.values(entries);
  if (entry === undefined)
    throw new WeatherSourceError(`${path} has no EPW file of at most ${largest_bytes / 1e6} MB in it`);
  return entry;
}
