import mqtt from "mqtt";
import { expect, it } from "vitest";
import { startEmbeddedBroker } from "./broker.ts";

it("says that its port is taken", async () => {
  const first = await startEmbeddedBroker({ port: 0 });
  await expect(startEmbeddedBroker({ port: first.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  await first.close();
});

it("lets go of its clients and its port when closed", async () => {
  const broker = await startEmbeddedBroker({ port: 0 });
  const client = await mqtt.connectAsync(broker.url, { protocolVersion: 4, reconnectPeriod: 0 });
  const left = new Promise<void>((resolve) => client.once("close", resolve));
  await broker.close();
  await left;
  const again = await startEmbeddedBroker({ port: broker.port });
  expect(again.url).toBe(broker.url);
  await again.close();
});

it("delivers every message, where a retained one or one of QoS 1 is followed by one of QoS 0", async () => {
  const broker = await startEmbeddedBroker({ port: 0 });
  const subscriber = await mqtt.connectAsync(broker.url, { protocolVersion: 4, reconnectPeriod: 0 });
  const publisher = await mqtt.connectAsync(broker.url, { protocolVersion: 4, reconnectPeriod: 0 });
  await subscriber.subscribeAsync("home/#", { qos: 1 });
  const received: string[] = [];
  const all = new Promise<void>((resolve) =>
    subscriber.on("message", (topic, payload) => {
      received.push(`${topic} ${payload}`);
      if (topic === "home/last") resolve();
    }),
  );
  const sent = ["home/retained 1", "home/command 2", "home/plain 3"];
  publisher.publish("home/retained", "1", { retain: true });
  publisher.publish("home/command", "2", { qos: 1 });
  publisher.publish("home/plain", "3");
  await publisher.publishAsync("home/last", "4", { qos: 1, retain: true });
  await all;
  expect([...received].sort()).toEqual([...sent, "home/last 4"].sort());
  for (const client of [subscriber, publisher]) await client.endAsync();
  await broker.close();
});

it("delivers a message once to a client whose subscriptions overlap, and what is retained at each subscription", async () => {
  const broker = await startEmbeddedBroker({ port: 0 });
  const client = await mqtt.connectAsync(broker.url, { protocolVersion: 4, reconnectPeriod: 0 });
  const received: string[] = [];
  const ended = new Promise<void>((resolve) =>
    client.on("message", (topic, payload) => {
      received.push(String(payload));
      if (topic === "home/end") resolve();
    }),
  );
  await client.subscribeAsync(["home/#", "home/+"], { qos: 1 });
  await client.publishAsync("home/a", "once", { qos: 1, retain: true });
  await client.publishAsync("home/b", "once too", { qos: 0 });
  for (let i = 0; i < 2; i++) await client.subscribeAsync("home/a");
  await client.publishAsync("home/end", "end", { qos: 1 });
  await ended;
  expect(received.sort()).toEqual(["end", "once", "once", "once", "once too"]);
  await client.endAsync();
  await broker.close();
});
