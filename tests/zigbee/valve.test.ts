/** A radiator valve on the real zigbee2mqtt: paired, found by the valves service, opened and closed in Zigbee frames. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isoTimeOf } from "@azru/contracts";
import { brokers, type TestBroker } from "@azru/messaging/testing";
import { type ServiceProcess, startService } from "@azru/runtime/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cluster, radiatorValve } from "./device-models.ts";
import type { EmulatedDevice } from "./emulated-device.ts";
import { bridgeVersion, isBridgeInstalled } from "./environment.ts";
import { startZigbeeNetwork, type ZigbeeNetwork } from "./zigbee-network.ts";

const runs = process.env.AZRU_TEST_ZIGBEE === "1" && isBridgeInstalled();
const where = runs ? `zigbee2mqtt ${bridgeVersion}` : "zigbee2mqtt (skipped: pnpm test:zigbee runs it)";
const opening = 0x600b;

describe.skipIf(!runs)(`a radiator valve with ${where}`, () => {
  let broker: TestBroker;
  let network: ZigbeeNetwork;
  let valve: EmulatedDevice;
  let service: ServiceProcess;
  let folder: string;

  beforeAll(async () => {
    broker = await brokers[0].start();
    network = await startZigbeeNetwork(broker.url);
    valve = await network.pair(radiatorValve, "vanne salon");
    folder = mkdtempSync(join(tmpdir(), "azru-valve-"));
    const path = join(folder, "valves.yaml");
    writeFileSync(path, JSON.stringify({ rooms: { salon: { valves: [{ name: "vanne salon" }] } } }));
    service = startService(new URL("../../services/valves/src/main.ts", import.meta.url), {
      MQTT_URL: broker.url,
      AZRU_VALVES: path,
    });
  });
  afterAll(async () => {
    service?.kill("SIGKILL");
    await service?.ended;
    await network.close();
    await broker.stop();
    rmSync(folder, { recursive: true });
  });

  const command = (valve_position: number) =>
    network.messages.publish(
      "home/salon/valve/set",
      JSON.stringify({
        valve_position,
        source: "mpc",
        issued_at: isoTimeOf(Date.now()),
        valid_until: isoTimeOf(Date.now() + 3_600_000),
      }),
    );

  it("opens as far as the position asks, and closes", async () => {
    await network.messages.received("home/sys/status/valves", (text) => text === "online");
    for (const position of [40, 0]) {
      await command(position);
      await expect.poll(() => valve.value(1, cluster.trvzb, opening)).toBe(position);
    }
  });

  it("gives the room the temperature that the valve measures", async () => {
    valve.change(1, cluster.thermostat, { 0: 1730 });
    await network.messages.received(
      "home/sensors/salon/metrics",
      (text) => JSON.parse(text).temperature === 17.3,
    );
  });
});
