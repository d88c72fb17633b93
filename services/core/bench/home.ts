/**
 * What one home says and stores in a day: `pnpm bench:home`. The real core, optimiser and twin live a
 * simulated day in lockstep on a real Mosquitto; an address that takes line protocol as InfluxDB does counts it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { createCommand, optionsOrExit } from "@azru/command-line";
import { defaultSite, parseTopic } from "@azru/contracts";
import { startMosquitto } from "@azru/messaging/testing";
import mqtt from "mqtt";

optionsOrExit(
  createCommand("bench:home", "Counts the messages and stored points of a simulated day of one home."),
);

const day_s = 86_400;
const start = "2026-01-15T00:00:00Z";
const stopMs = Date.parse(start) + day_s * 1000;

interface Amount {
  count: number;
  bytes: number;
}
function add(to: Map<string, Amount>, key: string, bytes: number): void {
  const amount = to.get(key) ?? { count: 0, bytes: 0 };
  to.set(key, { count: amount.count + 1, bytes: amount.bytes + bytes });
}
function print(title: string, amounts: Map<string, Amount>): void {
  const total = { count: 0, bytes: 0 };
  console.log(`\n${title}`);
  for (const [key, { count, bytes }] of amounts) {
    console.log(`  ${key}: ${count}, ${(bytes / 1000).toFixed(0)} kB`);
    total.count += count;
    total.bytes += bytes;
  }
  console.log(
    `  together: ${total.count}, ${(total.bytes / 1000).toFixed(0)} kB, ${(total.count / day_s).toFixed(3)} a second`,
  );
}

const messages = new Map<string, Amount>();
const points = new Map<string, Amount>();
let fields = 0;
let wireBytes = 0;

const influx = createServer(async (request, response) => {
  const body = await buffer(request);
  response.setHeader("x-influxdb-version", "2.7");
  if (!request.url?.startsWith("/api/v2/write")) {
    response.end(
      request.url?.startsWith("/api/v2/buckets") ? '{"buckets":[{"id":"1","name":"home-energy"}]}' : "",
    );
    return;
  }
  wireBytes += body.length;
  const text = (request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString();
  for (const line of text.split("\n").filter(Boolean)) {
    add(points, line.split(/[, ]/, 1)[0], line.length + 1);
    fields += line.split(/(?<!\\) /)[1].match(/(?<=^|,)[a-z_]+=/g)?.length ?? 0;
  }
  response.writeHead(204).end();
}).listen(0, "127.0.0.1");
await once(influx, "listening");

const folder = mkdtempSync(join(tmpdir(), "azru-bench-"));
const broker = await startMosquitto();
const witness = await mqtt.connectAsync(broker.url, { protocolVersion: 5 });
const over = new Promise<void>((resolve) => {
  witness.on("message", (name, payload) => {
    const topic = parseTopic(defaultSite, name);
    if (!topic) return;
    add(messages, topic.kind, name.length + payload.length);
    if (topic.kind === "clock" && Date.parse(payload.toString()) >= stopMs) resolve();
  });
});
await witness.subscribeAsync("#", { qos: 1 });

function startService(name: string, environment: Readonly<Record<string, string>>): ChildProcess {
  const main = fileURLToPath(new URL(`../../${name}/src/main.ts`, import.meta.url));
  return spawn(process.execPath, ["--import", "tsx", main], {
    env: { ...process.env, MQTT_URL: broker.url, AZRU_LOG_LEVEL: "error", ...environment },
    stdio: ["ignore", "inherit", "inherit"],
  });
}
const services = [
  startService("mpc", { AZRU_MPC_THREADS: "1" }),
  startService("core", {
    AZRU_HTTP_PORT: "0",
    AZRU_DATA_DIR: folder,
    AZRU_TIME: "simulated",
    INFLUXDB_URL: `http://127.0.0.1:${(influx.address() as AddressInfo).port}`,
    INFLUXDB_TOKEN: "token",
  }),
  startService("sensor-simulator", { AZRU_PACING: "lockstep", AZRU_START: start }),
];
await over;
for (const service of services.reverse()) {
  service.kill("SIGTERM");
  await once(service, "exit");
}
print("messages of a day", messages);
print("points of a day", points);
console.log(`  ${fields} fields; ${(wireBytes / 1000).toFixed(0)} kB sent, as the client compresses it`);
await witness.endAsync();
await broker.stop();
influx.close();
rmSync(folder, { recursive: true });
