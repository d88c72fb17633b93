/** The broker's configuration and rules, loaded by a real Mosquitto and tried from every account. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Topic, topicNameOf, topics } from "@azru/contracts";
import { brokers, freePort, startMosquitto, type TestBroker } from "@azru/messaging/testing";
import mqtt, { type IClientOptions, type MqttClient } from "mqtt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { services } from "./compose.ts";
import { createHome, type Home, hasMosquittoPasswd, hasOpenssl } from "./init.ts";
import { pathOf } from "./repository.ts";

const hasMosquitto =
  hasMosquittoPasswd && brokers.some(({ name, available }) => available && /^Mosq/.test(name));
const skip = hasMosquitto ? "" : " (skipped: Mosquitto is not installed)";

const room = "living-room";
const names = {
  metrics: topicNameOf(topics.sensorMetrics, "home", { room }),
  valve: topicNameOf(topics.valveSet, "home", { room }),
  clock: topicNameOf(topics.clock, "home", {}),
  request: topicNameOf(topics.mpcRequest, "home", {}),
  plan: topicNameOf(topics.mpcPlan, "home", {}),
  tariff: topicNameOf(topics.tariff, "home", {}),
  forecast: topicNameOf(topics.forecast, "home", {}),
  state: topicNameOf(topics.homeState, "home", {}),
  prices: topicNameOf(topics.homePrices, "home", {}),
  discovery: "homeassistant/device/azru_home/config",
  birth: "homeassistant/status",
};
const controls = [
  topics.controlMode,
  topics.controlValve,
  topics.controlPreset,
  topics.controlSetpoint,
  topics.controlRoom,
  topics.controlTariff,
  topics.controlWarmest,
  topics.controlVacation,
  topics.controlOptimize,
].map((topic) => topicNameOf<Topic<string>>(topic, "home", {}));
const status = (service: string) => topicNameOf(topics.status, "home", { service });
const statuses = ["core", "mpc", "sensor-simulator", "valves", "zigbee2mqtt", "home-assistant"].map(status);
// MQTT 5 4.7.1.2: a filter ending in /# matches the level above, too.
const zigbee = [
  "home/sensors",
  "home/sensors/bridge/state",
  "home/sensors/bridge/request/permit_join",
  "home/sensors/attic",
  "zigbee2mqtt",
  "zigbee2mqtt/bridge/devices",
  "zigbee2mqtt/trv",
  "zigbee2mqtt/bridge/request/permit_join",
];
/** A command to a Zigbee device. */
const orders = [
  "home/sensors/trv/set",
  "home/sensors/hall/trv/set",
  "zigbee2mqtt/trv/set",
  "zigbee2mqtt/hall/trv/set",
];
const foreign = [
  "home",
  "home/sensors",
  "home/x",
  "home/valve/set",
  "chalet/tariff",
  "homeassistant",
  "homeassistant/climate",
  "x",
];
/** What the owner's own acl.local lets the adapter say, as docs/valves.md has it. */
const relay = "shellyplus1/command/switch:0";
const everyTopic = [
  ...Object.values(names),
  ...controls,
  ...statuses,
  ...zigbee,
  ...orders,
  ...foreign,
  relay,
];

