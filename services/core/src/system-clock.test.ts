/** A core as it really runs, on a machine whose clock is wrong. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type StateResponse, stateResponseSchema, topics } from "@azru/contracts";
import { brokers, freePort } from "@azru/messaging/testing";
import { type ServiceProcess, startService } from "@azru/runtime/testing";
import { openEmbeddedStore } from "@azru/timeseries";
import { afterEach, beforeEach, expect, test } from "vitest";
import { room, startMs, startTestHome, type TestHome } from "./testing/test-home.ts";

const day = 86_400_000;

let home: TestHome;
let folder: string;
let core: ServiceProcess;
let api: string;
beforeEach(async () => {
  home = await startTestHome(brokers[0]);
  folder = mkdtempSync(join(tmpdir(), "azru-clock-"));
});
afterEach(async () => {
  core.kill("SIGKILL");
  await core.ended;
  await home.stop();
  rmSync(folder, { recursive: true });
});

/** Starts a core whose system's clock stands at `timeMs`. */
async function startAt(timeMs: number): Promise<void> {
  writeFileSync(join(folder, "clock"), String(timeMs));
  const port = await freePort();
  api = `http://127.0.0.1:${port}`;
  core = startService(new URL("./main.ts", import.meta.url), {
    NODE_OPTIONS: `--import ${new URL("./testing/settable-clock.mjs", import.meta.url)}`,
    CLOCK_FILE: join(folder, "clock"),
    MQTT_URL: home.broker.url,
    AZRU_DATA_DIR: folder,
    AZRU_HTTP_PORT: String(port),
    AZRU_TIME: "wall",
    AZRU_TARIFF: "base:0.2",
    AZRU_WEATHER: "scenario:harsh-winter",
    AZRU_MPC_TIMEOUT_SECONDS: "0.1",
  });
}

function setClock(timeMs: number): void {
  writeFileSync(join(folder, "clock"), String(timeMs));
  core.kill("SIGUSR2");
}

async function state(): Promise<StateResponse> {
  const response = await fetch(`${api}/state`);
  expect(response.status).toBe(200);
  return stateResponseSchema.parse(await response.json());
}

async function post(path: string, body: unknown): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${api}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  expect(response.status).toBe(200);
}

test("heats at once in 1970, answers, and dates what happened when the time is known", async () => {
  const device = await home.device();
  const unseen = device.commands.next(() => true);
  await startAt(60_000);
  await unseen;
  const seen = device.commands.next(() => true);
  await device.messenger.publish(topics.sensorMetrics, { room }, { temperature: 16.5 });
  const command = await seen;
  expect(command).toMatchObject({ source: "failsafe", valve_position: 100 });
  expect(command).not.toHaveProperty("issued_at");
  await expect.poll(async () => (await fetch(`${api}/health`).catch(() => undefined))?.ok).toBe(true);
  const lost = await state();
  expect(lost).toMatchObject({ failsafe: { active: true, cause: "no_time" }, savings: null, rate: null });
  expect(lost.clock_problem).toContain("1970-01-01");

  const dated = device.commands.next(({ issued_at }) => issued_at !== undefined);
  setClock(startMs);
  expect(Date.parse((await dated).issued_at!) - startMs).toBeLessThan(60_000);
  const found = await state();
  expect(found).toMatchObject({ failsafe: { active: false }, rooms: [{ status: "fresh" }] });
  expect(found).not.toHaveProperty("clock_problem");
  expect(Date.parse(found.savings!.since)).toBeGreaterThanOrEqual(startMs - 900_000);
  core.kill("SIGTERM");
  expect(await core.ended).toBe(0);

  const store = openEmbeddedStore({ filePath: join(folder, "azru.db") });
  const range = { startMs: 0, stopMs: startMs + day };
  const [temperatures] = await store.query({ measurement: "sensors", fields: ["temperature"], ...range });
  await store.close();
  expect(temperatures.values).toEqual([16.5]);
  expect(Math.abs(temperatures.timesMs[0] - startMs)).toBeLessThan(60_000);
});

test("a year ahead ends neither vacation nor manual mode, and back again nothing has happened", async () => {
  const device = await home.device();
  const first = device.commands.next(() => true);
  await startAt(startMs);
  await first;
  await expect.poll(async () => (await fetch(`${api}/health`).catch(() => undefined))?.ok).toBe(true);
  const until = new Date(startMs + 5 * day).toISOString();
  await post("/control/vacation", { until, setpoint_c: 13 });
  await post("/control/valve", { valve_position: 42, duration_min: 60 });
  const before = await state();

  setClock(startMs + 365 * day);
  await expect.poll(async () => (await state()).clock_problem).toContain("2027-01-15");
  expect(await state()).toMatchObject({ mode: "manual", comfort: { rule: "vacation" } });
  setClock(startMs + 60_000);
  await expect.poll(async () => (await state()).clock_problem).toBeUndefined();
  expect(await state()).toMatchObject({ mode: "manual", manual: { valve_position: 42 }, comfort: { until } });

  const again = device.commands.next(() => true);
  setClock(startMs - 3 * 3_600_000);
  await again; // within seconds, not at the next quarter of an hour
  const after = await state();
  const left_ms = ({ time, manual }: StateResponse) => Date.parse(manual!.expires_at) - Date.parse(time);
  expect(after.mode).toBe("manual");
  expect(left_ms(before) - left_ms(after)).toBeLessThan(120_000);
  expect(Date.parse(after.time)).toBeLessThan(startMs - 2 * 3_600_000);
  expect(after.comfort).toMatchObject({ rule: "vacation", until });
});
