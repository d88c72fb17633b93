/** Two cores as they really run, on one site. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readyResponseSchema, type StateResponse, stateResponseSchema } from "@azru/contracts";
import { brokers, freePort } from "@azru/messaging/testing";
import { type ServiceProcess, startService } from "@azru/runtime/testing";
import { afterEach, expect, test } from "vitest";
import { startMs, startTestHome, stepMs, type TestHome } from "./testing/test-home.ts";

let home: TestHome;
const folders: string[] = [];
const cores: ServiceProcess[] = [];
afterEach(async () => {
  for (const core of cores.splice(0)) {
    core.kill("SIGKILL");
    await core.ended;
  }
  await home.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

async function startCoreProcess() {
  const folder = mkdtempSync(join(tmpdir(), "azru-two-"));
  folders.push(folder);
  const port = await freePort();
  const core = startService(new URL("./main.ts", import.meta.url), {
    MQTT_URL: home.broker.url,
    AZRU_DATA_DIR: folder,
    AZRU_HTTP_PORT: String(port),
    AZRU_TIME: "simulated",
    AZRU_TARIFF: "base:0.2",
    AZRU_MPC_TIMEOUT_SECONDS: "0.1",
  });
  cores.push(core);
  const get = async (path: string) =>
    (await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined))?.text();
  const state = async (): Promise<StateResponse | undefined> => {
    const text = await get("/state");
    return text === undefined ? undefined : stateResponseSchema.parse(JSON.parse(text));
  };
  return { core, get, state };
}

for (const broker of brokers.filter(({ protocolVersion }) => protocolVersion === 5)) {
  test.skipIf(!broker.available)(
    `one heats, the other stands by and says so: ${broker.name}`,
    async () => {
      home = await startTestHome(broker);
      const device = await home.device();
      const first = await startCoreProcess();
      await expect.poll(first.state).toBeDefined();
      expect(await device.decision(startMs, { temperature: 18 })).toMatchObject({ source: "failsafe" });
      const second = await startCoreProcess();
      await expect.poll(second.state).toBeDefined();
      const rivals = async () =>
        Promise.all([first, second].map(async (one) => (await one.state())?.other_core));
      await expect.poll(async () => (await rivals()).filter(Boolean).length).toBe(1);
      const [standing, other] = (await rivals())[0] ? [first, second] : [second, first];

      const reason = /^another core of the site home has connected to the broker: this one stands by/;
      expect((await standing.state())?.other_core?.reason).toMatch(reason);
      const ready = readyResponseSchema.parse(JSON.parse((await standing.get("/ready"))!));
      expect(ready).toMatchObject({ status: "not_ready", dependencies: { broker: { status: "down" } } });
      expect(await standing.get("/metrics")).toMatch(/^azru_broker_taken_over_total 1$/m);
      expect(standing.core.log.filter(({ level }) => Number(level) >= 50)).toHaveLength(1);

      // The other, which was thrown out for a moment too, is back, and heats alone.
      const isConnected = async (one: typeof first) =>
        /^azru_broker_connected 1$/m.test((await one.get("/metrics")) ?? "");
      await expect.poll(() => isConnected(other)).toBe(true);
      const commands = device.commands.all.length;
      await device.decision(startMs + stepMs, { temperature: 18 });
      expect(device.commands.all.length).toBe(commands + 1);

      other.core.kill("SIGTERM");
      expect(await other.core.ended).toBe(0);
      await expect.poll(async () => (await standing.state())?.other_core).toBeUndefined();
      await expect.poll(() => isConnected(standing)).toBe(true);
      expect(await device.decision(startMs + 2 * stepMs, { temperature: 18 })).toMatchObject({
        source: "failsafe",
      });
    },
    120_000,
  );
}
