/**
 * The path of docs/fr/fil-pilote.md on the real zigbee2mqtt: devices pair, set-up names them, and Azru's commands reach
 * them as Zigbee frames. Only the radio is missing: an emulated stick carries the frames to emulated devices.
 */
import type { SetupAnswers, StateResponse } from "@azru/contracts";
import { type BrokerKind, brokers } from "@azru/messaging/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  addressesOf,
  cleanUp,
  type RunningSystem,
  startSystem,
  temporaryFolder,
} from "../e2e/running-system.ts";
import { cluster, pilotOrders, pilotWireModule, relay, thermometer } from "./device-models.ts";
import type { EmulatedDevice } from "./emulated-device.ts";
import { bridgeVersion, isBridgeInstalled } from "./environment.ts";
import { startZigbeeNetwork, type ZigbeeNetwork } from "./zigbee-network.ts";

const runs = process.env.AZRU_TEST_ZIGBEE === "1" && isBridgeInstalled();
const where = runs ? `zigbee2mqtt ${bridgeVersion}` : "zigbee2mqtt (skipped: pnpm test:zigbee runs it)";

/** Radiators take turns, and keep what they do for minutes. */
const tenMinutes = { timeout: 600_000 };
const unknownName = "zigbee2mqtt knows no device of this name: pair it or correct the name";

/** Azru's own broker, as the guide has it; and Mosquitto, as on a Raspberry Pi. */
const kinds: readonly (BrokerKind | undefined)[] = [undefined, brokers[1]];

