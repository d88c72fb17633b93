import { once } from "node:events";
import { type AddressInfo, createServer, type Socket, connect as tcpConnect } from "node:net";
import { type SensorMetrics, topics } from "@azru/contracts";
import { Aedes } from "aedes";
import mqtt, { type MqttClient } from "mqtt";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connect } from "./broker-messenger.ts";
import { type Messenger, type MessengerOptions, SubscriptionRefusedError } from "./messenger.ts";
import { brokers, startMosquitto, type TestBroker } from "./testing.ts";

interface Line {
  readonly level: string;
  readonly details: Record<string, unknown>;
  readonly message: string;
}

/** Everything that a test opened, closed after it in reverse order. */
const open: (() => Promise<unknown>)[] = [];
const lines: Line[] = [];
const record = (level: string) => (details: object, message: string) => {
  lines.push({ level, details: details as Record<string, unknown>, message });
};
const log = { debug: record("debug"), info: record("info"), warn: record("warn"), error: record("error") };

function messengerOn(broker: { url: string }, options: Partial<MessengerOptions> = {}): Messenger {
  const messenger = connect({
    url: broker.url,
    service: "core",
    log,
    reconnectMin_ms: 20,
    reconnectMax_ms: 40,
    ...options,
  });
  open.push(() => messenger.close());
  return messenger;
}

async function connected(
  broker: { url: string },
  options: Partial<MessengerOptions> = {},
): Promise<Messenger> {
  const messenger = messengerOn(broker, options);
  await messenger.whenConnected();
  return messenger;
}

/** A bare client, as a foreign device would be. */
async function device(broker: TestBroker, options: mqtt.IClientOptions = {}): Promise<MqttClient> {
  const client = await mqtt.connectAsync(broker.url, { protocolVersion: 4, reconnectPeriod: 0, ...options });
  client.on("error", () => undefined);
  open.push(() => client.endAsync(true));
  return client;
}

/** The messages that arrive, each awaited in turn. */
function queue<T>() {
  const arrived: T[] = [];
  const waiting: ((value: T) => void)[] = [];
  return {
    push(value: T) {
      const next = waiting.shift();
      if (next) next(value);
      else arrived.push(value);
    },
    next(): Promise<T> {
      if (arrived.length > 0) return Promise.resolve(arrived.shift()!);
      return new Promise((resolve) => waiting.push(resolve));
    },
    get unread() {
      return arrived.length;
    },
  };
}

function nextMessage(client: MqttClient): Promise<string> {
  return new Promise((resolve) => client.once("message", (_, payload) => resolve(payload.toString())));
}

async function statusesOf(broker: TestBroker, service: string) {
  const client = await device(broker);
  const statuses = queue<{ status: string; retained: boolean }>();
  client.on("message", (_, payload, packet) =>
    statuses.push({ status: payload.toString(), retained: packet.retain }),
  );
  await client.subscribeAsync(`home/sys/status/${service}`);
  return statuses;
}

function connectionChange(messenger: Messenger, wanted: boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = messenger.onConnectionChange((state) => {
      if (state !== wanted) return;
      stop();
      resolve();
    });
  });
}

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
  lines.length = 0;
});

