import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { RunError } from "@azru/command-line";
import writeFileAtomic from "write-file-atomic";
import type { Study } from "../summary.ts";
import { reportHtml } from "./html.ts";

/**
 * Writes `calibration.html`, whole or not at all.
 *
 * @param directory created where absent
 * @returns the path written
 * @throws RunError in one line when it cannot be written
 */
export async function writeReport(study: Study, directory: string): Promise<string> {
  const path = join(directory, "calibration.html");
  try {
    await mkdir(directory, { recursive: true });
    await writeFileAtomic(path, reportHtml(study));
    return path;
  } catch (error) {
    throw new RunError(`the report cannot be written to ${directory}: ${(error as Error).message}`);
  }
}
