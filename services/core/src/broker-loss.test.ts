import { once } from "node:events";
import { existsSync, readFileSync, watch } from "node:fs";
import { type Socket, connect as tcpConnect } from "node:net";
import { join } from "node:path";
import { type SensorMetrics, topics } from "@azru/contracts";
import { connect, createCommandGate, type Messenger, respond } from "@azru/messaging";
import { brokers, startMosquitto } from "@azru/messaging/testing";
import { type ServiceProcess, startService } from "@azru/runtime/testing";
import mqtt from "mqtt";
import { afterEach, describe, expect, test } from "vitest";
import type { Core } from "./core.ts";
import { collector } from "./testing/collector.ts";
import { flatPlan } from "./testing/plans.ts";
import {
  type Device,
  room,
  silent,
  startMs,
  startTestHome,
  stepMs,
  type TestHome,
} from "./testing/test-home.ts";

const mosquitto = brokers.find(({ protocolVersion }) => protocolVersion === 5)!;

describe.skipIf(!mosquitto.available)(`a home whose broker fails, on ${mosquitto.name}`, () => {
  const open: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });

  async function startHome(...how: Parameters<typeof startTestHome>): Promise<TestHome> {
    const home = await startTestHome(...how);
    open.push(home.stop);
    return home;
  }

  function endedAfterwards(service: ServiceProcess): ServiceProcess {
    open.push(async () => {
      service.kill("SIGKILL");
      await service.ended;
    });
    return service;
  }

  test.each(["wakes up", "is killed and started again"])(
    "a broker that stands still, every connection half-open, and %s: all come back, and no command takes effect twice",
    async (end) => {
      const home = await startHome(mosquitto, { keepalive_s: 1 });
      const device = await home.device();
      await home.optimiser(device.messenger);
      const { core, messenger } = await home.core({ mpcTimeout_ms: 600_000 });
      const decided = decisionsOf(core);
      expect(await device.decision(startMs)).toMatchObject({ source: "mpc" });

      const lost = Promise.all([
        connectionChange(messenger, false),
        connectionChange(device.messenger, false),
      ]);
      const { pid } = home.broker;
      process.kill(pid!, "SIGSTOP");
      // Its last messages go into a connection that nobody reads.
      const published = device.publish(startMs + stepMs, { temperature: 19.5 });
      await lost;
      expect(core.readiness()).toMatchObject({
        status: "not_ready",
        dependencies: { broker: { status: "down" } },
      });

      const back = Promise.all([connectionChange(messenger, true), connectionChange(device.messenger, true)]);
      if (end === "wakes up") process.kill(pid!, "SIGCONT");
      else {
        await home.broker.kill();
        await home.broker.restart();
      }
      await back;
      await published;
      expect(await device.decision(startMs + 2 * stepMs)).toMatchObject({ source: "mpc" });
      await core.idle();
      expect(core.readiness().status).toBe("ready");

      await deliverAgain(home, device);
      const accepted = acceptedBy(device, startMs + 2 * stepMs);
      expect(accepted).toEqual(decided.filter((id) => accepted.includes(id)));
      expect(accepted[0]).toBe(decided[0]);
      expect(accepted.at(-1)).toBe(core.state().decision?.id);
    },
  );

  test.each([
    // An orderly end publishes the last wills.
    ["SIGTERM", "offline", "no worker of the optimiser is online", "no worker of the optimiser is online"],
    ["SIGKILL", "online", "the optimiser did not answer within 3 s", "no worker of the optimiser answers"],
  ] as const)(
    "a broker that keeps its messages on disk, ended by %s: what is retained is there at once, and a worker that died meanwhile and is kept as %s is waited for once at most",
    async (signal, status, reason, laterReason) => {
      let folder = "";
      const persistent = {
        start: () =>
          startMosquitto({
            config(its) {
              folder = its;
              const save = ["autosave_on_changes true", "autosave_interval 1"];
              return ["persistence true", `persistence_location ${its}/`, ...save];
            },
          }),
      };
      const home = await startHome(persistent);
      const device = await home.device();
      const worker = await home.optimiser(device.messenger);
      const { core, messenger, stop } = await home.core({ mpcTimeout_ms: 600_000 });
      const decided = decisionsOf(core);
      expect(await device.decision(startMs)).toMatchObject({ source: "mpc" });
      await core.idle();
      if (signal === "SIGKILL") await saved(folder, ["home/tariff", "home/forecast", "home/sys/status/mpc"]);
      const lost = Promise.all([
        connectionChange(messenger, false),
        connectionChange(device.messenger, false),
      ]);
      const back = lost.then(() => device.messenger.whenConnected());
      await home.broker.kill(signal);
      await lost;
      await stop();
      worker.kill("SIGKILL");
      await worker.ended;
      await home.broker.restart();
      await back;

      // Neither core nor worker is there to publish it again.
      const late = connect({ url: home.broker.url, service: "late", log: silent });
      open.push(() => late.close());
      const kept = collector<string>();
      late.subscribe(topics.tariff, ({ retained }) => kept.push(`tariff ${retained}`));
      late.subscribe(topics.forecast, ({ retained }) => kept.push(`forecast ${retained}`));
      late.subscribe(topics.status, ({ payload }) => kept.push(`mpc ${payload}`), {
        params: { service: "mpc" },
      });
      await Promise.all(
        ["tariff true", "forecast true", `mpc ${status}`].map((one) => kept.next((has) => has === one, 0)),
      );

      const again = await home.core({ mpcTimeout_ms: 3_000 });
      decisionsOf(again.core, decided);
      const reasonAt = async (timeMs: number) => {
        expect(await device.decision(timeMs)).toMatchObject({ source: "failsafe" });
        await again.core.idle();
        return again.core.state().failsafe.reason;
      };
      expect(await reasonAt(startMs + stepMs)).toContain(reason);
      expect(again.core.readiness().dependencies.mpc.status).toBe("down");
      expect(await reasonAt(startMs + 2 * stepMs)).toContain(laterReason);
      const optimised = device.commands.next(({ source }) => source === "mpc");
      await home.optimiser(device.messenger);
      await optimised;
      await again.core.idle();
      expect(again.core.state().decision?.cause).toBe("the optimiser is back");
      expect(again.core.readiness().status).toBe("ready");

      await deliverAgain(home, device);
      const accepted = acceptedBy(device, startMs + 2 * stepMs);
      expect(accepted).toEqual(decided.filter((id) => accepted.includes(id)));
      expect(accepted.at(-1)).toBe(again.core.state().decision?.id);
    },
  );

  test("a subscriber that never reads costs the broker's messages to itself, and nobody else's", async () => {
    const home = await startHome({ start: () => startMosquitto({ config: () => ["sys_interval 1"] }) });
    const device = await home.device();
    respond(device.messenger, topics.mpcRequest, topics.mpcPlan, ({ id, start }) =>
      flatPlan({ id, startMs: Date.parse(start) }),
    );
    await home.core({ mpcTimeout_ms: 600_000 });
    const mute = await subscriberThatNeverReads(home.broker.port);
    open.push(async () => mute.destroy());

    const reader = await mqtt.connectAsync(home.broker.url);
    open.push(() => reader.endAsync(true));
    const received = collector<number>();
    const dropped = collector<number>();
    reader.on("message", (name, bytes) => {
      if (name.startsWith("$SYS")) dropped.push(Number(bytes.toString()));
      else received.push(Number(bytes.toString().trim()));
    });
    await reader.subscribeAsync(["load", "$SYS/broker/publish/messages/dropped"], { qos: 1 });
    const writer = await mqtt.connectAsync(home.broker.url);
    open.push(() => writer.endAsync(true));
    const count = 20_000;
    const batch = 100;
    for (let first = 0; first < count; first += batch) {
      const come = received.next((n) => n === first + batch - 1);
      for (let n = first; n < first + batch; n++) writer.publish("load", String(n).padEnd(400), { qos: 1 });
      await come;
      if (first % 5_000 === 0) {
        expect(await device.decision(startMs + (first / 5_000) * stepMs)).toMatchObject({ source: "mpc" });
      }
    }
    expect(received.all).toEqual(Array.from({ length: count }, (_, n) => n));
    await dropped.next((messages) => messages > count / 2, 0);
    expect(mute.destroyed).toBe(false);
  });

  test("the twin's valve takes its safe position when the core is gone, and follows the next one", async () => {
    const home = await startHome(mosquitto);
    const watcher = connect({ url: home.broker.url, service: "watcher", log: silent });
    open.push(() => watcher.close());
    const measured = collector<SensorMetrics>();
    await watcher.subscribe(topics.sensorMetrics, ({ payload }) => measured.push(payload)).active;
    respond(watcher, topics.mpcRequest, topics.mpcPlan, ({ id, start }) =>
      flatPlan({ id, startMs: Date.parse(start), valve_position: 40 }),
    );
    const at = (position: number) => measured.next(({ valve_position }) => valve_position === position);
    const first = await home.core();
    const accepted = at(40);
    const twin = endedAfterwards(
      startService(new URL("../../sensor-simulator/src/main.ts", import.meta.url), {
        MQTT_URL: home.broker.url,
        AZRU_ROOM: room,
        AZRU_START: new Date(startMs).toISOString(),
        AZRU_SPEED: "1800",
        AZRU_VALVE_TIMEOUT_MINUTES: "30",
        AZRU_VALVE_SAFE_POSITION: "25",
      }),
    );
    await accepted;
    const safe = at(25);
    await first.stop();
    await safe;
    const acceptedAgain = at(40);
    await home.core();
    await acceptedAgain;
    twin.kill("SIGTERM");
    await twin.ended;
    expect(twin.log).toContainEqual(
      expect.objectContaining({ msg: "valve takes its safe position", reason: "no command for too long" }),
    );
  });
});

