/** Where `pnpm start` has its programs made. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunError, say } from "@azru/command-line";

/** What esbuild and the system say of a folder that takes no more. */
const takesNoMore = /no space left|disk quota|file too large|read-only file system/i;

/**
 * Has the programs made in the data folder; where its disk is full, in the system's temporary folder, so that a home is
 * heated after a restart too.
 *
 * @param make makes them in a folder
 * @returns the folder
 * @throws RunError in one line that says what to do, where neither takes them
 */
export async function programFolder(
  dataDirectory: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(dataDirectory, "program");
  if (await isMade(folder, make)) return folder;
  const temporary = await mkdtemp(join(tmpdir(), "azru-program-")).catch(() => undefined);
  if (temporary !== undefined && (await isMade(temporary, make))) {
    say(`pnpm start: the disk of ${folder} is full: the programs are in ${temporary} this time; make room`);
    return temporary;
  }
  if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  throw new RunError(
    `the disk of ${folder} is full, and so is that of ${tmpdir()}: make room, or name a folder on another one with --data`,
  );
}

/** False where the folder took no more. */
async function isMade(folder: string, make: (folder: string) => Promise<void>): Promise<boolean> {
  try {
    await make(folder);
    return true;
  } catch (error) {
    if (error instanceof Error && takesNoMore.test(error.message)) return false;
    throw error;
  }
}
