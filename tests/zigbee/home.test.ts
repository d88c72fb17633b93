import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isoTimeOf } from "@azru/contracts";
import { brokers, type TestBroker } from "@azru/messaging/testing";
import { type ServiceProcess, startService } from "@azru/runtime/testing";
import mqtt from "mqtt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadDefinitions } from "./converters.ts";
import { isInstalled, version } from "./environment.ts";
import { type StandIn, startStandIn } from "./stand-in.ts";

const runs = process.env.AZRU_TEST_ZIGBEE === "1" && isInstalled();
const where = runs
  ? `zigbee-herdsman-converters ${version}`
  : "zigbee-herdsman-converters (skipped: pnpm test:zigbee runs it)";

/** Five radiators of 2 kW on 9 kVA: with 1 kW for the rest of the home, four may heat at a time. */
const modules: Readonly<Record<string, string>> = {
  salon: "SIN-4-FP-21",
  cuisine: "064882",
  chambre: "SIN-4-FP-21_EQU",
  bureau: "VAV-256215-MOD1",
  enfants: "TWC-R01",
};
const file = {
  power: { subscribed_kva: 9, base_load_w: 1000 },
  rooms: Object.fromEntries(
    Object.keys(modules).map((room) => [
      room,
      {
        sensors: [{ name: `thermometre ${room}` }],
        pilot_wires: [
          {
            name: `radiateur ${room}`,
            rated_w: 2000,
            period_minutes: 1,
            minimum_on_minutes: 0,
            minimum_off_minutes: 0,
          },
        ],
      },
    ]),
  ),
};

describe.skipIf(!runs)(`a home of five pilot wires with ${where}`, () => {
  let broker: TestBroker;
  let home: StandIn;
  let valves: ServiceProcess;
  let client: mqtt.MqttClient;
  let folder: string;

  beforeAll(async () => {
    const definitions = loadDefinitions();
    const definition = (model: string) => definitions.find((one) => one.model === model)!;
    broker = await brokers[0].start();
    const devices = Object.entries(modules).flatMap(([room, model]) => [
      [`radiateur ${room}`, definition(model)] as const,
      [`thermometre ${room}`, definition("WSDCGQ11LM")] as const,
    ]);
    home = await startStandIn({ url: broker.url, base: "zigbee2mqtt", devices: new Map(devices) });
    folder = mkdtempSync(join(tmpdir(), "azru-zigbee-"));
    const path = join(folder, "valves.yaml");
    writeFileSync(path, JSON.stringify(file));
    valves = startService(new URL("../../services/valves/src/main.ts", import.meta.url), {
      MQTT_URL: broker.url,
      AZRU_VALVES: path,
    });
    client = await mqtt.connectAsync(broker.url);
  }, 240_000);
  afterAll(async () => {
    valves.kill("SIGKILL");
    await valves.ended;
    await client.endAsync(true);
    await home.close();
    await broker.stop();
    rmSync(folder, { recursive: true });
  });

  /** The order that each module has, by its own word. */
  const orders = () =>
    Object.keys(modules).map((room) => {
      const { state } = home.devices.get(`radiateur ${room}`)!;
      return String(state.pilot_wire_mode);
    });
  const heating = () => orders().filter((order) => order === "comfort").length;
  const command = (room: string, valve_position: number) =>
    client.publishAsync(
      `home/${room}/valve/set`,
      JSON.stringify({
        valve_position,
        source: "mpc",
        issued_at: isoTimeOf(Date.now()),
        valid_until: isoTimeOf(Date.now() + 3_600_000),
      }),
      { qos: 1 },
    );

  it("leaves the radiators to their own thermostats in eco until Azru commands", async () => {
    await expect.poll(orders, { timeout: 60_000 }).toEqual(["eco", "eco", "eco", "eco", "eco"]);
  });

  it("never has more than four of five heat, and has each heat in its turn", async () => {
    let most = 0;
    const heated = new Set<number>();
    for (const room of Object.keys(modules)) await command(room, 100);
    await expect
      .poll(
        () => {
          most = Math.max(most, heating());
          orders().forEach((order, i) => {
            if (order === "comfort") heated.add(i);
          });
          return heated.size;
        },
        { timeout: 180_000, interval: 100 },
      )
      .toBe(5);
    expect(most).toBeLessThanOrEqual(4);
  });

  it("gives frost protection where no heat is asked for, and no converter refused anything", async () => {
    for (const room of Object.keys(modules)) await command(room, 0);
    await expect
      .poll(orders, { timeout: 60_000 })
      .toEqual(["frost_protection", "frost_protection", "frost_protection", "frost_protection", "antifrost"]);
    expect(home.refused).toEqual([]);
  });

  it("gives the order again to a module that somebody set otherwise", async () => {
    const { frames } = home.devices.get("radiateur salon")!;
    const before = frames.length;
    await expect
      .poll(
        async () => {
          await home.report("radiateur salon", { pilot_wire_mode: "comfort" });
          return frames.length;
        },
        { timeout: 60_000, interval: 1_000 },
      )
      .toBeGreaterThan(before);
    expect(frames.at(-1)).toEqual(frames[before - 1]);
  });

  it("leaves them in eco when the adapter stops", async () => {
    valves.kill("SIGTERM");
    expect(await valves.ended).toBe(0);
    await expect.poll(orders, { timeout: 60_000 }).toEqual(["eco", "eco", "eco", "eco", "eco"]);
  });
});
