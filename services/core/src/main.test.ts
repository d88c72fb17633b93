import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type ServiceStatus, topics } from "@azru/contracts";
import { brokers } from "@azru/messaging/testing";
import { inheritedEnvironment, runnable } from "@azru/runtime/testing";
import { claimFolder } from "@azru/timeseries";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { collector } from "./testing/collector.ts";
import { room, startMs, startTestHome, type TestHome } from "./testing/test-home.ts";

const program = runnable(new URL("./main.ts", import.meta.url));
const token = "correct-horse-battery-staple";

let home: TestHome;
let folder: string;
beforeEach(async () => {
  home = await startTestHome(brokers[0]);
  folder = mkdtempSync(join(tmpdir(), "azru-main-"));
});
afterEach(async () => {
  await home.stop();
  rmSync(folder, { recursive: true });
});

/** The core as it really runs. */
function run(environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [...program.nodeOptions, program.file], {
    env: {
      ...inheritedEnvironment(),
      MQTT_URL: home.broker.url,
      AZRU_DATA_DIR: folder,
      AZRU_HTTP_PORT: "0",
      AZRU_TIME: "simulated",
      AZRU_TARIFF: "peak",
      AZRU_LOG_FORMAT: "json",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exit = once(child, "exit") as Promise<[number]>;
  const output = text(child.stdout);
  const errors = text(child.stderr);
  const ended = Promise.all([exit, output, errors]).then(([[code], out, error]) => ({ code, out, error }));
  return { kill: (signal: NodeJS.Signals) => child.kill(signal), ended };
}

describe("a core that cannot start says why in one line and exits with 2", () => {
  test.each([
    [
      "reachable from other machines without a token",
      { AZRU_HTTP_HOST: "0.0.0.0" },
      'core: AZRU_API_TOKEN is missing: with AZRU_HTTP_HOST "0.0.0.0" anybody in the network could control the home',
    ],
    [
      "no building file",
      { AZRU_BUILDING: "no-such.json" },
      "core: AZRU_BUILDING no-such.json cannot be read: ENOENT",
    ],
    ["unknown weather", { AZRU_WEATHER: "sunny" }, 'core: AZRU_WEATHER: unknown weather "sunny"; possible:'],
    [
      "a horizon of no whole steps",
      { AZRU_STEP_MINUTES: "20", AZRU_HORIZON_HOURS: "24.1" },
      "core: AZRU_HORIZON_HOURS must be whole steps of 20 minutes, got 24.1",
    ],
  ])("%s", async (_, environment, line) => {
    const { code, error } = await run(environment).ended;
    expect(code).toBe(2);
    expect(error).toMatch(/^[^\n]*\n$/);
    expect(error).toContain(line);
  });
});

test("a data folder that another core has is reported, and nothing in it is touched", async () => {
  const claim = claimFolder(folder, 0);
  const { code, error } = await run({}).ended;
  expect(error).toBe(
    `core: the data folder ${folder} is in use by another Azru that runs: stop that one, or name another folder (AZRU_DATA_DIR, --data)\n`,
  );
  expect(code).toBe(2);
  expect(readdirSync(folder)).toEqual(["core.lock"]);
  claim!.release();
});

test("a port that is taken is reported, and everything opened before is closed", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  const { code, out } = await run({ AZRU_HTTP_PORT: String(port) }).ended;
  taken.close();
  expect(code).toBe(1);
  expect(out).toContain(`address already in use 127.0.0.1:${port}`);
  expect(out).toContain('"msg":"stopped"');
});

test("decides, asks for its token from a file, says goodbye, and never logs a secret", async () => {
  const device = await home.device();
  const statuses = collector<ServiceStatus>();
  await device.messenger.subscribe(topics.status, ({ payload }) => statuses.push(payload), {
    params: { service: "core" },
  }).active;
  const tokenFile = join(folder, "token");
  writeFileSync(tokenFile, `${token}\n`);
  const online = statuses.next((status) => status === "online");
  const core = run({
    AZRU_HTTP_HOST: "0.0.0.0",
    AZRU_API_TOKEN_FILE: tokenFile,
    AZRU_MPC_TIMEOUT_SECONDS: "0.1",
    AZRU_LOG_LEVEL: "trace",
  });
  await online;
  expect(await device.decision(startMs, { temperature: 18 })).toMatchObject({
    source: "failsafe",
    valve_position: 100,
  });
  const offline = statuses.next((status) => status === "offline");
  core.kill("SIGTERM");
  await offline;
  const { code, out, error } = await core.ended;
  expect({ code, error }).toEqual({ code: 0, error: "" });
  expect(out).not.toContain(token);
  const lines = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.find(({ decision }) => decision !== undefined)).toMatchObject({
    level: 40,
    home_time: "2026-01-15T05:00:00.000Z",
    source: "failsafe",
    temperature: 18,
    measured_at: "2026-01-15T05:00:00.000Z",
    weather: "reference year Lyon, seed 20",
    cause: "the core has started",
  });
});

test("in wall time a temperature is decided on as soon as it comes", async () => {
  const device = await home.device();
  const core = run({
    AZRU_TIME: "wall",
    AZRU_WEATHER: "scenario:harsh-winter",
    AZRU_MPC_TIMEOUT_SECONDS: "0.1",
  });
  const unseen = await device.commands.next(() => true);
  expect(unseen).toMatchObject({ source: "failsafe" });
  expect(unseen).not.toHaveProperty("sim_time");
  const seen = device.commands.next(() => true);
  await device.messenger.publish(topics.sensorMetrics, { room }, { temperature: 23 });
  // The model of the house has proved nothing yet: a thermostat with the Tempo rule decides.
  expect(await seen).toMatchObject({ source: "thermostat", valve_position: 0 });
  core.kill("SIGINT");
  const { code, out } = await core.ended;
  expect(code).toBe(0);
  expect(out).toContain("no temperature was ever measured, no plan yet: heating what holds");
  expect(out).toContain('"cause":"a temperature is known again"');
});
