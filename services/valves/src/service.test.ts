import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isoTimeOf, type ValveCommand } from "@azru/contracts";
import { brokers, type TestBroker } from "@azru/messaging/testing";
import { fromSource, runProgram, type ServiceProcess, startService } from "@azru/runtime/testing";
import { afterEach, describe, expect, it } from "vitest";
import { openZigbeeBridge, type ZigbeeBridge } from "./testing/zigbee-bridge.ts";
import { bridgeDevices, deviceStates } from "./testing/zigbee-devices.ts";

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const file = {
  rooms: {
    "living-room": {
      sensors: [{ name: "thermometer" }, { name: "hall/thermometer" }],
      valves: [{ name: "sonoff" }, { name: "ally", safe_setpoint_c: 18 }],
    },
    bath: {
      valves: [{ name: "moes" }, { name: "tuya" }],
      temperature: "moes",
      relays: [
        {
          topic: "shelly/command/switch:0",
          on: "on",
          off: "off",
          minimum_on_minutes: 0,
          minimum_off_minutes: 0,
        },
        { name: "plug", minimum_on_minutes: 0, minimum_off_minutes: 0, safe_setpoint_c: 20 },
      ],
    },
  },
};

interface Home {
  readonly broker: TestBroker;
  readonly bridge: ZigbeeBridge;
  readonly valves: ServiceProcess;
}

function start(main: string, environment: Readonly<Record<string, string>>): ServiceProcess {
  const service = startService(new URL(main, import.meta.url), environment);
  open.push(async () => {
    service.kill("SIGKILL");
    await service.ended;
  });
  return service;
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "azru-valves-"));
  open.push(() => rmSync(path, { recursive: true }));
  return path;
}

function startValves(url: string, settings: object = file): ServiceProcess {
  const path = join(folder(), "valves.yaml");
  writeFileSync(path, JSON.stringify(settings));
  return start("./main.ts", { MQTT_URL: url, AZRU_VALVES: path });
}

async function startHome(kind: (typeof brokers)[number], settings: object = file): Promise<Home> {
  const broker = await kind.start();
  open.push(broker.stop);
  const bridge = await openZigbeeBridge(broker.url, "zigbee2mqtt");
  open.push(bridge.close);
  await bridge.publishBelow("bridge/state", { state: "online" }, true);
  await bridge.publishBelow("bridge/devices", bridgeDevices, true);
  const valves = startValves(broker.url, settings);
  await bridge.received("home/sys/status/valves", (text) => text === "online");
  return { broker, bridge, valves };
}

const set = (device: string) => `zigbee2mqtt/${device}/set`;
const metrics = (room: string) => `home/sensors/${room}/metrics`;
const has = (part: object) => (text: string) => {
  const message = JSON.parse(text);
  return Object.entries(part).every(([field, value]) => message[field] === value);
};
const command = ({ bridge }: Pick<Home, "bridge">, room: string, changes: Partial<ValveCommand>) =>
  bridge.publish(
    `home/${room}/valve/set`,
    JSON.stringify({
      valve_position: 50,
      source: "mpc",
      issued_at: isoTimeOf(Date.now()),
      valid_until: isoTimeOf(Date.now() + 3_600_000),
      ...changes,
    }),
  );

