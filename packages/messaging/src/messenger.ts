/** A service's place on the broker: typed topics in and out, for as long as it takes. */
import type { Topic, TopicParams, TopicPayload } from "@azru/contracts";
import type { Rival } from "./claim.ts";
import type { TopicCounts } from "./counts.ts";
import type { Log } from "./log.ts";
import type { InvalidMessageHandler, MessageHandler } from "./subscriptions.ts";

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
  /** Calls with each change: true when connected, subscribed and announced, false when the connection is lost. */
  onConnectionChange(listener: (connected: boolean) => void): () => void;
  metrics(): MessagingMetrics;
  /** Announces `offline`, disconnects, ends all subscriptions. Takes at most two seconds. */
  close(): Promise<void>;
}

/** The broker does not let us listen. */
export class SubscriptionRefusedError extends Error {
  override readonly name = "SubscriptionRefusedError";
}
