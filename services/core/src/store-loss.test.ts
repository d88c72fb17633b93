/** A core whose InfluxDB is away, and that is killed. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isoTimeOf, type Point, type ServiceStatus, topics } from "@azru/contracts";
import { brokers } from "@azru/messaging/testing";
import { type ServiceProcess, startService } from "@azru/runtime/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  healthy,
  type InfluxServer,
  type Responder,
  startInfluxServer,
} from "../../../packages/timeseries/src/testing/influx-server.ts";
import { parseLines } from "../../../packages/timeseries/src/testing/line-protocol.ts";
import { collector } from "./testing/collector.ts";
import { startMs, startTestHome, type TestHome } from "./testing/test-home.ts";

let home: TestHome;
let folder: string;
let influx: InfluxServer;
let core: ServiceProcess | undefined;
beforeEach(async () => {
  home = await startTestHome(brokers[0]);
  folder = mkdtempSync(join(tmpdir(), "azru-store-loss-"));
  influx = await startInfluxServer();
});
afterEach(async () => {
  core?.kill("SIGKILL");
  await core?.ended;
  await influx.close();
  await home.stop();
  rmSync(folder, { recursive: true });
});

function startCoreProcess(environment: Readonly<Record<string, string>> = {}): ServiceProcess {
  core = startService(new URL("./main.ts", import.meta.url), {
    MQTT_URL: home.broker.url,
    AZRU_DATA_DIR: folder,
    AZRU_HTTP_PORT: "0",
    AZRU_TIME: "simulated",
    AZRU_TARIFF: "peak",
    AZRU_MPC_TIMEOUT_SECONDS: "0.1",
    INFLUXDB_URL: influx.url,
    INFLUXDB_TOKEN: "secret-token",
    ...environment,
  });
  return core;
}

const temperaturesOf = (points: readonly Point[]) =>
  points
    .filter(({ measurement, fields }) => measurement === "sensors" && "temperature" in fields)
    .map(({ fields }) => fields.temperature);

const unavailable: Responder = (request) =>
  request.path === "/ping"
    ? healthy(request)
    : { status: 503, body: { code: "unavailable", message: "full" } };

test("starts without InfluxDB, and after a kill -9 knows what it knew, and loses nothing that was on disk", async () => {
  const port = Number(new URL(influx.url).port);
  await influx.close();
  const device = await home.device();
  const first = startCoreProcess();
  const online = collector<ServiceStatus>();
  await device.messenger.subscribe(topics.status, ({ payload }) => online.push(payload), {
    params: { service: "core" },
  }).active;
  await online.next((status) => status === "online");
  expect(await device.decision(startMs, { temperature: 23.25 })).toMatchObject({ source: "failsafe" });
  influx = await startInfluxServer(port);
  influx.respond(unavailable);
  // Points are on disk before they are sent.
  const { body } = await influx.request("/api/v2/write", 1);
  const onDisk = parseLines(body);
  expect(temperaturesOf(onDisk)).toEqual([23.25]);
  first.kill("SIGKILL");
  expect(await first.ended).toBe("SIGKILL");
  expect(first.log.map(({ msg }) => msg)).toContainEqual(
    expect.stringMatching(/^storing in InfluxDB .*; points wait in .*influxdb-queue\.db, as .*ECONNREFUSED/),
  );

  const second = startCoreProcess();
  await influx.request("/api/v2/write", 2);
  // It measures nothing: what it decides on is remembered, although InfluxDB still answers nothing.
  const command = device.commands.next(({ sim_time = "" }) => Date.parse(sim_time) > startMs);
  const again = online.next((status) => status === "online");
  await again;
  await device.messenger.publish(topics.clock, {}, isoTimeOf(startMs + 60_000));
  expect(await command).toMatchObject({ source: "failsafe", valve_position: 0 });
  const acknowledged: Point[] = [];
  const allThere = new Promise<void>((resolve) => {
    influx.respond((request) => {
      if (request.path !== "/api/v2/write") return healthy(request);
      acknowledged.push(...parseLines(request.body));
      if (acknowledged.length >= onDisk.length) resolve();
      return { status: 204 };
    });
  });
  await allThere;
  expect(acknowledged.slice(0, onDisk.length)).toEqual(onDisk);
  second.kill("SIGTERM");
  expect(await second.ended).toBe(0);
  expect(temperaturesOf(acknowledged)).toEqual([23.25]);
  expect(second.log.find(({ decision }) => decision !== undefined)).toMatchObject({ temperature: 23.25 });
  expect(JSON.stringify(second.log)).toMatch(
    /points? (is|are) waiting in .*influxdb-queue\.db from an earlier run/,
  );
});

test("a token that InfluxDB refuses ends the start, and names InfluxDB", async () => {
  influx.respond((request) =>
    request.path === "/ping"
      ? healthy(request)
      : { status: 401, body: { code: "unauthorized", message: "no" } },
  );
  const refused = startCoreProcess();
  expect(await refused.ended).toBe(1);
  expect(JSON.stringify(refused.log)).toMatch(/refuses the token \(HTTP 401/);
  expect(JSON.stringify(refused.log)).not.toContain("secret-token");
});