/** What each account may publish and receive: exactly this. */
const accounts: Readonly<Record<string, { writes: readonly string[]; reads: readonly string[] }>> = {
  core: {
    writes: [
      names.request,
      names.valve,
      names.tariff,
      names.forecast,
      names.state,
      names.prices,
      names.discovery,
      status("core"),
    ],
    // Its own announcement too: entities of rooms that have been forgotten are removed after a restart.
    reads: [names.metrics, names.clock, names.plan, names.birth, names.discovery, ...controls, ...statuses],
  },
  mpc: { writes: [names.plan, status("mpc")], reads: [names.request, status("mpc")] },
  "sensor-simulator": {
    writes: [names.metrics, names.clock, status("sensor-simulator")],
    reads: [names.valve, names.tariff],
  },
  devices: { writes: [names.metrics], reads: [names.valve] },
  zigbee2mqtt: {
    writes: [names.metrics, ...zigbee, ...orders],
    reads: [names.metrics, ...zigbee, ...orders],
  },
  valves: {
    writes: [names.metrics, status("valves"), ...orders, relay],
    reads: [names.metrics, names.valve, ...zigbee, ...orders],
  },
  "home-assistant": {
    writes: [names.metrics, status("home-assistant"), topicNameOf(topics.controlTariff, "home", {})],
    reads: [names.valve],
  },
  homeassistant: {
    writes: [names.birth, ...controls],
    reads: [
      names.metrics,
      names.valve,
      names.tariff,
      names.forecast,
      names.state,
      names.prices,
      names.clock,
      names.discovery,
      names.birth,
      "homeassistant",
      "homeassistant/climate",
      ...statuses,
    ],
  },
};