/** Ids of the decisions from now on, in their order. */
function decisionsOf(core: Core, ids: (string | undefined)[] = []): (string | undefined)[] {
  core.events.listen(({ event, data }) => {
    if (event === "decision") ids.push(data.id);
  });
  return ids;
}

/** The last command comes once more, as from a broker that did not learn that it had arrived. */
async function deliverAgain({ broker }: TestHome, { commands }: Device): Promise<void> {
  const { all } = commands;
  const before = all.length;
  const again = await mqtt.connectAsync(broker.url);
  await again.publishAsync(`home/${room}/valve/set`, JSON.stringify(all.at(-1)), { qos: 1 });
  await commands.next(() => true, before);
  await again.endAsync();
  expect(all.at(-1)?.id).toBe(all[before - 1].id);
}

/** Ids of what a valve accepts that judges its commands as the twin's does. */
function acceptedBy({ commands }: Device, nowMs: number): (string | undefined)[] {
  const gate = createCommandGate({ maxAge_ms: 3_600_000 });
  return commands.all.filter((command) => gate.judge(command, nowMs) === "accepted").map(({ id }) => id);
}

/** Resolves when the broker's file holds messages of these topics. */
function saved(folder: string, names: readonly string[]): Promise<void> {
  const path = join(folder, "mosquitto.db");
  return new Promise((resolve) => {
    const check = () => {
      const content = existsSync(path) ? readFileSync(path, "latin1") : "";
      if (!names.every((name) => content.includes(name))) return;
      changes.close();
      resolve();
    };
    const changes = watch(folder, check);
    check();
  });
}

function connectionChange(messenger: Messenger, wanted: boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = messenger.onConnectionChange((connected) => {
      if (connected !== wanted) return;
      stop();
      resolve();
    });
  });
}

/** A client of MQTT 3.1.1 that listens to everything and reads no byte of it after the broker's consent. */
async function subscriberThatNeverReads(port: number): Promise<Socket> {
  const socket = tcpConnect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  const connectPacket = [0x10, 16, 0, 4, ...Buffer.from("MQTT"), 4, 2, 0, 0, 0, 4, ...Buffer.from("mute")];
  const subscribePacket = [0x82, 6, 0, 1, 0, 1, ...Buffer.from("#"), 1];
  for (const packet of [connectPacket, subscribePacket]) {
    socket.write(Buffer.from(packet));
    await once(socket, "data");
  }
  socket.pause();
  return socket;
}
