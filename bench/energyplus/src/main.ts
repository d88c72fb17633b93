/** `pnpm bench:energyplus`: controllers in houses that EnergyPlus simulates. */
import { runCommand } from "@azru/command-line";
import { historyCommand } from "./history-command.ts";
import { winterCommand } from "./winter-command.ts";

await runCommand("bench:energyplus", (argv) =>
  argv[0] === "history" ? historyCommand(argv.slice(1)) : winterCommand(argv),
);