describe.each(kinds)("on broker %#", (kind) => {
  const on = kind?.name ?? "Azru's own broker";
  describe.skipIf(!runs || kind?.available === false)(`an owner with ${where} on ${on}`, () => {
    let system: RunningSystem;
    let failed = false;
    let url: string;
    let network: ZigbeeNetwork;
    let module: EmulatedDevice;
    let outputs: EmulatedDevice;
    const thermometers: EmulatedDevice[] = [];
    const stops: (() => Promise<void>)[] = [];

    beforeAll(async () => {
      const broker = await kind?.start();
      if (broker) stops.push(() => broker.stop());
      const ports = ["--http-port", "0", "--mqtt-port", "0"];
      system = startSystem(["--no-simulator", ...ports, "--data", temporaryFolder()], {
        environment: broker ? { MQTT_URL: broker.url } : {},
      });
      const { api, mqtt } = await addressesOf(system);
      url = api;
      await system.record(({ msg }) => msg === "running");
      network = await startZigbeeNetwork(mqtt, { availability: { enabled: true } });
      stops.unshift(() => network.close());
    });
    afterEach(({ task }) => {
      failed ||= task.result?.state === "fail";
    });
    afterAll(async () => {
      if (failed) console.error(network?.lastWords());
      await cleanUp(failed);
      for (const stop of stops) await stop();
    });

    const order = () => pilotOrders[Number(module.value(1, cluster.pilotWire, 0))];
    const ordersSent = () =>
      module.received.filter((frame) => frame.cluster === cluster.pilotWire && frame.command === 0);
    const outputsClosed = () => [1, 2].map((endpoint) => outputs.value(endpoint, cluster.onOff, 0));
    const lastReported = (name: string) =>
      JSON.parse(network.messages.sent(`zigbee2mqtt/${name}`).at(-1)!) as Record<string, unknown>;
    const getState = async () => (await (await fetch(`${url}/state`)).json()) as StateResponse;
    const send = (method: string, path: string, body: object) =>
      fetch(`${url}${path}`, {
        method,
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      });
    let answers: SetupAnswers;
    const answer = async (changes: Partial<SetupAnswers>) => {
      const known = (await (await fetch(`${url}/setup`)).json()) as { answers: SetupAnswers };
      answers = { ...known.answers, ...changes };
      const response = await send("PUT", "/setup", answers);
      expect([response.status, await response.text()]).toEqual([202, expect.stringContaining("restarting")]);
    };

    it("pairs a pilot-wire module, a relay of two outputs and two thermometers, each known by its converter", async () => {
      module = await network.pair(pilotWireModule, "radiateur salon");
      outputs = await network.pair(relay, "relais chambre");
      for (const room of ["salon", "chambre"])
        thermometers.push(await network.pair(thermometer, `thermomètre ${room}`));
      const models = network.devices().map((one) => [one.friendly_name, one.definition?.model]);
      expect(Object.fromEntries(models)).toMatchObject({
        "radiateur salon": "SIN-4-FP-21",
        "relais chambre": "SIN-4-2-20",
        "thermomètre salon": "SNZB-02",
        "thermomètre chambre": "SNZB-02",
      });
    });

    it("has the module follow the plan after set-up has named it, as frames of its own cluster", async () => {
      await answer({
        rooms: ["salon", "chambre"],
        thermometers: ["salon", "chambre"].map((room) => ({ room, name: `thermomètre ${room}` })),
        radiators: [
          { room: "salon", name: "radiateur salon", rated_w: 1500, closed: null, property: null },
          { room: "chambre", name: "relais chambre", rated_w: 1000, closed: "off", property: "state_l1" },
          { room: "chambre", name: "relais chambre", rated_w: 500, closed: "off", property: "state_l2" },
        ],
        subscribed_kva: 6,
        base_load_w: 1000,
      });
      await system.record(({ msg, device }) => msg === "pilot wire found" && device === "radiateur salon");
      await expect.poll(() => ordersSent().length).toBeGreaterThan(0);
      expect(ordersSent()[0]).toMatchObject({ manufacturerCode: 0x128b });
      // The core starts again meanwhile: a thermometer measures on.
      await expect
        .poll(
          async () => {
            for (const one of thermometers) one.change(1, cluster.temperature, { 0: 1520 });
            return (await getState()).rooms.map(({ metrics }) => metrics.temperature);
          },
          { interval: 1_000 },
        )
        .toEqual([15.2, 15.2]);
      await send("POST", "/control/valve", { valve_position: 100 });
      // Its heat begins with its pause: it comes below.
      await expect.poll(order).toBe("frost_protection");
      await expect.poll(outputsClosed).toEqual([1, 1]);
      await expect.poll(() => lastReported("radiateur salon").pilot_wire_mode).toBe("frost_protection");
      await expect.poll(() => lastReported("relais chambre").state_l1).toBe("ON");
    });

    it("orders again where somebody has pressed the module's button", async () => {
      const before = ordersSent().length;
      // A report so soon after an order may be from before it: the hand at the button does it until it is answered.
      await expect
        .poll(
          () => {
            if (ordersSent().length === before)
              module.change(1, cluster.pilotWire, { 0: pilotOrders.indexOf("off") });
            return ordersSent().length;
          },
          { interval: 1_000 },
        )
        .toBeGreaterThan(before);
      await expect.poll(order).toBe("frost_protection");
    });

    it("says that a module has another name now, and follows it once set-up has that name", async () => {
      const known = system.count(({ msg }) => msg === unknownName);
      await network.request("device/rename", { from: "radiateur salon", to: "radiateur du salon" });
      const warning = await system.record(
        ({ msg, device }) => msg === unknownName && device === "radiateur salon",
      );
      expect(warning.nearest).toBe("radiateur du salon");
      expect(known).toBe(0);
      await answer({
        radiators: answers.radiators.map((one) => ({
          ...one,
          name: one.name.replace("radiateur ", "radiateur du "),
        })),
      });
      await system.record(({ msg, device }) => msg === "pilot wire found" && device === "radiateur du salon");
    });

    it("sees zigbee2mqtt end and come back, with its network kept and the order given again", async () => {
      await network.stop();
      await system.record(
        ({ msg }) => msg === "zigbee2mqtt is offline: no valve can be reached until it is back",
      );
      const before = ordersSent().length;
      module.change(1, cluster.pilotWire, { 0: pilotOrders.indexOf("off") });
      await network.start();
      expect(network.devices()).toHaveLength(5);
      await expect.poll(() => ordersSent().length).toBeGreaterThan(before);
    });

    it.skipIf(kind !== undefined)(
      "has the radiators heat, as the position asks: comfort at the module, and the relay's outputs open",
      async () => {
        await expect.poll(order, tenMinutes).toBe("comfort");
        await expect.poll(outputsClosed, tenMinutes).toEqual([0, 0]);
      },
      tenMinutes.timeout * 2,
    );

    it("says that a device left", async () => {
      network.stick.leave(thermometers[1]);
      await system.record(({ msg, device }) => msg === unknownName && device === "thermomètre chambre");
    });

    it("warned of nothing that zigbee2mqtt sends in the ordinary way", () => {
      expect(system.count(({ msg }) => msg === "not understood; logged once")).toBe(0);
    });

    it("leaves the radiators to their own thermostats in eco when it stops", async () => {
      system.signalGroup("SIGTERM");
      await system.exit;
      await expect.poll(order).toBe("eco");
      expect(outputsClosed()).toEqual([0, 0]);
    });
  });
});
