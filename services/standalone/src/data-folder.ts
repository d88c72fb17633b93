import { constants } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { UsageError } from "@azru/command-line";

/**
 * Makes sure that the folder for data is there and can be written to.
 *
 * @throws UsageError in one line when it cannot
 */
export async function prepareDataFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === "EEXIST" || code === "ENOTDIR" ? "is not a folder" : `cannot be written to (${code})`;
    throw new UsageError(`--data ${folder} ${reason}: name another one (or AZRU_DATA_DIR)`);
  }
}
