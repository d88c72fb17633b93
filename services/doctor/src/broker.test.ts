import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { brokers, startMosquitto, type TestBroker } from "@azru/messaging/testing";
import { Aedes } from "aedes";
import mqtt from "mqtt";
import { afterEach, describe, expect, it } from "vitest";
import { type BrokerAccount, checkBroker, checkTemperature } from "./broker.ts";

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function running(broker: TestBroker): Promise<TestBroker> {
  open.push(() => broker.stop());
  return broker;
}

async function check(account: Partial<BrokerAccount> & { url: string }) {
  const result = await checkBroker({ site: "home", isConfigured: true, isOurs: false, ...account });
  if (result.client) open.push(() => result.client!.endAsync(true));
  return result;
}

const available = brokers.filter((kind) => kind.available);
const mosquitto = brokers.find(({ protocolVersion }) => protocolVersion === 5)!;

describe.each(available)("$name", (kind) => {
  it("that answers is well", async () => {
    const { url, port } = await running(await kind.start());
    const { finding } = await check({ url });
    expect(finding).toEqual({
      check: "broker",
      status: "ok",
      message: `127.0.0.1:${port} answers without an account`,
    });
  });

  it("that is away is a problem where it was asked for, and none where it was not", async () => {
    const broker = await kind.start();
    await broker.kill();
    if (kind.protocolVersion === 5) open.push(() => broker.stop());
    const { url } = broker;
    expect((await check({ url })).finding).toMatchObject({
      status: "problem",
      message: `nothing answers at 127.0.0.1:${broker.port}`,
    });
    expect((await check({ url, isConfigured: false })).finding.status).toBe("ok");
  });

  it("has a temperature as soon as one comes", async () => {
    const { url } = await running(await kind.start());
    const { client } = await check({ url });
    const sensor = await mqtt.connectAsync(url, { protocolVersion: 4 });
    open.push(() => sensor.endAsync(true));
    const found = checkTemperature(client!, undefined, 30_000);
    await sensor.publishAsync("home/sensors/attic/metrics", "21 degrees", { qos: 1 });
    await sensor.publishAsync("home/sensors/attic/metrics", '{"temperature": 19.4}', { qos: 1 });
    expect(await found).toEqual({
      check: "temperature",
      status: "ok",
      message: "19.4 degrees on home/sensors/attic/metrics",
    });
  });

  it("without a temperature is a warning that says what the topic must be", async () => {
    const { url } = await running(await kind.start());
    const { client } = await check({ url, site: "chalet" });
    const finding = await checkTemperature(client!, undefined, 50);
    expect(finding).toMatchObject({ status: "warning", message: "none came within 0 s" });
    expect(finding.advice).toContain("<site>/sensors/<room>/metrics");
  });
});

describe.skipIf(!mosquitto.available)(mosquitto.name, () => {
  it("that does not know the account is a problem", async () => {
    const { url } = await running(await startMosquitto({ config: () => ["allow_anonymous false"] }));
    expect((await check({ url })).finding.message).toMatch(/refuses a client without account$/);
    const { finding } = await check({ url, username: "core", password: "wrong-password" });
    expect(finding).toMatchObject({
      status: "problem",
      message: expect.stringMatching(/refuses the account core$/),
    });
    expect(JSON.stringify(finding)).not.toContain("wrong-password");
  });
});

it("a broker that lets the account read nothing is a problem", async () => {
  const aedes = await Aedes.createBroker({
    authorizeSubscribe: (_client, _filter, grant) => grant(null, null),
  });
  const server = createServer(aedes.handle).listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push(async () => {
    await new Promise<void>((resolve) => aedes.close(resolve));
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const { finding } = await check({ url: `mqtt://127.0.0.1:${port}` });
  expect(finding.status).toBe("problem");
  expect(finding.message).toMatch(/does not let a client without account hear home\/sensors\/\+\/metrics: /);
});