describe.skipIf(!hasMosquitto)(`the broker's accounts, on a real Mosquitto${skip}`, () => {
  let home: Home;
  let broker: TestBroker;
  let witness: MqttClient;
  const clients: MqttClient[] = [];
  const password = (account: string) => {
    const file = {
      core: "core/mqtt_password",
      mpc: "mpc/mqtt_password",
      "sensor-simulator": "sensor-simulator/mqtt_password",
      valves: "valves/mqtt_password",
      "home-assistant": "home-assistant/mqtt_password",
    }[account];
    return readFileSync(join(home.secrets, file ?? `accounts/${account}`), "utf8");
  };
  const connect = async (options: IClientOptions) => {
    const client = await mqtt.connectAsync(broker.url, {
      protocolVersion: 5,
      reconnectPeriod: 0,
      ...options,
    });
    clients.push(client);
    return client;
  };
  const as = (account: string) => connect({ username: account, password: password(account) });

  beforeAll(async () => {
    // A client that receives and publishes all, so that it shows what the broker lets through.
    home = createHome(`user witness\ntopic readwrite #\nuser valves\ntopic write ${relay}\n`);
    home.init();
    const passwords = join(home.secrets, "mosquitto/passwords");
    const { core } = Object.fromEntries(
      readFileSync(passwords, "utf8")
        .trim()
        .split("\n")
        .map((line) => line.split(":")),
    );
    chmodSync(passwords, 0o600);
    writeFileSync(passwords, `${readFileSync(passwords, "utf8")}witness:${core}\n`);
    broker = await startMosquitto({ config: () => configuration(home) });
    witness = await connect({ username: "witness", password: password("core") });
    await witness.subscribeAsync("#", { qos: 1 });
  });
  afterAll(async () => {
    for (const client of clients) await client.endAsync(true);
    await broker?.stop();
    home?.remove();
  });

  it("are all tried", () => {
    const declared = readFileSync(join(home.secrets, "mosquitto/acl"), "utf8").match(/(?<=^user ).*/gm);
    expect([...new Set(declared)].sort()).toEqual([...Object.keys(accounts), "witness"].sort());
  });

  describe.each(Object.entries(accounts))("%s", (account, { writes, reads }) => {
    it("publishes what it may, and nothing else", async () => {
      const client = await as(account);
      const passed = new Set<string>();
      const listen = (topic: string, payload: Buffer) => payload.toString() === account && passed.add(topic);
      witness.on("message", listen);
      const refused: string[] = [];
      for (const topic of everyTopic) {
        await client.publishAsync(topic, account, { qos: 1 }).catch(() => refused.push(topic));
      }
      await fence();
      witness.off("message", listen);
      expect([...passed].sort()).toEqual([...writes].sort());
      expect(refused.sort()).toEqual(everyTopic.filter((topic) => !writes.includes(topic)).sort());
    });

    it("receives what it may, and nothing else", async () => {
      const client = await as(account);
      const received = new Set<string>();
      client.on("message", (topic) => received.add(topic));
      for (const filter of [...everyTopic, "#", "home/#"]) {
        await client.subscribeAsync(filter, { qos: 1 }).catch(() => undefined); // refused: nothing comes
      }
      for (const topic of everyTopic) await witness.publishAsync(topic, "1", { qos: 1 });
      await client.unsubscribeAsync("#"); // what was sent before has arrived when this is answered
      expect([...received].sort()).toEqual([...reads].sort());
    });

    it("receives nothing about the broker", async () => {
      const client = await as(account);
      const received = new Set<string>();
      client.on("message", (topic) => received.add(topic));
      for (const filter of ["$SYS/#", "$SYS/broker/uptime"]) {
        await client.subscribeAsync(filter).catch(() => undefined);
      }
      await client.unsubscribeAsync("$SYS/#");
      expect([...received]).toEqual([]);
    });
  });

  it.skipIf(process.platform !== "linux")("passes the health check of compose, by the kernel's table", () => {
    const [, command] = services.mosquitto.healthcheck!.test!;
    const check = (port: number) =>
      spawnSync("sh", ["-c", command.replace("075B", port.toString(16).toUpperCase().padStart(4, "0"))])
        .status;
    expect(Number.parseInt(/:([0-9A-F]{4}) /.exec(command)![1], 16)).toBe(1883);
    expect(check(broker.port)).toBe(0);
    expect(check(1)).toBe(1);
  });

  it("share requests among the workers of mpc", async () => {
    const filter = `$share/mpc/${names.request}`;
    const workers = await Promise.all(["mpc", "mpc"].map(as));
    const received = [0, 0];
    for (const [i, worker] of workers.entries()) {
      worker.on("message", () => received[i]++);
      await worker.subscribeAsync(filter, { qos: 1 });
    }
    for (let i = 0; i < 10; i++) await witness.publishAsync(names.request, "1", { qos: 1 });
    for (const worker of workers) await worker.unsubscribeAsync(filter);
    expect(received[0] + received[1]).toBe(10);
    expect(Math.min(...received)).toBeGreaterThan(0);
  });

  it("give a stranger in the workers' group nothing, but lose what was his turn", async () => {
    const filter = `$share/mpc/${names.request}`;
    const [worker, stranger] = await Promise.all(["mpc", "devices"].map(as));
    const received = { worker: 0, stranger: 0 };
    worker.on("message", () => received.worker++);
    stranger.on("message", () => received.stranger++);
    await worker.subscribeAsync(filter, { qos: 1 });
    await stranger.subscribeAsync(filter, { qos: 1 }).catch(() => undefined);
    for (let i = 0; i < 10; i++) await witness.publishAsync(names.request, "1", { qos: 1 });
    await worker.unsubscribeAsync(filter);
    await stranger.unsubscribeAsync(filter);
    // Half of them are gone: the core asks again (services/core/src/decision/workers.ts).
    expect(received).toEqual({ worker: 5, stranger: 0 });
  });

  it.each([
    ["nobody", {}],
    ["a wrong password", { username: "core", password: "guess" }],
    ["an unknown name", { username: "intruder", password: "guess" }],
  ])("do not let in %s", async (_, options) => {
    await expect(connect(options)).rejects.toThrow(/[Nn]ot authorized/);
  });

  /** Resolves when the witness has received all that was published before. */
  async function fence(): Promise<void> {
    const passed = new Promise<void>((resolve) => {
      const listen = (topic: string) => {
        if (topic !== "fence") return;
        witness.off("message", listen);
        resolve();
      };
      witness.on("message", listen);
    });
    await witness.publishAsync("fence", "", { qos: 1 });
    await passed;
  }
});

