/** What every service's `main.ts` begins with. */
import { join } from "node:path";
import { z } from "zod";
import { type Clock, createWallClock } from "./clock.ts";
import { type Config, ConfigError, readConfig, secretsOf, type Variables } from "./config.ts";
import { createLogger, type Logger } from "./logger.ts";
import { createShutdown, type Shutdown } from "./shutdown.ts";

/** Variables that every service has. */
export const logVariables = {
  logLevel: {
    env: "AZRU_LOG_LEVEL",
    schema: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
    description: "least important lines to log",
  },
  logFormat: {
    env: "AZRU_LOG_FORMAT",
    schema: z.enum(["pretty", "json"]).optional(),
    description: "for people or for machines; pretty on a terminal and json elsewhere when unset",
  },
} satisfies Variables;

/** Variables that every service on the broker has. */
export const brokerVariables = {
  mqttUrl: {
    env: "MQTT_URL",
    schema: z.url({ protocol: /^mqtts?$/ }).default("mqtt://localhost:1883"),
    description: "the broker",
  },
  mqttUsername: {
    env: "MQTT_USERNAME",
    schema: z.string().optional(),
    description: "account on the broker",
  },
  mqttPassword: {
    env: "MQTT_PASSWORD",
    schema: z.string().optional(),
    description: "its password",
    secret: true,
  },
} satisfies Variables;

/** Variables of every program that stores or reads measurements. */
export const storeVariables = {
  influxUrl: {
    env: "INFLUXDB_URL",
    schema: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }).optional(),
    description:
      "InfluxDB 2 to store in; when unset, one on localhost:8086 if INFLUXDB_TOKEN is set and it answers, else a file",
  },
  influxToken: {
    env: "INFLUXDB_TOKEN",
    schema: z.string().optional(),
    description:
      "its token, that may read and write the bucket; to delete simulated runs as well for pnpm simulate",
    secret: true,
  },
  influxOrg: {
    env: "INFLUXDB_ORG",
    schema: z.string().default("azru"),
    description: "its organisation",
  },
  influxBucket: {
    env: "INFLUXDB_BUCKET",
    schema: z.string().default("home-energy"),
    description: "its bucket",
  },
  dataFolder: {
    env: "AZRU_DATA_DIR",
    schema: z.string().default("data"),
    description: "folder of the embedded store, of what waits for InfluxDB, and of what was downloaded",
  },
} satisfies Variables;

/** What is known of an InfluxDB. */
interface InfluxAccount {
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly org: string;
  readonly bucket: string;
}

/** @throws ConfigError when an InfluxDB is asked for and no token is set */
export function influxOf(config: Config<typeof storeVariables>): InfluxAccount {
  const { influxUrl: url, influxToken: token, influxOrg: org, influxBucket: bucket } = config;
  if (url !== undefined && !token) {
    throw new ConfigError([
      "INFLUXDB_TOKEN (or INFLUXDB_TOKEN_FILE) is missing: the InfluxDB of INFLUXDB_URL asks for a token",
    ]);
  }
  return { url, token, org, bucket };
}

/** Where a command stores, reads and keeps what it downloaded. */
export interface StoreConfig {
  /** The file of the embedded store. */
  readonly storeFile: string;
  readonly cacheFolder: string;
  readonly influx: InfluxAccount;
}

/**
 * Reads `storeVariables` from the environment.
 *
 * @throws ConfigError naming each bad variable and its value
 */
export function readStoreConfig(environment: NodeJS.ProcessEnv): StoreConfig {
  const config = readConfig(storeVariables, environment);
  return {
    storeFile: join(config.dataFolder, "azru.db"),
    cacheFolder: join(config.dataFolder, "cache"),
    influx: influxOf(config),
  };
}

export interface ServiceContext<V extends Variables> {
  readonly config: Config<V>;
  readonly log: Logger;
  readonly shutdown: Shutdown;
}

/**
 * Reads the configuration, sets up log and shutdown, and starts. A bad configuration is reported in one line
 * per variable on standard error and exits with 2, also where `start` throws a ConfigError; a start that fails is
 * logged, what was opened is closed, and the process exits with 1.
 */
export async function runService<const V extends Variables>(
  service: string,
  variables: V,
  start: (context: ServiceContext<V>) => unknown,
): Promise<void> {
  const config = readOrExit(service, { ...logVariables, ...variables }) as Config<typeof logVariables> &
    Config<V>;
  const log = createLogger({
    service,
    level: config.logLevel,
    format: config.logFormat,
    secrets: secretsOf(variables, config),
  });
  const shutdown = createShutdown(log);
  try {
    await start({ config, log, shutdown });
  } catch (error) {
    if (error instanceof ConfigError) {
      complain(service, error);
      shutdown.begin("bad configuration", 2);
      return;
    }
    log.fatal({ err: error }, `${service} cannot start`);
    shutdown.begin("failed start", 1);
  }
}

function readOrExit<const V extends Variables>(service: string, variables: V): Config<V> {
  try {
    return readConfig(variables, process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    complain(service, error);
    process.exit(2);
  }
}

function complain(service: string, { problems }: ConfigError): void {
  for (const problem of problems) console.error(`${service}: ${problem}`);
}

/** The wall clock until the service shuts down; that it was set is logged. */
export function startWallClock({
  log,
  shutdown,
}: Pick<ServiceContext<Variables>, "log" | "shutdown">): Clock {
  const clock = createWallClock((error) => log.error({ err: error }, "the clock failed"));
  clock.onChange(({ fromMs, toMs }) => log.warn({ change_ms: toMs - fromMs }, "the clock was set"));
  shutdown.onClose("clock", () => clock.close());
  return clock;
}
