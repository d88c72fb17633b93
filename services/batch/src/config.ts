import { ConfigError, readStoreConfig, type StoreConfig, storeVariables } from "@azru/runtime";
import { UsageError } from "./errors.ts";

/** What `pnpm simulate` reads from the environment. */
export const variables = storeVariables;

/**
 * Reads the configuration from the environment.
 *
 * @throws UsageError in one line naming each bad variable and its value
 */
export function readBatchConfig(environment: NodeJS.ProcessEnv): StoreConfig {
  try {
    return readStoreConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(error.problems.join("; "));
    throw error;
  }
}