for (const kind of brokers) {
  describe.skipIf(!kind.available)(`valves on ${kind.name}`, () => {
    it("are safe until Azru commands, follow it, and are safe again when the adapter stops", async () => {
      const home = await startHome(kind);
      const { bridge, valves } = home;
      const safe = { valve_opening_degree: 100, valve_closing_degree: 100, occupied_heating_setpoint: 19 };
      await bridge.received(set("sonoff"), has(safe));
      await bridge.received(set("ally"), has({ occupied_heating_setpoint: 18 }));

      await bridge.publishBelow("ally", deviceStates.ally);
      await command(home, "living-room", { valve_position: 75 });
      await bridge.received(set("sonoff"), has({ valve_opening_degree: 75, valve_closing_degree: 25 }));
      await bridge.received(set("ally"), has({ occupied_heating_setpoint: 19.5 }));

      const before = bridge.sent(set("sonoff")).length;
      valves.kill("SIGTERM");
      expect(await valves.ended).toBe(0);
      await bridge.received("home/sys/status/valves", (text) => text === "offline");
      expect(
        bridge
          .sent(set("sonoff"))
          .slice(before)
          .map((text) => JSON.parse(text)),
      ).toMatchObject([safe]);
      expect(JSON.parse(bridge.sent(set("ally")).at(-1)!)).toMatchObject({ occupied_heating_setpoint: 18 });
      expect(bridge.sent("shelly/command/switch:0").at(-1)).toBe("off");
    });

    it("publish the room's temperature: the mean of its thermometers, or of the named one", async () => {
      const { bridge } = await startHome(kind);
      await bridge.received(set("sonoff"), () => true);
      await bridge.publishBelow("sonoff", deviceStates.sonoff);
      await bridge.publishBelow("ally", deviceStates.ally);
      await bridge.publishBelow("thermometer", deviceStates.thermometer);
      const first = await bridge.received(metrics("living-room"), () => true);
      expect(JSON.parse(first)).toEqual({ temperature: 19.34, battery: 74, valve_position: 37 });
      await bridge.publishBelow("hall/thermometer", { temperature: 20.34 });
      await bridge.received(metrics("living-room"), has({ temperature: 19.84 }));
      await bridge.publishBelow("hall/thermometer/availability", "offline");
      await bridge.publishBelow("thermometer", { temperature: 21 });
      await bridge.received(metrics("living-room"), has({ temperature: 21 }));

      await bridge.publishBelow("tuya", deviceStates.tuya);
      await bridge.publishBelow("moes", deviceStates.moes);
      expect(JSON.parse(await bridge.received(metrics("bath"), () => true))).toEqual({
        temperature: 19.1,
        battery: 65,
        valve_position: 47.5,
      });
    });

    it("ignore what is old, comes twice or late, is kept by the broker, or is no command", async () => {
      const home = await startHome(kind);
      const { bridge, valves } = home;
      await bridge.received(set("sonoff"), () => true);
      const now = Date.now();
      await command(home, "living-room", { valve_position: 60, id: "a", issued_at: isoTimeOf(now) });
      await bridge.received(set("sonoff"), has({ valve_opening_degree: 60 }));
      await command(home, "living-room", { valve_position: 10, id: "a", issued_at: isoTimeOf(now) });
      await command(home, "living-room", { valve_position: 20, issued_at: isoTimeOf(now - 1_000) });
      await command(home, "living-room", { valve_position: 30, issued_at: isoTimeOf(now - 7_200_000) });
      await command(home, "living-room", { valve_position: 40, valid_until: isoTimeOf(now - 1) });
      await command(home, "living-room", { valve_position: 50, issued_at: isoTimeOf(now + 3_600_000) });
      await bridge.publish("home/living-room/valve/set", "75");
      await command(home, "living-room", { valve_position: 80, issued_at: isoTimeOf(now + 1) });
      await bridge.received(set("sonoff"), has({ valve_opening_degree: 80 }));
      const openings = bridge.sent(set("sonoff")).map((text) => JSON.parse(text).valve_opening_degree);
      expect(openings).toEqual([100, 60, 80]);
      valves.kill("SIGTERM");
      await valves.ended;
      expect(valves.log.find(({ msg }) => msg === "left the devices")).toMatchObject({
        verdicts: {
          "living-room": { accepted: 2, duplicate: 1, overtaken: 1, stale: 1, expired: 1, future: 1 },
        },
      });
    });

    it("survive anything that a device or the bridge may publish, and count it", async () => {
      const home = await startHome(kind);
      const { bridge, valves } = home;
      await bridge.received(set("sonoff"), () => true);
      const nonsense = [
        "",
        "{",
        "null",
        "[]",
        '"on"',
        "\u0000",
        '{"__proto__":{"temperature":1}}',
        "[[[[]]]]",
      ];
      for (const text of nonsense) {
        for (const topic of [
          "thermometer",
          "sonoff",
          "sonoff/availability",
          "bridge/state",
          "bridge/devices",
        ])
          await bridge.publishBelow(topic, text);
      }
      await bridge.publishBelow("thermometer", '{"temperature":1e999,"battery":"full"}');
      await bridge.publishBelow("bridge/devices", bridgeDevices, true);
      await bridge.publishBelow("thermometer", { temperature: 20.5 });
      await bridge.received(metrics("living-room"), has({ temperature: 20.5 }));
      await command(home, "living-room", { valve_position: 35 });
      await bridge.received(set("sonoff"), has({ valve_opening_degree: 35 }));
      expect(bridge.sent(metrics("living-room"))).toHaveLength(1);
      valves.kill("SIGTERM");
      expect(await valves.ended).toBe(0);
      const { messages } = valves.log.find(({ msg }) => msg === "left the devices") as {
        messages: { rejected: number; illFields: number };
      };
      expect(messages.rejected).toBeGreaterThan(25);
      expect(messages.illFields).toBeGreaterThanOrEqual(1);
    });

    it("are sent their command again when zigbee2mqtt, a device or the broker comes back", async () => {
      const home = await startHome(kind);
      const { bridge, broker } = home;
      const safe = () => bridge.sent(set("sonoff")).length;
      await bridge.received(set("sonoff"), () => true);
      await command(home, "living-room", { valve_position: 65 });
      await bridge.received(set("sonoff"), has({ valve_opening_degree: 65 }));
      const before = safe();
      await bridge.publishBelow("sonoff/availability", { state: "online" });
      await expect.poll(safe).toBe(before + 1);
      await bridge.publishBelow("bridge/state", { state: "online" }, true);
      await expect.poll(safe).toBe(before + 2);

      await broker.kill();
      await broker.restart();
      const back = await openZigbeeBridge(broker.url, "zigbee2mqtt");
      open.push(back.close);
      // The retained list of devices is gone with the broker; what the valve can do is not forgotten.
      await expect
        .poll(() => back.sent(set("sonoff")).map((text) => JSON.parse(text).valve_opening_degree))
        .toContain(65);
    });
  });
}

