/** A core as it really runs, that is killed right after it has answered. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { comfortResponseSchema, stateResponseSchema } from "@azru/contracts";
import { brokers, freePort } from "@azru/messaging/testing";
import { startService } from "@azru/runtime/testing";
import { expect, test } from "vitest";
import { startTestHome } from "./testing/test-home.ts";

test("a request that was answered with 200 survives kill -9", async () => {
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
  const send = async (method: string, path: string, body: unknown) => {
    const headers = { "content-type": "application/json" };
    const { status } = await fetch(`${api}${path}`, { method, headers, body: JSON.stringify(body) });
    return status;
  };
  const settings = async () => {
    const response = await fetch(`${api}/comfort`);
    return comfortResponseSchema.parse(await response.json()).settings;
  };
  let core = start();
  try {
    await expect.poll(state).toBeDefined();
    const { presets_c, ...others } = await settings();
    const wanted = { ...others, presets_c: { ...presets_c, comfort: 20.2 } };
    expect(await send("POST", "/control/setpoint", { setpoint_c: 20.5, duration_min: 600 })).toBe(200);
    expect(await send("POST", "/control/valve", { valve_position: 37, duration_min: 600 })).toBe(200);
    expect(await send("PUT", "/comfort", wanted)).toBe(200);
    core.kill("SIGKILL");
    expect(await core.ended).toBe("SIGKILL");
    core = start();
    await expect.poll(state).toMatchObject({
      mode: "manual",
      manual: { valve_position: 37 },
      comfort: { setpoint_c: 20.5, rule: "temporary" },
    });
    expect(await settings()).toEqual(wanted);
  } finally {
    core.kill("SIGKILL");
    await core.ended;
    await home.stop();
    rmSync(folder, { recursive: true });
  }
});
