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