it("stop in good order without a broker, and say that the devices could not be reached", async () => {
  const { broker, valves } = await startHome(brokers[0]);
  await broker.kill();
  await expect
    .poll(() => valves.log.map(({ msg }) => msg))
    .toContain("broker connection of the devices failed");
  valves.kill("SIGTERM");
  expect(await valves.ended).toBe(0);
  expect(valves.log).toContainEqual(
    expect.objectContaining({
      msg: "devices keep their last command: the broker is away",
      rooms: ["living-room", "bath"],
    }),
  );
});

it("relays follow the command, and a thermostat of their own where Azru is silent", async () => {
  const home = await startHome(brokers[0]);
  const { bridge } = home;
  const shelly = "shelly/command/switch:0";
  await bridge.received(shelly, (text) => text === "off");
  await bridge.received(set("plug"), has({ state: "OFF" }));
  // Safe at 20 degrees, and it is colder
  await bridge.publishBelow("moes", { local_temperature: 15 });
  await bridge.received(set("plug"), has({ state: "ON" }));
  await command(home, "bath", { valve_position: 0 });
  await expect.poll(() => bridge.sent(set("plug")).at(-1)).toBe('{"state":"OFF"}');
  await command(home, "bath", { valve_position: 100, issued_at: isoTimeOf(Date.now() + 1) });
  await expect.poll(() => bridge.sent(shelly).at(-1)).toBe("on");
  // The command ends, and the room is warmer than the relays' own thermostats want
  await bridge.publishBelow("moes", { local_temperature: 25 });
  const soon = Date.now() + 5_000;
  await command(home, "bath", {
    valve_position: 100,
    issued_at: isoTimeOf(soon - 4_500),
    valid_until: isoTimeOf(soon),
  });
  await expect.poll(() => bridge.sent(shelly).at(-1)).toBe("off");
  expect(home.valves.log).toContainEqual(
    expect.objectContaining({
      msg: "room takes its safe position",
      reason: "the last command no longer holds",
    }),
  );
});

it("warn of a low battery once, and of a device that zigbee2mqtt does not know", async () => {
  const { bridge, valves } = await startHome(brokers[0], {
    rooms: { attic: { sensors: [{ name: "thermometer" }], valves: [{ name: "nobody" }] } },
  });
  await expect
    .poll(() => valves.log.map(({ msg }) => msg))
    .toContain("zigbee2mqtt knows no device of this name: pair it or correct the name");
  for (const battery of [12, 11, 14, 90, 10])
    await bridge.publishBelow("thermometer", { temperature: 20, battery });
  await bridge.received(metrics("attic"), has({ battery: 10 }));
  const warnings = valves.log.filter(({ msg }) => msg === "battery is low: change it");
  expect(warnings.map(({ battery_percent }) => battery_percent)).toEqual([12, 10]);
});

