/** Who listens to what. */
import {
  badParameter,
  matchTopic,
  siteOf,
  type Topic,
  type TopicParams,
  type TopicPayload,
} from "@azru/contracts";
import type { Counts } from "./counts.ts";
import type { ThrottledLog } from "./log.ts";
import { decode, InvalidMessageError } from "./message.ts";

/** A valid message. */
export interface Message<T extends Topic> {
  /** Whose root it was published below; ours for topics that no site owns. */
  readonly site: string;
  readonly params: TopicParams<T>;
  readonly payload: TopicPayload<T>;
  /** Wall time, Unix ms. */
  readonly receivedAtMs: number;
  /** Sent before we subscribed and kept by the broker. */
  readonly retained: boolean;
}

/** What it throws, or what its promise rejects with, is counted and logged. */
export type MessageHandler<T extends Topic> = (message: Message<T>) => unknown;

/** Gets a message that does not fit its topic, as it came; it is counted and logged already. */
export type InvalidMessageHandler = (bytes: Uint8Array, error: InvalidMessageError) => void;

export interface Listener {
  readonly topic: Topic;
  readonly filter: string;
  readonly group: string | undefined;
  readonly everySite: boolean;
  readonly accepts: (params: Readonly<Record<string, string>>) => boolean;
  readonly handler: MessageHandler<Topic>;
  readonly onInvalid: InvalidMessageHandler | undefined;
}

const fieldsLogged = 10;

/** Hands each message to its listeners; a bad message or handler never harms another. */
export class Subscriptions {
  readonly #byTopic = new Map<Topic, Set<Listener>>();
  readonly #site: string;
  readonly #counts: Counts;
  readonly #log: ThrottledLog;
  readonly #now: () => number;

  constructor(site: string, counts: Counts, log: ThrottledLog, now: () => number) {
    this.#site = site;
    this.#counts = counts;
    this.#log = log;
    this.#now = now;
  }

  all(): Listener[] {
    return [...this.#byTopic.values()].flatMap((listeners) => [...listeners]);
  }

  add(listener: Listener): void {
    const listeners = this.#byTopic.get(listener.topic) ?? new Set();
    this.#byTopic.set(listener.topic, listeners.add(listener));
  }

  delete(listener: Listener): void {
    const listeners = this.#byTopic.get(listener.topic);
    listeners?.delete(listener);
    if (listeners?.size === 0) this.#byTopic.delete(listener.topic);
  }

  clear(): void {
    this.#byTopic.clear();
  }

  deliver(name: string, bytes: Uint8Array, retained: boolean): void {
    const receivedAtMs = this.#now();
    const root = siteOf(name);
    for (const [topic, all] of this.#byTopic) {
      const site = topic.foreign ? this.#site : root;
      const listeners = [...all].filter(({ everySite }) => everySite || site === this.#site);
      if (site === undefined || listeners.length === 0) continue;
      const params = matchTopic(topic, site, name);
      if (!params) {
        this.#refuseName(topic, site, name);
        continue;
      }
      const wanted = listeners.filter(({ accepts }) => accepts(params));
      const payload = this.#decode(topic, name, bytes, wanted);
      if (payload === undefined) continue;
      for (const listener of wanted)
        void this.#handle(listener, { site, params, payload, receivedAtMs, retained });
    }
  }

  /** A name of the topic's form whose room is none is a message that nobody gets: counted, and logged. */
  #refuseName(topic: Topic, site: string, name: string): void {
    const reason = badParameter(topic, site, name);
    if (reason === undefined) return;
    this.#counts.of(topic.kind).rejected++;
    this.#log.warn(`name ${topic.kind}`, { topic: name, reason }, "message dropped");
  }

  #decode(topic: Topic, name: string, bytes: Uint8Array, wanted: readonly Listener[]): unknown {
    const counts = this.#counts.of(topic.kind);
    try {
      const { payload, leftOut, reason } = decode(topic, bytes);
      counts.received++;
      counts.fieldsLeftOut += leftOut.length;
      if (leftOut.length > 0) {
        const details = { topic: name, fields: leftOut.slice(0, fieldsLogged), reason };
        this.#log.warn(`fields ${topic.kind}`, details, "bad fields left out of a message");
      }
      return payload;
    } catch (error) {
      if (!(error instanceof InvalidMessageError)) throw error;
      counts.rejected++;
      this.#log.warn(`rejected ${topic.kind}`, { topic: name, reason: error.message }, "message dropped");
      for (const { onInvalid } of wanted) onInvalid?.(bytes, error);
      return undefined;
    }
  }

  async #handle(listener: Listener, message: Message<Topic>): Promise<void> {
    try {
      await listener.handler(message);
    } catch (error) {
      this.#counts.of(listener.topic.kind).failed++;
      this.#log.warn(
        `failed ${listener.topic.kind}`,
        { err: error },
        `handler of ${listener.topic.path} failed`,
      );
    }
  }
}
