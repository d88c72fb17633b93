/** A core as it really runs, that is killed right after it has answered. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stateResponseSchema } from "@azru/contracts";
import { brokers, freePort } from "@azru/messaging/testing";
import { startService } from "@azru/runtime/testing";
import { expect, test } from "vitest";
import { startTestHome } from "./testing/test-home.ts";

const patient = { timeout: 60_000, interval: 100 };

test("a request that was answered with 200 survives kill -9", { timeout: 120_000 }, async () => {
  const home = await startTestHome(brokers[0]);
  const folder = mkdtempSync(join(tmpdir(), "azru-killed-"));
  const port = await freePort();
  const api = `http://127.0.0.1:${port}`;
  const start = () =>
    startService(new URL("./main.ts", import.meta.url), {
      MQTT_URL: home.broker.url,
      AZRU_DATA_DIR: folder,
      AZRU_HTTP_PORT: String(port),
      AZRU_TARIFF: "base:0.2",
      AZRU_WEATHER: "scenario:harsh-winter",
      AZRU_MPC_TIMEOUT_SECONDS: "0.1",
    });
  const state = async () => {
    const response = await fetch(`${api}/state`).catch(() => undefined);
    return response && stateResponseSchema.parse(await response.json());
  };
  const post = async (path: string, body: unknown) => {
    const headers = { "content-type": "application/json" };
    const { status } = await fetch(`${api}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return status;
  };
  let core = start();
  try {
    await expect.poll(state, patient).toBeDefined();
    expect(await post("/control/setpoint", { setpoint_c: 20.5, duration_min: 600 })).toBe(200);
    expect(await post("/control/valve", { valve_position: 37, duration_min: 600 })).toBe(200);
    core.kill("SIGKILL");
    expect(await core.ended).toBe("SIGKILL");
    core = start();
    await expect.poll(state, patient).toMatchObject({
      mode: "manual",
      manual: { valve_position: 37 },
      comfort: { setpoint_c: 20.5, rule: "temporary" },
    });
  } finally {
    core.kill("SIGKILL");
    await core.ended;
    await home.stop();
    rmSync(folder, { recursive: true });
  }
});
