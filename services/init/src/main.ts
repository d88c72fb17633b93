import { exampleEnv, logVariables, runService } from "@azru/runtime";
import { InfluxDB } from "@influxdata/influxdb-client";
import { variables } from "./config.ts";
import { withRetries } from "./retries.ts";
import { ensureTokens } from "./tokens.ts";

/** Pauses between attempts: an InfluxDB on a busy Pi may answer /ping before it can serve. */
const pauses_ms = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000];

if (process.argv.includes("--help")) console.log(exampleEnv({ ...logVariables, ...variables }));
else
  await runService("init", variables, async ({ config, log, shutdown }) => {
    const { url, adminToken, org, bucket, secretsFolder } = config;
    const client = new InfluxDB({ url, token: adminToken });
    const tokens = await withRetries(() => ensureTokens(client, { org, bucket }, secretsFolder), {
      pauses_ms,
      signal: shutdown.signal,
      onRetry: (error, pause_ms) => log.warn({ url, reason: error.message, pause_ms }, "trying again"),
    });
    for (const { file, created } of tokens) {
      log.info({ file }, created ? "token written" : "token in place");
    }
    shutdown.begin("all tokens are in place");
  });
