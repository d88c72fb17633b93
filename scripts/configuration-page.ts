import { documentVariables, logVariables, type Variables } from "@azru/runtime";
import { variables as batch } from "../services/batch/src/config.ts";
import { variables as calibrate } from "../services/calibrate/src/config.ts";
import { variables as core } from "../services/core/src/config.ts";
import { variables as mpc } from "../services/mpc/src/config.ts";
import { variables as simulator } from "../services/sensor-simulator/src/config.ts";

/** Every environment variable, by the process that reads it. */
export function configurationPage(): string {
  const section = (title: string, variables: Variables) => `## ${title}\n\n${documentVariables(variables)}`;
  return [
    "# Configuration",
    "Written by `pnpm docs:configuration` from the declarations in `services/*/src/config.ts`; do not edit.",
    "Every process is configured by its environment and says in one line each what is wrong with it. A secret `X` may instead be read from the file that `X_FILE` names; secrets have no default and never reach a log.",
    section("Every service", logVariables),
    section("core", core),
    section("mpc", mpc),
    section("sensor-simulator", simulator),
    section("pnpm simulate", batch),
    section("pnpm calibrate", calibrate),
  ].join("\n\n");
}
