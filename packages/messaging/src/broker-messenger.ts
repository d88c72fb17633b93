/** A messenger on an MQTT broker. */
import type { Socket } from "node:net";
import {
  anySite,
  defaultSite,
  type Topic,
  type TopicParams,
  type TopicPayload,
  topicFilterOf,
  topicNameOf,
  topics,
} from "@azru/contracts";
import mqtt, { ErrorWithSubackPacket, type IClientOptions, type IConnackPacket, type MqttClient } from "mqtt";
import { Claim } from "./claim.ts";
import { Counts } from "./counts.ts";
import { type Deferred, deferred } from "./deferred.ts";
import { type Log, ThrottledLog } from "./log.ts";
import { encode } from "./message.ts";
import {
  type Delivery,
  type MessagingMetrics,
  type Messenger,
  type MessengerOptions,
  type SubscribeOptions,
  type Subscription,
  SubscriptionRefusedError,
} from "./messenger.ts";
import { Outbox, type Waiting } from "./outbox.ts";
import { reconnectPauses } from "./reconnect-pauses.ts";
import { sessionTakenOver } from "./rival.ts";
import { separateSmallBuffers } from "./small-buffers.ts";
import { type Listener, type MessageHandler, Subscriptions } from "./subscriptions.ts";

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
  separateSmallBuffers();
  return new BrokerMessenger(options);
}

/** A service on the broker: its configuration, its log and its end. */
interface BrokerService {
  readonly config: {
    readonly mqttUrl: string;
    readonly mqttUsername?: string | undefined;
    readonly mqttPassword?: string | undefined;
    readonly site: string;
  };
  readonly log: Log;
  readonly shutdown: { onClose(name: string, closer: () => unknown): void };
}

/** Connects a service by its configuration, until it shuts down. */
export function connectService(
  { config, log, shutdown }: BrokerService,
  service: string,
  options: Pick<MessengerOptions, "clientId" | "isOnly"> = {},
): Messenger {
  const { mqttUrl: url, mqttUsername: username, mqttPassword: password, site } = config;
  const messenger = connect({ ...options, url, site, service, username, password, log });
  shutdown.onClose("messaging", () => messenger.close());
  return messenger;
}

class BrokerMessenger implements Messenger {
  readonly site: string;
  readonly #options: MessengerOptions;
  readonly #broker: string; // host and port
  readonly #statusName: string;
  readonly #client: MqttClient;
  readonly #claim: Claim;
  readonly #throttled: ThrottledLog;
  readonly #counts = new Counts();
  readonly #subscriptions: Subscriptions;
  readonly #activations = new Map<Listener, Deferred>();
  readonly #outbox = new Outbox();
  readonly #watchers = new Set<(connected: boolean) => void>();
  readonly #pauses: ReturnType<typeof reconnectPauses>;
  #connections = 0;
  #online = false;
  #announced = false;
  #sharing = false;
  #closing: Promise<void> | undefined;

