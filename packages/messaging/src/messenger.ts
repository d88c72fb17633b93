/** A service's place on the broker: typed topics in and out, for as long as it takes. */
import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import {
  anySite,
  defaultSite,
  instanceTopic,
  type Topic,
  type TopicParams,
  type TopicPayload,
  topicFilterOf,
  topicNameOf,
  topics,
} from "@azru/contracts";
import mqtt, { ErrorWithSubackPacket, type IClientOptions, type IConnackPacket } from "mqtt";
import { Counts, type TopicCounts } from "./counts.ts";
import { type Deferred, deferred } from "./deferred.ts";
import { type Log, ThrottledLog } from "./log.ts";
import { encode } from "./message.ts";
import { Outbox, type Waiting } from "./outbox.ts";
import { reconnectPauses } from "./reconnect-pauses.ts";
import { Lookout, sessionTakenOver } from "./rival.ts";
import {
  type InvalidMessageHandler,
  type Listener,
  type MessageHandler,
  Subscriptions,
} from "./subscriptions.ts";

export interface MessengerOptions {
  /** `mqtt://host:port` or `mqtts://host:port`. */
  readonly url: string;
  /** Name of the status topic and, with the site, of the client; one per process. */
  readonly service: string;
  readonly site?: string;
  readonly log: Log;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Certificate authority of an `mqtts` broker, PEM. */
  readonly ca?: string | Buffer | undefined;
  readonly clientId?: string;
  /** Only one process at a time may be this service: where another takes its place, it stands by until that one leaves. */
  readonly isOnly?: boolean;
  /** A silent broker is given up after 1.5 times this; 15 s by default. */
  readonly keepalive_s?: number;
  /** First pause before reconnecting; doubles up to the maximum, with jitter. 500 ms and 30 s by default. */
  readonly reconnectMin_ms?: number;
  readonly reconnectMax_ms?: number;
  /** Wall clock, for `receivedAtMs`. */
  readonly now?: () => number;
}

/** What became of a message: handed over, kept until the broker is back, or given up and counted. */
export type Delivery = "sent" | "waiting" | "dropped";

export interface SubscribeOptions<T extends Topic> {
  /** Only these; parameters left out match anything. */
  readonly params?: Partial<TopicParams<T>>;
  /**
   * Members of a group share the messages where the broker can (MQTT 5 `$share`); elsewhere each member gets
   * all of them.
   */
  readonly group?: string;
  /** Of every site on the broker, not of ours alone. */
  readonly everySite?: boolean;
  /** For who can make something of a message that is none. */
  readonly onInvalid?: InvalidMessageHandler;
}

export interface Subscription {
  /** Settles with the broker's first answer; rejects with `SubscriptionRefusedError`. */
  readonly active: Promise<void>;
  close(): void;
}

/** Another process is the same service of the same site. */
export interface Rival {
  readonly sinceMs: number; // wall time
  /** In words. */
  readonly reason: string;
}

export interface MessagingMetrics {
  readonly connected: boolean;
  /** How often another process took our place. */
  readonly takenOver: number;
  /** How often a connection came about. */
  readonly connections: number;
  /** By kind of topic. */
  readonly topics: Readonly<Record<string, Readonly<TopicCounts>>>;
}

