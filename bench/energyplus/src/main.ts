/** `pnpm bench:energyplus`: houses that EnergyPlus simulates. */
import { callOf, runCommand, UsageError } from "@azru/command-line";
import { historyCommand } from "./history-command.ts";

await runCommand("bench:energyplus", async ([first = "", ...rest]) => {
  if (first === "history") return historyCommand(rest);
  throw new UsageError(`unknown command "${first}"; see ${callOf("bench:energyplus")} history --help`);
});
