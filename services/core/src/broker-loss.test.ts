import { once } from "node:events";
import { type Socket, connect as tcpConnect } from "node:net";
import { type SensorMetrics, topics } from "@azru/contracts";
import { connect, createCommandGate, type Messenger, respond } from "@azru/messaging";
import { brokers, startMosquitto } from "@azru/messaging/testing";
import { type ServiceProcess, startService } from "@azru/runtime/testing";
import mqtt from "mqtt";
import { afterEach, describe, expect, test } from "vitest";
import { collector } from "./testing/collector.ts";
import { flatPlan } from "./testing/plans.ts";
import {
  type Device,
  room,
  silent,
  startMs,
  startOptimiser,
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

  async function startWorker(home: TestHome, { messenger }: Device): Promise<ServiceProcess> {
    const online = collector<string>();
    const watching = messenger.subscribe(
      topics.status,
      ({ payload, retained }) => {
        // What a broker kept may be from a worker that is long dead.
        if (!retained) online.push(payload);
      },
      { params: { service: "mpc" } },
    );
    await watching.active;
    const worker = endedAfterwards(startOptimiser(home.broker.url));
    await online.next((status) => status === "online", 0);
    watching.close();
    return worker;
  }

  test.each(["wakes up", "is killed and started again"])(
    "a broker that stands still, every connection half-open, and %s: all come back, and no command takes effect twice",
    async (end) => {
      const home = await startHome(mosquitto, { keepalive_s: 1 });
      const device = await home.device();
      await startWorker(home, device);
      const { core, messenger } = await home.core({ mpcTimeout_ms: 600_000 });
      expect(await device.decision(startMs)).toMatchObject({ source: "mpc" });

      const lost = Promise.all([
        connectionChange(messenger, false),
        connectionChange(device.messenger, false),
      ]);
      const { pid } = home.broker;
      process.kill(pid!, "SIGSTOP");
      // Its last messages go into a connection that nobody reads.
      const told = device.tell(startMs + stepMs, { temperature: 19.5 });
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
      await told;
      expect(await device.decision(startMs + 2 * stepMs)).toMatchObject({ source: "mpc" });
      await core.idle();
      expect(core.readiness().status).toBe("ready");

      const gate = createCommandGate({ maxAge_ms: 3_600_000 });
      const obeyed = device.commands.all.filter(
        (command) => gate.judge(command, startMs + 2 * stepMs) === "obeyed",
      );
      const ids = obeyed.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(obeyed.at(-1)).toMatchObject({ source: "mpc", sim_time: expect.stringContaining("05:30") });
    },
  );

  test("a broker that keeps its messages on disk, ended by SIGTERM: what is retained is there at once, and a worker that died meanwhile does not stop the decisions", async () => {
    const persistent = {
      start: () =>
        startMosquitto({
          config: (folder) => ["persistence true", `persistence_location ${folder}/`],
        }),
    };
    const home = await startHome(persistent);
    const device = await home.device();
    const worker = await startWorker(home, device);
    const { core, messenger, stop } = await home.core({ mpcTimeout_ms: 1_000 });
    await device.decision(startMs);
    await core.idle();
    const lost = Promise.all([connectionChange(messenger, false), connectionChange(device.messenger, false)]);
    const back = lost.then(() => device.messenger.whenConnected());
    await home.broker.kill("SIGTERM");
    await lost;
    await stop();
    worker.kill("SIGKILL");
    await worker.ended;
    await home.broker.restart();
    await back;

    // Neither core nor worker is there to tell it again.
    const late = connect({ url: home.broker.url, service: "late", log: silent });
    open.push(() => late.close());
    const kept = collector<string>();
    late.subscribe(topics.tariff, ({ retained }) => kept.push(`tariff ${retained}`));
    late.subscribe(topics.forecast, ({ retained }) => kept.push(`forecast ${retained}`));
    await Promise.all(["tariff true", "forecast true"].map((one) => kept.next((has) => has === one, 0)));

    const again = await home.core({ mpcTimeout_ms: 1_000 });
    expect(await device.decision(startMs + stepMs)).toMatchObject({ source: "failsafe" });
    await again.core.idle();
    expect(again.core.state().failsafe.active).toBe(true);
    await startWorker(home, device);
    let step = 1;
    do step++;
    while ((await device.decision(startMs + step * stepMs)).source !== "mpc");
    const gate = createCommandGate({ maxAge_ms: 3_600_000 });
    const ids = device.commands.all
      .filter((command) => gate.judge(command, startMs + step * stepMs) === "obeyed")
      .map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

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

  test("the twin's valve takes its safe position when the core is gone, and obeys the next one", async () => {
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
    const obeyed = at(40);
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
    await obeyed;
    const safe = at(25);
    await first.stop();
    await safe;
    const obeyedAgain = at(40);
    await home.core();
    await obeyedAgain;
    twin.kill("SIGTERM");
    await twin.ended;
    expect(twin.log).toContainEqual(
      expect.objectContaining({ msg: "valve takes its safe position", reason: "no command for too long" }),
    );
  });
});

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
