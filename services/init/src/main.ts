import { exampleEnv, logVariables, runService } from "@azru/runtime";
import { InfluxDB } from "@influxdata/influxdb-client";
import { variables } from "./config.ts";
import { ensureTokens } from "./tokens.ts";

if (process.argv.includes("--help")) console.log(exampleEnv({ ...logVariables, ...variables }));
else
  await runService("init", variables, async ({ config, log, shutdown }) => {
    const { url, adminToken, org, bucket, secretsFolder } = config;
    const client = new InfluxDB({ url, token: adminToken });
    for (const { file, created } of await ensureTokens(client, { org, bucket }, secretsFolder)) {
      log.info({ file }, created ? "token written" : "token in place");
    }
    shutdown.begin("all tokens are in place");
  });
