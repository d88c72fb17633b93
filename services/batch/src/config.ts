import { join } from "node:path";
import { ConfigError, type InfluxAccount, influxOf, readConfig, storeVariables } from "@azru/runtime";
import { UsageError } from "./errors.ts";

/** What `pnpm simulate` reads from the environment. */
export const variables = storeVariables;

export interface BatchConfig {
  /** The file of the embedded store. */
  readonly storeFile: string;
  readonly cacheFolder: string;
  readonly influx: InfluxAccount;
}

/**
 * Reads the configuration from the environment.
 *
 * @throws UsageError in one line naming each bad variable and its value
 */
export function readBatchConfig(environment: NodeJS.ProcessEnv): BatchConfig {
  try {
    const c = readConfig(variables, environment);
    return {
      storeFile: join(c.dataFolder, "azru.db"),
      cacheFolder: join(c.dataFolder, "cache"),
      influx: influxOf(c),
    };
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(error.problems.join("; "));
    throw error;
  }
}
