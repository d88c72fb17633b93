/** Makes the programs that start.mjs runs, and sends it their folder by its fourth channel. */
import { writeSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "@azru/command-line";
import { parseCommand } from "./command.ts";
import { prepareDataFolder } from "./data-folder.ts";
import { makePrograms } from "./programs.ts";

await runCommand("pnpm start", async (argv) => {
  const settings = parseCommand(argv);
  if (!settings) return 0;
  await prepareDataFolder(settings.dataDirectory);
  const folder = join(settings.dataDirectory, "program");
  await makePrograms(folder);
  writeSync(3, folder);
  return 0;
});
