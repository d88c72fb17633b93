/** The doctor as it is called, beside a system that runs and without one. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedBroker } from "@azru/messaging/broker";
import { freePort } from "@azru/messaging/testing";
import { type Outcome, runProgram, startService } from "@azru/runtime/testing";
import { findTown, usualAnswers } from "@azru/setup";
import { homeFiles, writeHomeFiles } from "@azru/setup/home-file";
import mqtt from "mqtt";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Finding } from "./finding.ts";

let folder: string;
const open: (() => Promise<unknown>)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "azru-doctor-"));
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
  rmSync(folder, { recursive: true });
});

async function doctor(environment: Record<string, string>, ...args: string[]): Promise<Outcome> {
  return runProgram(new URL("./main.ts", import.meta.url), args, {
    environment: { LC_ALL: "C", AZRU_DATA_DIR: folder, ...environment },
  });
}

it("finds a running system well, its temperature and its port", async () => {
  const broker = await startEmbeddedBroker({ port: 0 });
  open.push(() => broker.close());
  const httpPort = String(await freePort());
  const environment = { AZRU_WEATHER: "reference", AZRU_TARIFF: "peak" };
  const sensor = await mqtt.connectAsync(broker.url, { protocolVersion: 4 });
  open.push(() => sensor.endAsync(true));
  const decided = new Promise((resolve) => sensor.once("message", resolve));
  await sensor.subscribeAsync("home/living-room/valve/set");
  const core = startService(new URL("../../core/src/main.ts", import.meta.url), {
    AZRU_DATA_DIR: folder,
    AZRU_MPC_TIMEOUT_SECONDS: "0.1",
    MQTT_URL: broker.url,
    AZRU_HTTP_PORT: httpPort,
    ...environment,
  });
  open.push(() => {
    core.kill("SIGTERM");
    return core.ended;
  });
  await decided;
  await sensor.publishAsync("home/sensors/living-room/metrics", '{"temperature": 19.44}', { qos: 1 });

  const options = ["--http-port", httpPort, "--mqtt-port", new URL(broker.url).port];
  const { stdout, code } = await doctor(environment, "--json", ...options);
  const { healthy, findings }: { healthy: boolean; findings: Finding[] } = JSON.parse(stdout);
  const found = Object.fromEntries(findings.map((finding) => [finding.check, finding]));
  expect(found.port?.message).toMatch(/is held by a running Azru$/);
  expect(found.broker?.message).toMatch(/^localhost:\d+ answers without an account$/);
  expect(found.temperature?.message).toMatch(/^19\.4 degrees in living-room/);
  // No optimiser runs: the thermostat stands in.
  expect(found.core).toMatchObject({ status: "warning", message: expect.stringContaining("mpc: ") });
  expect(found.store?.message).toBe(`file ${folder}/azru.db`);
  expect(findings.filter(({ status }) => status === "problem")).toEqual([]);
  expect(healthy).toBe(true);
  expect(code).toBe(0);
});

it("says in a line each what keeps a system from starting", async () => {
  const nobody = await freePort();
  const environment = {
    MQTT_URL: `mqtt://127.0.0.1:${nobody}`,
    AZRU_BUILDING: "nowhere.json",
    AZRU_STEP_MINUTES: "7",
    AZRU_HTTP_PORT: String(await freePort()),
  };
  const { stdout, code } = await doctor(environment);
  expect(code).toBe(1);
  const problems = stdout.split("\n").filter((line) => line.startsWith("problem"));
  expect(problems.map((line) => line.split(/\s+/)[1])).toEqual(["configuration", "building", "broker"]);
  expect(problems[0]).toMatch(
    /AZRU_STEP_MINUTES must divide 60, got "7" -> core, sensor-simulator will not start/,
  );
  expect(problems[2]).toContain(`nothing answers at 127.0.0.1:${nobody} -> start the broker`);
  expect(stdout).not.toContain("\u001B");
});

it("looks at the home that set-up has described, and says where its file cannot be used", async () => {
  const unused = {
    AZRU_HTTP_PORT: String(await freePort()),
    MQTT_URL: `mqtt://127.0.0.1:${await freePort()}`,
  };
  writeHomeFiles(folder, { ...usualAnswers, town: findTown("Brest")! }, 0);
  const described = await doctor(unused, "--json");
  const { findings }: { findings: Finding[] } = JSON.parse(described.stdout);
  expect(findings.find(({ check }) => check === "building")?.message).toContain(join(folder, "home"));

  writeFileSync(homeFiles(folder).home, "{");
  const damaged = await doctor(unused);
  expect(damaged.stdout).toMatch(/^problem {2}home .*home\.json is not JSON/m);
  expect(damaged.code).toBe(1);
});

it("reports in French where the terminal is French, or where it is asked to", async () => {
  const unused = {
    AZRU_HTTP_PORT: String(await freePort()),
    MQTT_URL: `mqtt://127.0.0.1:${await freePort()}`,
  };
  const french = await doctor({ ...unused, LC_ALL: "fr_FR.UTF-8" });
  expect(french.stdout).toMatch(/^problème +broker +rien ne répond à .* -> démarrer le courtier/m);
  const own = french.stdout.split("\n").filter((line) => !/ (tempo|rte|open-meteo) /.test(line));
  expect(own.join("\n")).not.toMatch(/ is | the | nothing /);
  const english = await doctor({ ...unused, LC_ALL: "fr_FR.UTF-8" }, "--language", "en");
  expect(english.stdout).toMatch(/^problem +broker +nothing answers at /m);
});

it("refuses what it does not know", async () => {
  const { stderr, code } = await doctor({}, "--cure");
  expect(stderr).toMatch(/^pnpm run doctor: unknown option '--cure'/);
  expect(code).toBe(2);
});