export interface Messenger {
  readonly site: string;
  readonly connected: boolean;
  /** Who has taken our place on the broker; undefined where nobody has. */
  readonly rival: Rival | undefined;
  /** Protocol in use: 5, or 4 for MQTT 3.1.1. */
  readonly protocolVersion: 4 | 5;
  /**
   * Sends a message. While the broker is away, topics that keep the `latest` wait for it, one message a topic
   * name; others are dropped and counted. Transport problems never reject.
   *
   * @param site another site than ours that the message is for
   * @throws InvalidMessageError when the payload does not fit the topic
   * @throws RangeError when a parameter or the site is no safe topic level
   */
  publish<T extends Topic>(
    topic: T,
    params: TopicParams<T>,
    payload: TopicPayload<T>,
    site?: string,
  ): Promise<Delivery>;
  /** Listens; survives reconnections. A message that does not fit the topic is counted, logged and dropped. */
  subscribe<T extends Topic>(
    topic: T,
    handler: MessageHandler<T>,
    options?: SubscribeOptions<T>,
  ): Subscription;
  /** Resolves once connected, subscribed and announced; at once where that is so. Rejects with the signal's reason. */
  whenConnected(signal?: AbortSignal): Promise<void>;
  /** Tells each change: true when connected, subscribed and announced, false when the connection is lost. */
  onConnectionChange(listener: (connected: boolean) => void): () => void;
  metrics(): MessagingMetrics;
  /** Announces `offline`, disconnects, ends all subscriptions. Takes at most two seconds. */
  close(): Promise<void>;
}

/** The broker does not let us listen. */
export class SubscriptionRefusedError extends Error {
  override readonly name = "SubscriptionRefusedError";
}

const refusedProtocol = new Set([1, 132]); // CONNACK of MQTT 3.1.1 and of MQTT 5
const maxUnsentBytes = 1_048_576;
const closeTimeout_ms = 2_000;

/**
 * Connects a service, at once and again after every loss, without end: tries MQTT 5, then 3.1.1. Announces
 * `online` on the service's status topic, retained, after each (re)connection, and leaves `offline` as its
 * last will.
 *
 * @throws RangeError when site or service is no safe topic level
 */
