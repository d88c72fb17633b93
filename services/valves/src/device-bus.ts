/** Topics that are not Azru's: those of zigbee2mqtt and of relays. */
import type { Log } from "@azru/messaging";
import mqtt from "mqtt";

export interface DeviceBusOptions {
  readonly url: string;
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** What to listen to. */
  readonly topics: readonly string[];
  readonly onMessage: (topic: string, bytes: Uint8Array, retained: boolean) => void;
  /** Called after each (re)connection, before any message arrives. */
  readonly onConnected: () => void;
  readonly log: Log;
}

export interface DeviceBus {
  /** Hands a message to the broker; false, and nothing sent, while it is away. */
  send(topic: string, text: string): boolean;
  /** Waits until the broker has all that was sent, at most two seconds, and leaves. */
  close(): Promise<void>;
}

const closeTimeout_ms = 2_000;

/** Connects, at once and again after every loss, without end. MQTT 3.1.1, which every broker speaks. */
export function openDeviceBus(options: DeviceBusOptions): DeviceBus {
  const { log, topics } = options;
  const client = mqtt.connect(options.url, {
    protocolVersion: 4,
    clientId: options.clientId,
    ...(options.username !== undefined && { username: options.username }),
    ...(options.password !== undefined && { password: options.password }),
    reconnectPeriod: 1_000,
    resubscribe: false,
    queueQoSZero: false,
  });
  const underway = new Set<Promise<unknown>>();
  let failure: string | undefined;
  client.on("error", (error) => {
    if (error.message !== failure) log.warn({ err: error }, "broker connection of the devices failed");
    failure = error.message;
  });
  client.on("message", (topic, bytes, { retain }) => options.onMessage(topic, bytes, retain));
  client.on("connect", () => {
    failure = undefined;
    options.onConnected();
    client.subscribe([...topics], { qos: 1 }, (error, granted) => {
      const refused = (granted ?? []).filter(({ qos }) => qos >= 128).map(({ topic }) => topic);
      if (error && client.connected) log.error({ err: error }, "broker refuses the topics of the devices");
      else if (refused.length > 0) log.error({ refused }, "broker refuses the topics of these devices");
    });
  });
  return {
    send(topic, text) {
      if (!client.connected) return false;
      const publishing = client.publishAsync(topic, text, { qos: 1 }).catch((error: unknown) => {
        log.warn({ topic, err: error }, "a device could not be reached");
      });
      underway.add(publishing);
      void publishing.finally(() => underway.delete(publishing));
      return true;
    },
    async close() {
      const timeout = AbortSignal.timeout(closeTimeout_ms);
      const late = new Promise<void>((resolve) => timeout.addEventListener("abort", () => resolve()));
      await Promise.race([Promise.all(underway), late]);
      await Promise.race([client.endAsync(underway.size > 0 || !client.connected), late]);
    },
  };
}