it("pilot wires are in eco until Azru commands, follow it within the power, and are sent again what they contradict", async () => {
  const quick = { minimum_on_minutes: 0, minimum_off_minutes: 0, rated_w: 2000 };
  const home = await startHome(brokers[0], {
    power: { subscribed_kva: 6, base_load_w: 3000, meter: { name: "linky", property: "apparent_power" } },
    rooms: {
      bath: {
        sensors: [{ name: "thermometr" }],
        pilot_wires: [
          { name: "nodon", ...quick },
          { name: "diode", closed: "off", ...quick },
        ],
      },
    },
  });
  const { bridge, valves } = home;
  const orders = {
    nodon: () => bridge.sent(set("nodon")).at(-1),
    diode: () => bridge.sent(set("diode")).at(-1),
  };
  await bridge.received(set("nodon"), has({ pilot_wire_mode: "eco" }));
  // Without a thermometer the relay leaves the room to the radiator's own thermostat
  await bridge.received(set("diode"), has({ state: "OFF" }));
  expect(valves.log).toContainEqual(
    expect.objectContaining({ device: "thermometr", nearest: "thermometer" }),
  );

  await command(home, "bath", { valve_position: 100 });
  // 3 kW are left: one of the two is on
  const on = () =>
    [orders.nodon()?.includes('"comfort"'), orders.diode()?.includes("OFF")].filter(Boolean).length;
  await expect.poll(on).toBe(1);
  await bridge.publishBelow("linky", { apparent_power: 6_500 });
  await expect.poll(on).toBe(0);
  await command(home, "bath", { valve_position: 0, issued_at: isoTimeOf(Date.now() + 1) });
  await expect.poll(orders.nodon).toBe('{"pilot_wire_mode":"frost_protection"}');

  const before = bridge.sent(set("nodon")).length;
  const contradicted = async () => {
    await bridge.publishBelow("nodon", { pilot_wire_mode: "comfort" });
    return bridge.sent(set("nodon")).length;
  };
  await expect.poll(contradicted, { interval: 500 }).toBeGreaterThan(before);
  expect(orders.nodon()).toBe('{"pilot_wire_mode":"frost_protection"}');
  valves.kill("SIGTERM");
  expect(await valves.ended).toBe(0);
  expect([orders.nodon(), orders.diode()]).toEqual(['{"pilot_wire_mode":"eco"}', '{"state":"OFF"}']);
});

it("a file that does not make sense ends the start with 2, in one line", async () => {
  const valves = startValves("mqtt://127.0.0.1:1", { rooms: {} });
  expect(await valves.ended).toBe(2);
});

it("--help shows how to call it, an example and the variables; what it does not know is refused", async () => {
  const main = new URL("./main.ts", import.meta.url);
  const [help, mistake] = await Promise.all([
    runProgram(main, ["--help"], { as: fromSource }),
    runProgram(main, ["--file", "x"]),
  ]);
  expect(help.code).toBe(0);
  expect(help.stdout).toMatch(/^Usage: npx -y pnpm@12 valves/);
  expect(help.stdout).toContain("  MQTT_URL=mqtt://localhost:1883 npx -y pnpm@12 valves\n");
  expect(help.stdout).toMatch(/^ {2}AZRU_VALVES +file that names .*\(config\/valves\.yaml\)$/m);
  expect(mistake.code).toBe(2);
  expect(mistake.stderr).toMatch(/^valves: unknown option '--file' \(see npx -y pnpm@12 valves --help\)\n$/);
});

it("a radiator valve's temperature reaches a real core, and the core's decision the valve", async () => {
  const { bridge, broker } = await startHome(brokers[0], {
    rooms: { "living-room": { valves: [{ name: "sonoff" }] } },
  });
  await bridge.received(set("sonoff"), has({ valve_opening_degree: 100 }));
  const core = start("../../core/src/main.ts", {
    MQTT_URL: broker.url,
    AZRU_DATA_DIR: folder(),
    AZRU_HTTP_PORT: "0",
    AZRU_TIME: "wall",
    AZRU_TARIFF: "peak",
    AZRU_WEATHER: "reference",
    AZRU_MPC_TIMEOUT_SECONDS: "0.1",
  });
  const addressOf = () => core.log.map(({ msg }) => /^API at (\S+),/.exec(String(msg))?.[1]).find(Boolean);
  await expect.poll(addressOf).toBeDefined();
  await bridge.publishBelow("sonoff", { ...deviceStates.sonoff, local_temperature: 16 });
  const state = async () => (await fetch(`${addressOf()}/state`)).text();
  await expect.poll(state).toMatch(/"temperature":16[,}]/);
  await fetch(`${addressOf()}/force-optimization`, { method: "POST" });
  await bridge.received("home/living-room/valve/set", has({ valve_position: 100, source: "thermostat" }));
  await bridge.received(set("sonoff"), has({ valve_opening_degree: 100, valve_closing_degree: 0 }));
});
