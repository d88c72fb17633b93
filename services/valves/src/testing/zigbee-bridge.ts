/** zigbee2mqtt's side of the broker: publishes what devices report, and receives what they are sent. */
import mqtt from "mqtt";

export interface ZigbeeBridge {
  /** Publishes JSON below the base topic, or text as it is. */
  publishBelow(topic: string, payload: unknown, retain?: boolean): Promise<unknown>;
  /** Publishes on any topic. */
  publish(topic: string, text: string, retain?: boolean): Promise<unknown>;
  /** Everything that a topic was sent so far, oldest first. */
  sent(topic: string): string[];
  /** Resolves with the first message of a topic that fits, also one that came before. */
  received(topic: string, fits: (text: string) => boolean): Promise<string>;
  close(): Promise<void>;
}

export async function openZigbeeBridge(url: string, base: string): Promise<ZigbeeBridge> {
  const client = await mqtt.connectAsync(url, { protocolVersion: 4, reconnectPeriod: 0 });
  const messages: { topic: string; text: string }[] = [];
  const waiting = new Set<() => void>();
  client.on("message", (topic, bytes) => {
    messages.push({ topic, text: bytes.toString() });
    for (const look of waiting) look();
  });
  await client.subscribeAsync("#", { qos: 1 });
  const publish = (topic: string, text: string, retain = false) =>
    client.publishAsync(topic, text, { qos: 1, retain });
  return {
    publish,
    publishBelow: (topic, payload, retain) =>
      publish(`${base}/${topic}`, typeof payload === "string" ? payload : JSON.stringify(payload), retain),
    sent: (topic) => messages.flatMap((message) => (message.topic === topic ? [message.text] : [])),
    received: (topic, fits) =>
      new Promise((resolve) => {
        const look = () => {
          const found = messages.find((message) => message.topic === topic && fits(message.text));
          if (!found) return;
          waiting.delete(look);
          resolve(found.text);
        };
        waiting.add(look);
        look();
      }),
    close: () => client.endAsync(true),
  };
}