for (const kind of brokers) {
  describe.skipIf(!kind.available)(`messenger on ${kind.name}`, () => {
    let broker: TestBroker;
    beforeEach(async () => {
      broker = await kind.start();
      const { stop } = broker;
      open.push(stop);
    });

    it("speaks the newest protocol that the broker knows", async () => {
      const messenger = await connected(broker);
      expect(messenger.protocolVersion).toBe(kind.protocolVersion);
      expect(messenger.metrics()).toMatchObject({ connected: true, connections: 1 });
    });

    it("carries typed messages between services", async () => {
      const core = await connected(broker);
      const twin = await connected(broker, { service: "twin" });
      const measured = queue<{
        room: string;
        payload: SensorMetrics;
        retained: boolean;
        receivedAtMs: number;
      }>();
      await core.subscribe(topics.sensorMetrics, ({ params, payload, retained, receivedAtMs }) =>
        measured.push({ room: params.room, payload, retained, receivedAtMs }),
      ).active;
      expect(
        await twin.publish(topics.sensorMetrics, { room: "bath" }, { temperature: 20.5, battery: 80 }),
      ).toBe("sent");
      const { receivedAtMs, ...rest } = await measured.next();
      expect(rest).toEqual({ room: "bath", payload: { temperature: 20.5, battery: 80 }, retained: false });
      expect(Math.abs(receivedAtMs - Date.now())).toBeLessThan(60_000);
      expect(core.metrics().topics.sensorMetrics).toMatchObject({ received: 1, rejected: 0 });
      expect(twin.metrics().topics.sensorMetrics).toMatchObject({ published: 1 });
    });

    it("receives from every site where asked to, and publishes to one of them alone", async () => {
      const [attic, barn] = await Promise.all(
        ["attic", "barn"].map((site) => connected(broker, { site, service: "core" })),
      );
      const worker = await connected(broker, { site: "fleet", service: "mpc" });
      const answered = queue<string>();
      for (const home of [attic, barn]) {
        await home.subscribe(topics.clock, ({ payload }) => answered.push(`${home.site} ${payload}`)).active;
      }
      const own = queue<string>();
      await worker.subscribe(topics.clock, ({ site }) => own.push(site)).active;
      const rooms = queue<string>();
      await worker.subscribe(
        topics.sensorMetrics,
        async ({ site, params }) => {
          rooms.push(`${site} ${params.room}`);
          await worker.publish(topics.clock, {}, "2026-01-11T00:00:00Z", site);
        },
        { everySite: true },
      ).active;

      await barn.publish(topics.sensorMetrics, { room: "bath" }, { temperature: 20 });
      expect(await rooms.next()).toBe("barn bath");
      expect(await answered.next()).toBe("barn 2026-01-11T00:00:00Z");
      await attic.publish(topics.sensorMetrics, { room: "loft" }, { temperature: 20 });
      expect(await rooms.next()).toBe("attic loft");
      expect(await answered.next()).toBe("attic 2026-01-11T00:00:00Z");
      await worker.publish(topics.clock, {}, "2026-01-12T00:00:00Z");
      expect(await own.next()).toBe("fleet");
      expect([answered.unread, rooms.unread, own.unread]).toEqual([0, 0, 0]);
      await expect(worker.publish(topics.clock, {}, "2026-01-12T00:00:00Z", "+")).rejects.toThrow(RangeError);
    });

    it("listens to one room only where asked to", async () => {
      const core = await connected(broker);
      const commands = queue<number>();
      const bath = core.subscribe(topics.valveSet, ({ payload }) => commands.push(payload.valve_position), {
        params: { room: "bath" },
      });
      await bath.active;
      await core.publish(topics.valveSet, { room: "kitchen" }, { valve_position: 10, source: "mpc" });
      await core.publish(topics.valveSet, { room: "bath" }, { valve_position: 20, source: "mpc" });
      expect(await commands.next()).toBe(20);
      expect(commands.unread).toBe(0);
    });

    it("keeps state for those who come later, and receives no more after closing a subscription", async () => {
      const core = await connected(broker);
      await core.publish(topics.clock, {}, "2026-02-01T06:00:00Z");
      await core.publish(topics.tariff, {}, tariff("tempo"));
      const late = await connected(broker, { service: "late" });
      const tariffs = queue<{ tariff: string; retained: boolean }>();
      const subscription = late.subscribe(topics.tariff, ({ payload, retained }) =>
        tariffs.push({ tariff: payload.tariff, retained }),
      );
      expect(await tariffs.next()).toEqual({ tariff: "tempo", retained: true });
      subscription.close();
      const clock = queue<string>();
      await late.subscribe(topics.clock, ({ payload }) => clock.push(payload)).active;
      await core.publish(topics.tariff, {}, tariff("peak"));
      await core.publish(topics.clock, {}, "2026-02-01T06:15:00Z");
      expect(await clock.next()).toBe("2026-02-01T06:15:00Z");
      expect(tariffs.unread).toBe(0);
    });

    it("drops, counts and reports what is not a valid message, once a minute", async () => {
      const core = await connected(broker);
      const measured = queue<number>();
      await core.subscribe(topics.sensorMetrics, ({ payload }) => measured.push(payload.temperature)).active;
      const sensor = await device(broker);
      const bad = [
        "",
        "not json",
        "null",
        '{"temperature":4000}',
        '{"temperature":"warm"}',
        '{"temperature":1e999}',
        Buffer.from([0xff, 0xfe]),
        Buffer.alloc(2_000_000, " "),
      ];
      for (const payload of bad) await sensor.publishAsync("home/sensors/bath/metrics", payload, { qos: 1 });
      await sensor.publishAsync("home/sensors/bath/metrics", '{"temperature":20}', { qos: 1 });
      expect(await measured.next()).toBe(20);
      expect(core.metrics().topics.sensorMetrics).toMatchObject({ received: 1, rejected: bad.length });
      const reports = lines.filter((line) => line.message === "message dropped");
      expect(reports).toHaveLength(1);
      expect(reports[0]).toMatchObject({ level: "warn", details: { topic: "home/sensors/bath/metrics" } });
      expect(reports[0].details.reason).toContain("sensors/:room/metrics must be JSON");
    });

    it("counts and reports bad fields that it leaves out, and rooms whose name is none", async () => {
      const core = await connected(broker);
      const measured = queue<object>();
      await core.subscribe(topics.sensorMetrics, ({ payload }) => measured.push(payload)).active;
      const sensor = await device(broker);
      const said = '{"temperature":20,"battery":255,"power_consumption":-3}';
      await sensor.publishAsync("home/sensors/sa*lon/metrics", said, { qos: 1 });
      await sensor.publishAsync("home/sensors/Chambre d'amis/metrics", said, { qos: 1 });
      expect(await measured.next()).toEqual({ temperature: 20 });
      const { received, rejected, fieldsLeftOut } = core.metrics().topics.sensorMetrics;
      expect({ received, rejected, fieldsLeftOut }).toEqual({ received: 1, rejected: 1, fieldsLeftOut: 2 });
      expect(lines.filter(({ level }) => level === "warn").map(({ details }) => details)).toEqual([
        {
          topic: "home/sensors/sa*lon/metrics",
          reason: expect.stringMatching(/^room must be 1 to 64 letters/),
        },
        {
          topic: "home/sensors/Chambre d'amis/metrics",
          fields: ["power_consumption", "battery"],
          reason: expect.stringContaining("battery must be <= 100, got 255"),
        },
      ]);
    });

    it("survives handlers that throw or reject", async () => {
      const core = await connected(broker);
      const received = queue<string>();
      core.subscribe(topics.clock, () => {
        throw new Error("broken");
      });
      core.subscribe(topics.clock, async () => Promise.reject(new Error("broken later")));
      await core.subscribe(topics.clock, ({ payload }) => received.push(payload)).active;
      await core.publish(topics.clock, {}, "2026-02-01T06:00:00Z");
      await core.publish(topics.clock, {}, "2026-02-01T06:15:00Z");
      await received.next();
      await received.next();
      await core.publish(topics.tariff, {}, tariff("tempo"));
      expect(core.metrics().topics.clock).toMatchObject({ received: 2, failed: 4 });
      expect(lines.filter((line) => line.message === "handler of sys/clock failed")).toHaveLength(1);
    });

    it("refuses to send what its topic does not allow", async () => {
      const core = await connected(broker);
      await expect(
        core.publish(topics.valveSet, { room: "bath" }, { valve_position: 120, source: "mpc" }),
      ).rejects.toThrow(":room/valve/set.valve_position must be <= 100, got 120");
      await expect(
        core.publish(topics.valveSet, { room: "a/b" }, { valve_position: 1, source: "mpc" }),
      ).rejects.toThrow("room must be");
      expect(core.metrics().topics.valveSet?.published ?? 0).toBe(0);
    });

    it("says online, and offline when it leaves, falls silent or is killed", async () => {
      const statuses = await statusesOf(broker, "core");
      const core = await connected(broker);
      expect(await statuses.next()).toEqual({ status: "online", retained: false });
      await core.close();
      expect(await statuses.next()).toEqual({ status: "offline", retained: false });
      expect(core.connected).toBe(false);

      const proxy = await proxyTo(broker.port);
      await connected({ url: proxy.url });
      expect((await statuses.next()).status).toBe("online");
      proxy.cut();
      expect((await statuses.next()).status).toBe("offline");
      expect((await statuses.next()).status).toBe("online");
      const late = await statusesOf(broker, "core");
      expect(await late.next()).toEqual({ status: "online", retained: true });
    });

    it("stands as online although an older session of its own dies later", async () => {
      const will = {
        topic: "home/sys/status/core",
        payload: Buffer.from("offline"),
        qos: 1,
        retain: true,
      } as const;
      await device(broker, { clientId: "home-core", will });
      await connected(broker);
      const late = await statusesOf(broker, "core");
      const fence = await device(broker);
      await fence.subscribeAsync("fence");
      const passed = nextMessage(fence);
      await fence.publishAsync("fence", "", { qos: 1 });
      await passed;
      expect((await late.next()).status).toBe("online");
      expect(late.unread).toBe(0);
    });

    it("comes back by itself after the broker was killed: listens, announces, sends what waited", async () => {
      const core = await connected(broker);
      const twin = await connected(broker, { service: "twin" });
      const measured = queue<number>();
      const accepted = queue<number>();
      await core.subscribe(topics.sensorMetrics, ({ payload }) => measured.push(payload.temperature)).active;
      await twin.subscribe(topics.valveSet, ({ payload }) => accepted.push(payload.valve_position)).active;

      const lost = Promise.all([connectionChange(core, false), connectionChange(twin, false)]);
      await broker.kill();
      await lost;
      expect(core.connected).toBe(false);
      expect(await twin.publish(topics.sensorMetrics, { room: "bath" }, { temperature: 1 })).toBe("dropped");
      expect(
        await core.publish(topics.valveSet, { room: "bath" }, { valve_position: 10, source: "mpc" }),
      ).toBe("waiting");
      expect(
        await core.publish(topics.valveSet, { room: "bath" }, { valve_position: 30, source: "mpc" }),
      ).toBe("waiting");
      // The twin may return after the core: what the core sends then is not for the twin's ears any more.
      const back = Promise.all([core.whenConnected(), twin.whenConnected()]);
      await broker.restart();
      await back;

      await twin.publish(topics.sensorMetrics, { room: "bath" }, { temperature: 21 });
      expect(await measured.next()).toBe(21);
      await core.publish(topics.valveSet, { room: "bath" }, { valve_position: 50, source: "mpc" });
      const positions = [await accepted.next()];
      while (positions.at(-1) !== 50) positions.push(await accepted.next());
      expect(positions).not.toContain(10);
      const statuses = await statusesOf(broker, "core");
      expect(await statuses.next()).toEqual({ status: "online", retained: true });
      expect(core.metrics()).toMatchObject({ connected: true, connections: 2 });
      expect(core.metrics().topics.valveSet).toMatchObject({ published: 2, superseded: 1, dropped: 0 });
      expect(twin.metrics().topics.sensorMetrics).toMatchObject({ published: 1, dropped: 1 });
    });

    it("sends on return the latest of what waited, to a listener that was there first", async () => {
      const core = messengerOn({ url: broker.url });
      await core.whenConnected();
      const lost = connectionChange(core, false);
      await broker.kill();
      await lost;
      for (const tariffName of ["a", "b", "c"]) await core.publish(topics.tariff, {}, tariff(tariffName));
      await core.publish(topics.valveSet, { room: "bath" }, { valve_position: 30, source: "mpc" });
      await broker.restart();
      await core.whenConnected();
      const late = await device(broker);
      const kept = nextMessage(late);
      await late.subscribeAsync("home/tariff");
      expect(JSON.parse(await kept).tariff).toBe("c");
      expect(core.metrics().topics.tariff).toMatchObject({ published: 1, superseded: 2 });
    });

    it("waits for a broker that is not there yet", async () => {
      await broker.kill();
      const core = messengerOn(broker);
      const received = queue<string>();
      core.subscribe(topics.clock, ({ payload }) => received.push(payload));
      await expect(core.whenConnected(AbortSignal.timeout(100))).rejects.toThrow("timeout");
      const back = core.whenConnected();
      await broker.restart();
      await back;
      await core.publish(topics.clock, {}, "2026-02-01T06:00:00Z");
      expect(await received.next()).toBe("2026-02-01T06:00:00Z");
    });

    it("notices a connection that is dead at the other end", async () => {
      const proxy = await proxyTo(broker.port);
      const core = await connected(proxy, { keepalive_s: 1 });
      const lost = connectionChange(core, false);
      proxy.freeze();
      await lost;
      proxy.thaw();
      await core.whenConnected();
      expect(core.metrics().connections).toBe(2);
    });

    it("closes although the broker is gone or mute", async () => {
      const proxy = await proxyTo(broker.port);
      const core = await connected(proxy);
      proxy.freeze();
      await core.close();
      expect(core.connected).toBe(false);
      expect(await core.publish(topics.clock, {}, "2026-02-01T06:00:00Z")).toBe("dropped");
      await broker.kill();
      const never = messengerOn(broker);
      await never.close();
      expect(never.connected).toBe(false);
    });
  });
}

