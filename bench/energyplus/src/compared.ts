/** `pnpm bench:compared`: one EnergyPlus house and its days under thermostats, rules, others' optimisers and Azru. */
import { runCommand } from "@azru/command-line";
import { comparedCommand } from "./compared-command.ts";

await runCommand("bench:compared", comparedCommand);