  /** @throws RangeError when site or service is no safe topic level */
  constructor(options: MessengerOptions) {
    const { site = defaultSite, service, url, log, now = Date.now } = options;
    this.site = site;
    this.#options = options;
    this.#broker = addressOf(url);
    this.#statusName = topicNameOf(topics.status, site, { service });
    this.#throttled = new ThrottledLog(log);
    this.#subscriptions = new Subscriptions(site, this.#counts, this.#throttled, now);
    this.#pauses = reconnectPauses(options.reconnectMin_ms ?? 500, options.reconnectMax_ms ?? 30_000);
    this.#client = mqtt.connect(url, clientOptions(options, site, this.#statusName, this.#pauses.next()));
    this.#claim = new Claim({
      client: this.#client,
      site,
      service,
      url,
      statusName: this.#statusName,
      now,
      onTaken: (reason) => {
        log.error({ broker: this.#broker }, reason);
        this.#online = false;
      },
      onVacant: (reason) => {
        if (this.#closing) return;
        log.warn({ broker: this.#broker }, reason);
        this.#client.reconnect();
      },
    });
    this.#listen();
  }

  get connected(): boolean {
    return this.#announced;
  }

  get rival(): Messenger["rival"] {
    return this.#claim.rival;
  }

  get protocolVersion(): 4 | 5 {
    return this.#client.options.protocolVersion === 5 ? 5 : 4;
  }

  async publish<T extends Topic>(
    topic: T,
    params: TopicParams<T>,
    payload: TopicPayload<T>,
    site = this.site,
  ): Promise<Delivery> {
    const message = { topic, name: topicNameOf(topic, site, params), text: encode(topic, payload) };
    if (this.#online && !this.#closing) return this.#send(message);
    if (topic.offline === "drop" || this.#closing) return this.#drop(topic);
    const replaced = this.#outbox.put(message);
    if (replaced)
      this.#counts.of(replaced.topic.kind)[replaced.name === message.name ? "superseded" : "dropped"]++;
    return "waiting";
  }

  subscribe<T extends Topic>(
    topic: T,
    handler: MessageHandler<T>,
    { params = {}, group, everySite = false, onInvalid }: SubscribeOptions<T> = {},
  ): Subscription {
    const wanted = Object.entries(params);
    const listener: Listener = {
      topic,
      filter: topicFilterOf(topic, everySite ? anySite : this.site, params),
      group,
      everySite,
      accepts: (actual) => wanted.every(([name, value]) => actual[name] === value),
      handler: handler as MessageHandler<Topic>,
      onInvalid,
    };
    const activation = deferred();
    this.#activations.set(listener, activation);
    this.#subscriptions.add(listener);
    if (this.#online) void this.#activate(listener);
    return { active: activation.promise, close: () => this.#unsubscribe(listener) };
  }

  whenConnected(signal?: AbortSignal): Promise<void> {
    if (this.#announced) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const settle = (connected: boolean) => {
        if (!connected) return;
        this.#watchers.delete(settle);
        signal?.removeEventListener("abort", giveUp);
        resolve();
      };
      const giveUp = () => {
        this.#watchers.delete(settle);
        reject(signal?.reason);
      };
      if (signal?.aborted) return giveUp();
      signal?.addEventListener("abort", giveUp, { once: true });
      this.#watchers.add(settle);
    });
  }

  onConnectionChange(listener: (connected: boolean) => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  metrics(): MessagingMetrics {
    const { takenOver } = this.#claim;
    return {
      connected: this.#announced,
      connections: this.#connections,
      takenOver,
      topics: this.#counts.snapshot(),
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  #listen(): void {
    const client = this.#client;
    client.on("connect", (connack) => void this.#onConnect(connack));
    client.on("message", (name, bytes, { retain }) => {
      if (name !== this.#claim.topicName) this.#subscriptions.deliver(name, bytes, retain);
      else if (!this.#closing) this.#claim.receive(bytes, retain);
    });
    client.on("disconnect", ({ reasonCode }) => {
      if (this.#options.isOnly && reasonCode === sessionTakenOver && !this.#closing) this.#claim.standBy();
    });
    client.on("reconnect", () => {
      client.options.reconnectPeriod = this.#pauses.next();
    });
    client.on("error", (error) => this.#onError(error));
    client.on("close", () => {
      this.#online = false;
      if (!this.#announced) return;
      this.#announced = false;
      if (!this.#closing && !this.rival)
        this.#options.log.warn({ broker: this.#broker }, "broker connection lost, reconnecting");
      this.#notify(false);
    });
  }

  #onError(error: Error & { readonly code?: unknown }): void {
    const { options } = this.#client;
    if (options.protocolVersion === 5 && refusedProtocol.has(Number(error.code))) {
      options.protocolVersion = 4;
      options.reconnectPeriod = 1;
      this.#options.log.debug({ broker: this.#broker }, "broker does not speak MQTT 5, going on with 3.1.1");
      return;
    }
    const details = { broker: this.#broker, reason: reasonOf(error) };
    this.#throttled.warn("connection", details, "broker connection failed");
  }

  async #onConnect(connack: IConnackPacket): Promise<void> {
    const { isOnly, log } = this.#options;
    const { options, stream } = this.#client;
    const connection = ++this.#connections;
    const isOver = () => !this.#online || connection !== this.#connections || this.#closing !== undefined;
    this.#online = true;
    if (isOnly) await this.#claim.read();
    if (isOver()) return;
    // Without this a small message waits up to 40 ms for the acknowledgement of the one before.
    if ("setNoDelay" in stream) (stream as unknown as Socket).setNoDelay();
    this.#pauses.reset();
    options.reconnectPeriod = this.#pauses.next();
    this.#sharing =
      options.protocolVersion === 5 && connack.properties?.sharedSubscriptionAvailable !== false;
    for (const message of this.#outbox.take()) void this.#send(message);
    await Promise.all(this.#subscriptions.all().map((listener) => this.#activate(listener)));
    if (isOver()) return;
    if (isOnly) {
      await this.#send(this.#claim.message);
      this.#claim.written();
    }
    await this.#send({ topic: topics.status, name: this.#statusName, text: "online" });
    if (isOver()) return;
    this.#announced = true;
    const version = options.protocolVersion === 5 ? "5" : "3.1.1";
    log.info({ broker: this.#broker, mqtt: version }, "connected to the broker");
    this.#notify(true);
  }

  #notify(connected: boolean): void {
    for (const watcher of this.#watchers) {
      try {
        watcher(connected);
      } catch (error) {
        this.#options.log.error({ err: error }, "a listener of the broker connection failed");
      }
    }
  }

  /** Resolves in any case; a refusal is logged, and rejects what waits for the subscription. */
  #activate(listener: Listener): Promise<void> {
    const { filter, topic } = listener;
    return new Promise((resolve) => {
      this.#client.subscribe(this.#brokerFilter(listener), { qos: topic.qos }, (error) => {
        if (error instanceof ErrorWithSubackPacket && error.packet) {
          this.#options.log.error({ filter, reason: error.message }, "broker refuses the subscription");
          const reason = new SubscriptionRefusedError(`${filter}: ${error.message}`, { cause: error });
          this.#activations.get(listener)?.reject(reason);
        } else if (!error) this.#activations.get(listener)?.resolve();
        resolve();
      });
    });
  }

  #unsubscribe(listener: Listener): void {
    this.#activations.delete(listener);
    this.#subscriptions.delete(listener);
    const filter = this.#brokerFilter(listener);
    const isShared = this.#subscriptions.all().some((other) => this.#brokerFilter(other) === filter);
    if (this.#online && !this.#closing && !isShared) this.#client.unsubscribe(filter);
  }

  #brokerFilter({ group, filter }: Listener): string {
    return group !== undefined && this.#sharing ? `$share/${group}/${filter}` : filter;
  }

  #send({ topic, name, text }: Waiting): Promise<Delivery> {
    const unsent = (this.#client.stream as { writableLength?: number }).writableLength ?? 0;
    if (topic.offline === "drop" && unsent > maxUnsentBytes) return Promise.resolve(this.#drop(topic));
    return new Promise((resolve) => {
      this.#client.publish(name, text, { qos: topic.qos, retain: topic.retain }, (error) => {
        if (error) {
          const details = { topic: name, reason: reasonOf(error) };
          this.#throttled.warn(`unsent ${topic.kind}`, details, "message not sent");
          resolve(this.#drop(topic));
        } else {
          this.#counts.of(topic.kind).published++;
          resolve("sent");
        }
      });
    });
  }

  #drop(topic: Topic): Delivery {
    this.#counts.of(topic.kind).dropped++;
    return "dropped";
  }

  async #shutDown(): Promise<void> {
    const timeout = AbortSignal.timeout(closeTimeout_ms);
    this.#claim.close();
    if (this.#online) {
      const farewell = this.#send({ topic: topics.status, name: this.#statusName, text: "offline" });
      await Promise.race([farewell, aborted(timeout)]);
    }
    this.#subscriptions.clear();
    const ended = this.#client.endAsync(!this.#online || timeout.aborted);
    await Promise.race([ended, aborted(timeout)]);
    if (timeout.aborted) this.#client.stream.destroy();
    this.#online = this.#announced = false;
    for (const { topic } of this.#outbox.take()) this.#drop(topic);
    this.#watchers.clear();
  }
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
    writeCache: false, // a buffer for each of 65,536 numbers, megabytes of memory
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
