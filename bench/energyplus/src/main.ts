/** `pnpm bench:energyplus`: controllers in houses that EnergyPlus simulates. */
import { runCommand } from "@azru/command-line";
import { bestestCommand } from "./bestest-command.ts";
import { historyCommand } from "./history-command.ts";
import { learningCommand } from "./learning-command.ts";
import { liveCommand } from "./live-command.ts";
import { winterCommand } from "./winter-command.ts";

const commands = new Map([
  ["history", historyCommand],
  ["learning", learningCommand],
  ["live", liveCommand],
  ["bestest", bestestCommand],
]);

await runCommand("bench:energyplus", (argv) => {
  const command = commands.get(argv[0] ?? "");
  return command ? command(argv.slice(1)) : winterCommand(argv);
});
