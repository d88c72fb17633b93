/** Makes the programs that start.mjs runs, and sends it their folder by its fourth channel. */
import { writeSync } from "node:fs";
import { runCommand } from "@azru/command-line";
import { parseCommand } from "./command.ts";
import { prepareDataFolder } from "./data-folder.ts";
import { programFolder } from "./program-folder.ts";
import { makePrograms } from "./programs.ts";

await runCommand("pnpm start", async (argv) => {
  const settings = parseCommand(argv);
  if (!settings) return 0;
  await prepareDataFolder(settings.dataDirectory);
  const folder = await programFolder(settings.dataDirectory, makePrograms);
  try {
    writeSync(3, folder);
  } catch (error) {
    // Who asked for the programs was ended meanwhile, and needs them no more.
    if ((error as NodeJS.ErrnoException).code === "EPIPE") return 1;
    throw error;
  }
  return 0;
});
