/** The answers of set-up as settings, where the environment does not say otherwise. */
import { storeVariables } from "@azru/runtime";
import { HomeFileError, homeEnvironment } from "@azru/setup/home-file";

/** Variables that the home file stands for. */
const names = ["AZRU_BUILDING", "AZRU_ROOM", "AZRU_TARIFF"] as const;

/**
 * Adds to the environment what the home file says. A file that cannot be used ends the process as a bad
 * configuration does.
 *
 * @returns the variables that are set already, and hold instead of the file
 */
export function takeHomeFile(environment: NodeJS.ProcessEnv): string[] {
  const overridden = names.filter((name) => environment[name]);
  const { env } = storeVariables.dataFolder;
  try {
    const home = homeEnvironment(environment[env] || "data");
    for (const [name, value] of Object.entries(home)) environment[name] ||= value;
  } catch (error) {
    if (!(error instanceof HomeFileError)) throw error;
    console.error(`core: ${error.message}`);
    process.exit(2);
  }
  return overridden;
}