export function connect(options: MessengerOptions): Messenger {
  const { site = defaultSite, service, log, now = Date.now } = options;
  const statusName = topicNameOf(topics.status, site, { service });
  const throttled = new ThrottledLog(log);
  const counts = new Counts();
  const subscriptions = new Subscriptions(site, counts, throttled, now);
  const activations = new Map<Listener, Deferred>();
  const outbox = new Outbox();
  const watchers = new Set<(connected: boolean) => void>();
  const pauses = reconnectPauses(options.reconnectMin_ms ?? 500, options.reconnectMax_ms ?? 30_000);
  let connections = 0;
  let online = false;
  let announced = false;
  let sharing = false;
  let closing: Promise<void> | undefined;
  let rival: Rival | undefined;
  let takenOver = 0;
  let lookout: Lookout | undefined;
  const instance = randomUUID();
  /** Whether the name's bearer as the broker has it is ours, unless another has written since. */
  let hasWrittenClaim = false;
  const instanceName = topicNameOf(instanceTopic, site, { service });

  const client = mqtt.connect(options.url, clientOptions(options, site, statusName, pauses.next()));

  client.on("connect", (connack) => void onConnect(connack));
  client.on("message", (name, bytes, packet) => {
    if (name !== instanceName) return subscriptions.deliver(name, bytes, packet.retain);
    // Somebody was here since we wrote our own: brokers of MQTT 3.1.1, and Mosquitto 2.0, do not say so when they throw us out.
    if (packet.retain && hasWrittenClaim && bytes.toString() !== instance) standBy();
  });
  client.on("disconnect", ({ reasonCode }) => {
    if (options.isOnly && reasonCode === sessionTakenOver) standBy();
  });
  client.on("reconnect", () => {
    client.options.reconnectPeriod = pauses.next();
  });
  client.on("error", (error) => {
    if (client.options.protocolVersion === 5 && "code" in error && refusedProtocol.has(Number(error.code))) {
      client.options.protocolVersion = 4;
      client.options.reconnectPeriod = 1;
      log.debug({ broker: addressOf(options.url) }, "broker does not speak MQTT 5, going on with 3.1.1");
      return;
    }
    throttled.warn(
      "connection",
      { broker: addressOf(options.url), reason: reasonOf(error) },
      "broker connection failed",
    );
  });
  client.on("close", () => {
    online = false;
    if (!announced) return;
    announced = false;
    if (!closing && !rival)
      log.warn({ broker: addressOf(options.url) }, "broker connection lost, reconnecting");
    notify(false);
  });

  /** Another process has our name: leaves it to that one, and takes it again when that one has left. */
  function standBy(): void {
    if (rival || closing) return;
    takenOver++;
    const reason = `another ${service} of the site ${site} has connected to the broker: this one stands by, and commands nothing, until that one leaves. Stop one of them, or give each home a name of its own (AZRU_SITE)`;
    rival = { sinceMs: now(), reason };
    hasWrittenClaim = false;
    log.error({ broker: addressOf(options.url) }, reason);
    online = false;
    client.end(true);
    lookout = new Lookout({
      url: options.url,
      client: { ...client.options },
      statusName,
      onVacant() {
        rival = lookout = undefined;
        if (closing) return;
        const broker = addressOf(options.url);
        log.warn({ broker }, `the other ${service} has left: this one takes its place again`);
        client.reconnect();
      },
    });
  }

  /** Reads who has written that it bears the name. */
  async function readClaim(): Promise<void> {
    if (!options.isOnly) return;
    await new Promise<void>((resolve) => client.subscribe(instanceName, { qos: 1 }, () => resolve()));
    // What the broker keeps follows its first answer, and has come when it gives the next.
    await new Promise<void>((resolve) => client.unsubscribe(instanceName, () => resolve()));
  }

  async function onConnect(connack: IConnackPacket): Promise<void> {
    const connection = ++connections;
    online = true;
    await readClaim();
    if (!online || connection !== connections || closing) return;
    // Without this a small message waits up to 40 ms for the acknowledgement of the one before.
    if ("setNoDelay" in client.stream) (client.stream as unknown as Socket).setNoDelay();
    pauses.reset();
    client.options.reconnectPeriod = pauses.next();
    sharing =
      client.options.protocolVersion === 5 && connack.properties?.sharedSubscriptionAvailable !== false;
    for (const message of outbox.take()) void send(message);
    await Promise.all(subscriptions.all().map(activate));
    if (!online || connection !== connections || closing) return;
    if (options.isOnly) {
      await send({ topic: instanceTopic, name: instanceName, text: instance });
      hasWrittenClaim = true;
    }
    await send({ topic: topics.status, name: statusName, text: "online" });
    if (!online || connection !== connections || closing) return;
    announced = true;
    log.info(
      { broker: addressOf(options.url), mqtt: client.options.protocolVersion === 5 ? "5" : "3.1.1" },
      "connected to the broker",
    );
    notify(true);
  }

  function notify(connected: boolean): void {
    for (const watcher of watchers) {
      try {
        watcher(connected);
      } catch (error) {
        log.error({ err: error }, "a listener of the broker connection failed");
      }
    }
  }

  /** Resolves in any case; a refusal is logged, and told to who waits for the subscription. */
  function activate(listener: Listener): Promise<void> {
    return new Promise((resolve) => {
      client.subscribe(brokerFilter(listener), { qos: listener.topic.qos }, (error) => {
        if (error instanceof ErrorWithSubackPacket && error.packet) {
          log.error({ filter: listener.filter, reason: error.message }, "broker refuses the subscription");
          const reason = new SubscriptionRefusedError(`${listener.filter}: ${error.message}`, {
            cause: error,
          });
          activations.get(listener)?.reject(reason);
        } else if (!error) activations.get(listener)?.resolve();
        resolve();
      });
    });
  }

  function brokerFilter({ group, filter }: Listener): string {
    return group !== undefined && sharing ? `$share/${group}/${filter}` : filter;
  }

  function send({ topic, name, text }: Waiting): Promise<Delivery> {
    const unsent = (client.stream as { writableLength?: number }).writableLength ?? 0;
    if (topic.offline === "drop" && unsent > maxUnsentBytes) return Promise.resolve(drop(topic));
    return new Promise((resolve) => {
      client.publish(name, text, { qos: topic.qos, retain: topic.retain }, (error) => {
        if (error) {
          throttled.warn(
            `unsent ${topic.kind}`,
            { topic: name, reason: reasonOf(error) },
            "message not sent",
          );
          resolve(drop(topic));
        } else {
          counts.of(topic.kind).published++;
          resolve("sent");
        }
      });
    });
  }

  function drop(topic: Topic): Delivery {
    counts.of(topic.kind).dropped++;
    return "dropped";
  }

  async function shutDown(): Promise<void> {
    const timeout = AbortSignal.timeout(closeTimeout_ms);
    lookout?.close();
    if (online) {
      const farewell = send({ topic: topics.status, name: statusName, text: "offline" });
      await Promise.race([farewell, aborted(timeout)]);
    }
    subscriptions.clear();
    const ended = client.endAsync(!online || timeout.aborted);
    await Promise.race([ended, aborted(timeout)]);
    if (timeout.aborted) client.stream.destroy();
    online = announced = false;
    for (const { topic } of outbox.take()) drop(topic);
    watchers.clear();
  }

  return {
    site,
    get connected() {
      return announced;
    },
    get rival() {
      return rival;
    },
    get protocolVersion() {
      return client.options.protocolVersion === 5 ? 5 : 4;
    },
    async publish(topic, params, payload, to = site) {
      const message = { topic, name: topicNameOf(topic, to, params), text: encode(topic, payload) };
      if (online && !closing) return send(message);
      if (topic.offline === "drop" || closing) return drop(topic);
      const replaced = outbox.put(message);
      if (replaced)
        counts.of(replaced.topic.kind)[replaced.name === message.name ? "superseded" : "dropped"]++;
      return "waiting";
    },
    subscribe(topic, handler, { params = {}, group, everySite = false, onInvalid } = {}) {
      const wanted = Object.entries(params);
      const listener: Listener = {
        topic,
        filter: topicFilterOf(topic, everySite ? anySite : site, params),
        group,
        everySite,
        accepts: (actual) => wanted.every(([name, value]) => actual[name] === value),
        handler: handler as MessageHandler<Topic>,
        onInvalid,
      };
      const activation = deferred();
      activations.set(listener, activation);
      subscriptions.add(listener);
      if (online) void activate(listener);
      return {
        active: activation.promise,
        close() {
          activations.delete(listener);
          subscriptions.delete(listener);
          const filter = brokerFilter(listener);
          const shared = subscriptions.all().some((other) => brokerFilter(other) === filter);
          if (online && !closing && !shared) client.unsubscribe(filter);
        },
      };
    },
    whenConnected(signal) {
      if (announced) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const settle = (connected: boolean) => {
          if (!connected) return;
          watchers.delete(settle);
          signal?.removeEventListener("abort", giveUp);
          resolve();
        };
        const giveUp = () => {
          watchers.delete(settle);
          reject(signal?.reason);
        };
        if (signal?.aborted) return giveUp();
        signal?.addEventListener("abort", giveUp, { once: true });
        watchers.add(settle);
      });
    },
    onConnectionChange(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    metrics: () => ({ connected: announced, connections, takenOver, topics: counts.snapshot() }),
    close() {
      closing ??= shutDown();
      return closing;
    },
  };
}

function clientOptions(
  { service, username, password, ca, clientId, keepalive_s = 15 }: MessengerOptions,
  site: string,
  statusName: string,
  reconnectPeriod: number,
): IClientOptions {
  return {
    clientId: clientId ?? `${site}-${service}`,
    protocolVersion: 5,
    clean: true,
    resubscribe: false,
    queueQoSZero: false,
    reconnectOnConnackError: true,
    reconnectPeriod,
    connectTimeout: 10_000,
    keepalive: keepalive_s,
    will: {
      topic: statusName,
      payload: Buffer.from("offline"),
      qos: topics.status.qos,
      retain: topics.status.retain,
    },
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(ca !== undefined && { ca }),
  };
}

/** An address with several hosts fails with an error for each and no message of its own. */
function reasonOf(error: Error & { readonly code?: unknown }): string {
  return error.message || String(error.code);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Host and port without the credentials that a URL may hold. */
function addressOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "invalid URL";
}