it("reports a subscription that the broker refuses, and keeps the others", async () => {
  const aedes = await Aedes.createBroker({
    authorizeSubscribe: (_, subscription, done) =>
      done(null, subscription.topic === "home/sys/clock" ? null : subscription),
  });
  const server = createServer(aedes.handle).listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push(() => new Promise((resolve) => aedes.close(() => server.close(resolve))));
  const core = await connected({ url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}` });

  const refused = core.subscribe(topics.clock, () => undefined);
  await expect(refused.active).rejects.toThrow(SubscriptionRefusedError);
  expect(lines).toContainEqual(
    expect.objectContaining({ level: "error", message: "broker refuses the subscription" }),
  );
  const measured = queue<number>();
  await core.subscribe(topics.sensorMetrics, ({ payload }) => measured.push(payload.temperature)).active;
  await core.publish(topics.sensorMetrics, { room: "bath" }, { temperature: 20 });
  expect(await measured.next()).toBe(20);
});

describe.skipIf(!brokers[1].available)(`messenger on ${brokers[1].name} with accounts`, () => {
  it("keeps asking when the password is wrong, without logging it", async () => {
    const broker = await startMosquitto({ config: () => ["allow_anonymous false"] });
    open.push(broker.stop);
    const core = messengerOn(broker, { username: "core", password: "hunter2" });
    await expect(core.whenConnected(AbortSignal.timeout(300))).rejects.toThrow();
    expect(core.connected).toBe(false);
    const warnings = lines.filter((line) => line.message === "broker connection failed");
    expect(warnings).toHaveLength(1);
    expect(String(warnings[0].details.reason)).toContain("Not authorized");
    expect(JSON.stringify(lines)).not.toContain("hunter2");
  });
});

it("refuses a service that is no topic level", () => {
  expect(() => connect({ url: "mqtt://127.0.0.1:1", service: "a/b", log })).toThrow(/^service must be/);
});

function tariff(name: string) {
  const day = { date: "2026-02-01", peak_price: 0.2, off_peak_price: 0.1 };
  return {
    issued_at: "2026-02-01T06:00:00Z",
    tariff: name,
    source: "test",
    today: day,
    tomorrow: day,
    rates: [],
  };
}

/** A network between client and broker that can be cut (both ends notice) or frozen (nobody notices). */
async function proxyTo(port: number) {
  const pairs = new Set<[Socket, Socket]>();
  let frozen = false;
  const server = createServer((inner) => {
    const outer = tcpConnect(port, "127.0.0.1");
    const pair: [Socket, Socket] = [inner, outer];
    pairs.add(pair);
    for (const socket of pair) {
      socket.on("error", () => undefined);
      socket.on("close", () => {
        if (!frozen) for (const other of pair) other.destroy();
      });
    }
    if (frozen) return;
    inner.pipe(outer);
    outer.pipe(inner);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  open.push(async () => {
    frozen = false;
    cut();
    const closed = once(server, "close");
    server.close();
    await closed;
  });
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    freeze() {
      frozen = true;
      for (const [inner, outer] of pairs) {
        inner.unpipe(outer);
        outer.unpipe(inner);
        inner.pause();
        outer.pause();
      }
    },
    thaw() {
      frozen = false;
    },
  };
}
