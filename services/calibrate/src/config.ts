import { join } from "node:path";
import { ConfigError, readConfig, type Variables } from "@azru/runtime";
import { z } from "zod";
import { UsageError } from "./errors.ts";

/** What `pnpm calibrate` reads from the environment. */
export const variables = {
  dataFolder: {
    env: "AZRU_DATA_DIR",
    schema: z.string().default("data"),
    description: "folder of the embedded store and of downloaded weather",
  },
  influxUrl: {
    env: "INFLUXDB_URL",
    schema: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }).optional(),
    description: "InfluxDB v2 to read from, instead of the embedded store",
  },
  influxToken: {
    env: "INFLUXDB_TOKEN",
    schema: z.string().optional(),
    description: "token that may read the bucket",
    secret: true,
  },
  influxOrg: { env: "INFLUXDB_ORG", schema: z.string().default("azru"), description: "organisation" },
  influxBucket: { env: "INFLUXDB_BUCKET", schema: z.string().default("home-energy"), description: "bucket" },
} satisfies Variables;

export interface CalibrateConfig {
  /** The file of the embedded store. */
  readonly storeFile: string;
  readonly cacheFolder: string;
  readonly influx: {
    readonly url: string | undefined;
    readonly token: string | undefined;
    readonly org: string;
    readonly bucket: string;
  };
}

/**
 * Reads the configuration from the environment.
 *
 * @throws UsageError in one line naming each bad variable and its value
 */
export function readCalibrateConfig(environment: NodeJS.ProcessEnv): CalibrateConfig {
  try {
    const c = readConfig(variables, environment);
    return {
      storeFile: join(c.dataFolder, "azru.db"),
      cacheFolder: join(c.dataFolder, "cache"),
      influx: { url: c.influxUrl, token: c.influxToken, org: c.influxOrg, bucket: c.influxBucket },
    };
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(error.problems.join("; "));
    throw error;
  }
}
