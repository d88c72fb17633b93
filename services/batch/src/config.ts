import { join } from "node:path";
import { describeZodError } from "@azru/contracts";
import { z } from "zod";
import { UsageError } from "./errors.ts";

const schema = z.object({
  AZRU_DATA_DIR: z.string().min(1).default("data"),
  INFLUXDB_URL: z.url({ protocol: /^https?$/ }).optional(),
  INFLUXDB_TOKEN: z.string().optional(),
  INFLUXDB_ORG: z.string().default("azru"),
  INFLUXDB_BUCKET: z.string().default("home-energy"),
});

export interface Config {
  readonly dataFolder: string;
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
 * @throws UsageError naming the variable and its value
 */
export function readBatchConfig(env: NodeJS.ProcessEnv): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(set);
  if (!parsed.success) throw new UsageError(describeZodError(parsed.error, set));
  const { AZRU_DATA_DIR, INFLUXDB_URL, INFLUXDB_TOKEN, INFLUXDB_ORG, INFLUXDB_BUCKET } = parsed.data;
  return {
    dataFolder: AZRU_DATA_DIR,
    influx: { url: INFLUXDB_URL, token: INFLUXDB_TOKEN, org: INFLUXDB_ORG, bucket: INFLUXDB_BUCKET },
  };
}

/** The file of the embedded store. */
export function storeFile({ dataFolder }: Config): string {
  return join(dataFolder, "azru.db");
}

/** Where downloaded weather and colours are kept. */
export function cacheFolder({ dataFolder }: Config): string {
  return join(dataFolder, "cache");
}