describe.skipIf(!hasMosquitto)(`a broker that many homes share, on a real Mosquitto${skip}`, () => {
  it("lets a home have its own root, and a fleet's worker the questions and answers of all", async () => {
    // Anonymous access leaves the names unproven, and the rules go by the name.
    const broker = await startMosquitto({
      files: { "fleet.acl": readFileSync(pathOf("mosquitto/fleet.acl"), "utf8") },
      config: (folder) => ["allow_anonymous true", `acl_file ${folder}/fleet.acl`],
    });
    const sites = ["attic", "barn"];
    const of = (topic: typeof topics.mpcRequest | typeof topics.mpcPlan) =>
      sites.map((site) => topicNameOf<Topic<string>>(topic, site, {}));
    const [requests, plans] = [of(topics.mpcRequest), of(topics.mpcPlan)];
    const own = (site: string) => [
      topicNameOf(topics.mpcRequest, site, {}),
      topicNameOf(topics.mpcPlan, site, {}),
      topicNameOf(topics.tariff, site, {}),
      topicNameOf(topics.status, site, { service: "mpc" }),
    ];
    const all = ["attic", "barn", "fleet"].flatMap(own);
    try {
      for (const [username, writes, reads] of [
        ["attic", own("attic"), own("attic")],
        ["barn", own("barn"), own("barn")],
        ["fleet", [...plans, ...own("fleet")], [...requests, ...own("fleet")]],
        ["", [], []],
      ] as const) {
        const client = await mqtt.connectAsync(broker.url, {
          protocolVersion: 5,
          reconnectPeriod: 0,
          ...(username && { username }),
        });
        const said: string[] = [];
        for (const topic of all) {
          const refused = await client.publishAsync(topic, "1", { qos: 1 }).catch((error: Error) => error);
          if (!(refused instanceof Error)) said.push(topic);
        }
        expect(said.sort()).toEqual([...writes].sort());

        const received = new Set<string>();
        client.on("message", (topic) => received.add(topic));
        await client.subscribeAsync("#", { qos: 1 });
        for (const speaker of ["attic", "barn", "fleet"]) {
          const other = await mqtt.connectAsync(broker.url, { protocolVersion: 5, username: speaker });
          for (const topic of all) await other.publishAsync(topic, "1", { qos: 1 }).catch(() => undefined);
          await other.endAsync();
        }
        await client.unsubscribeAsync("#");
        expect([...received].sort()).toEqual([...reads].sort());
        await client.endAsync();
      }
    } finally {
      await broker.stop();
    }
  });
});

describe.skipIf(!hasMosquitto || !hasOpenssl)(`the TLS listener, on a real Mosquitto${skip}`, () => {
  it("takes those who trust the home's authority, with their password", async () => {
    const home = createHome();
    home.makeCertificates();
    home.init();
    const port = await freePort();
    const listener = join(home.secrets, "mosquitto/listeners/tls.conf");
    chmodSync(listener, 0o600);
    writeFileSync(listener, adapted(readFileSync(listener, "utf8"), home).replace("8883", String(port)));
    const broker = await startMosquitto({ config: () => configuration(home) });
    const url = `mqtts://localhost:${port}`;
    const ca = readFileSync(join(home.broker, "certificates/ca.crt"));
    const username = "devices";
    const password = readFileSync(join(home.secrets, "accounts/devices"), "utf8");
    const connect = (options: IClientOptions) => mqtt.connectAsync(url, { reconnectPeriod: 0, ...options });
    try {
      const device = await connect({ ca, username, password });
      await device.publishAsync(names.metrics, '{"temperature":20}', { qos: 1 });
      await device.endAsync();
      await expect(connect({ username, password })).rejects.toThrow(/self-signed|unable to (get|verify)/);
      await expect(connect({ ca })).rejects.toThrow(/[Nn]ot authorized/);
    } finally {
      await broker.stop();
      home.remove();
    }
  });
});

/** mosquitto.conf with the paths of a home on this machine; port and log are the test's own. */
function configuration(home: Home): string[] {
  mkdirSync(join(home.secrets, "data"));
  return adapted(readFileSync(join(home.broker, "mosquitto.conf"), "utf8"), home)
    .split("\n")
    .filter((line) => !/^(#|listener |log_dest |set_tcp_nodelay |$)/.test(line));
}

function adapted(text: string, home: Home): string {
  return text
    .replaceAll("/mosquitto/secrets", join(home.secrets, "mosquitto"))
    .replaceAll("/mosquitto/data", join(home.secrets, "data"));
}
