import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isoTimeOf, stateResponseSchema, type TariffState, topics } from "@azru/contracts";
import { brokers } from "@azru/messaging/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp } from "./app.ts";
import { tariffReason } from "./dashboard/page/reasons.ts";
import { createPushedTariff } from "./outlook/pushed-tariff.ts";
import { createTariffOutlook } from "./outlook/tariff-outlook.ts";
import { collector } from "./testing/collector.ts";
import { type Device, silent, startMs, startTestHome, stepMs, type TestHome } from "./testing/test-home.ts";

const hourMs = 3_600_000;
/** The hour in which the tests begin, in Paris 06:00. */
const hours = (firstMs: number, values: readonly number[]) =>
  values.map((value, i) => ({
    start: isoTimeOf(firstMs + i * hourMs),
    end: isoTimeOf(firstMs + (i + 1) * hourMs),
    value,
  }));
/** As the Nord Pool integration has it. */
const nordPool = {
  friendly_name: "Nord Pool FR",
  currency: "EUR",
  unit: "kWh",
  raw_today: hours(startMs, [0.31, 0.32, 0.11]),
  raw_tomorrow: [],
  tomorrow_valid: false,
};

let home: TestHome;
let device: Device;
beforeAll(async () => {
  home = await startTestHome(brokers[0]);
  device = await home.device();
});
afterAll(() => home.stop());

/** A core on the prices of a file, with its API. */
async function pushedHome(file: string) {
  const path = join(home.folder, file);
  const pushed = createPushedTariff({ path, log: silent });
  const live = await home.core({ pushed, tariff: createTariffOutlook(pushed.loader), mpcTimeout_ms: 100 });
  const app = await createApp({ core: live.core, registry: live.registry, version: "1.2.3", log: silent });
  const ask = async (method: "GET" | "PUT" | "DELETE", url: string, payload?: object) =>
    app.inject({ method, url, headers: { host: "localhost:8000" }, ...(payload && { payload }) });
  return {
    path,
    live,
    ask,
    input: async () => stateResponseSchema.parse((await ask("GET", "/state")).json()).inputs.tariff,
    async stop() {
      await app.close();
      await live.stop();
    },
  };
}

test("prices pushed over HTTP are decided on at once, refused with field and value, and kept through a restart", async () => {
  const first = await pushedHome("http.json");
  await device.decision(startMs, { temperature: 19 });
  expect(await first.input()).toMatchObject({
    kind: "pushed",
    fallback: { cause: "not_yet" },
    fallback_reason: expect.stringMatching(/^no prices have been pushed yet \(PUT \/tariff/),
  });

  const taken = await first.ask("PUT", "/tariff", nordPool);
  expect(taken.statusCode).toBe(200);
  expect(taken.json()).toMatchObject({ tariff: "pushed", source: "Nord Pool FR" });
  expect(taken.json().rates).toContainEqual({
    start: isoTimeOf(startMs + hourMs),
    end: isoTimeOf(startMs + 2 * hourMs),
    price: 0.32,
    period: "peak",
  });
  await first.live.core.idle();
  const { decision, rate } = (await first.ask("GET", "/state")).json();
  expect(decision.cause).toBe("new prices were pushed");
  expect(rate).toMatchObject({ price: 0.31, period: "peak" });
  expect(await first.input()).not.toHaveProperty("fallback");

  const refused = await first.ask("PUT", "/tariff", { ...nordPool, currency: "SEK" });
  expect(refused.statusCode).toBe(400);
  expect(refused.json()).toMatchObject({
    detail: expect.stringMatching(/currency must be EUR: .*, got "SEK"/),
    errors: [{ field: "body.currency" }],
  });
  const after = await first.input();
  expect(after).toMatchObject({ source: "Nord Pool FR", fallback: { cause: "incomplete" } });
  expect(tariffReason(after, null, "fr")).toMatch(/^le dernier envoi n’a pas pu être utilisé/);
  expect((await first.ask("GET", "/state")).json().rate.price).toBe(0.31);
  await first.stop();

  const second = await pushedHome("http.json");
  await device.decision(startMs, { temperature: 19 });
  expect((await second.ask("GET", "/state")).json().rate.price).toBe(0.31);
  expect((await second.ask("GET", "/tariff")).json().source).toBe("Nord Pool FR");
  expect((await second.ask("DELETE", "/tariff")).statusCode).toBe(200);
  expect(await second.input()).toMatchObject({ fallback: { cause: "not_yet" } });
  await second.stop();
});

test("prices pushed over MQTT count, retained ones too, and tomorrow's join today's", async () => {
  const { friendly_name: _, ...prices } = nordPool;
  await device.messenger.publish(topics.controlTariff, {}, prices);
  const { path, ask, input, stop } = await pushedHome("mqtt.json");
  const published = collector<TariffState>();
  await device.messenger.subscribe(topics.tariff, ({ payload }) => published.push(payload)).active;
  await device.decision(startMs, { temperature: 19 });
  const rates = async (): Promise<{ start: string; price: number }[]> =>
    (await ask("GET", "/tariff")).json().rates;
  await published.next(({ source }) => source === "pushed over MQTT", 0);

  await device.messenger.publish(
    topics.controlTariff,
    {},
    {
      unit: "EUR/MWh",
      prices: { FR: hours(startMs + 2 * hourMs, [90, 80]) },
    },
  );
  await published.next(({ rates }) => rates.some(({ price }) => price === 0.08), 0);
  expect((await rates()).filter(({ start }) => Date.parse(start) < startMs + 4 * hourMs)).toMatchObject([
    { price: 0.31 },
    { price: 0.32 },
    { price: 0.09 },
    { price: 0.08 },
  ]);
  expect(JSON.parse(readFileSync(path, "utf8")).prices).toHaveLength(4);

  await device.decision(startMs + 4 * hourMs + stepMs, { temperature: 19 });
  expect((await input()).fallback_reason).toMatch(/^the prices that were pushed end at .*: what is usual/);
  const before = published.all.length;
  await device.messenger.publish(topics.controlTariff, {}, null);
  await published.next(({ source }) => source.startsWith("peak 0.25"), before);
  await stop();
});

test("where the tariff has another source a push is refused with what to set", async () => {
  const live = await home.core({ mpcTimeout_ms: 100 });
  const app = await createApp({ core: live.core, registry: live.registry, version: "1.2.3", log: silent });
  for (const method of ["PUT", "DELETE"] as const) {
    const payload = method === "PUT" ? { payload: nordPool } : {};
    const answer = await app.inject({
      method,
      url: "/tariff",
      headers: { host: "localhost:8000" },
      ...payload,
    });
    expect(answer.statusCode).toBe(409);
    expect(answer.json().detail).toBe(
      "the tariff is peak: set AZRU_TARIFF=pushed and start again, then prices can be pushed",
    );
  }
  await app.close();
  await live.stop();
});

test("a kept file that is damaged is named, and replaced by the next push", () => {
  const path = join(home.folder, "damaged.json");
  writeFileSync(path, '{"prices": [');
  const warnings: unknown[] = [];
  const pushed = createPushedTariff({ path, log: { warn: (line: unknown) => void warnings.push(line) } });
  expect(warnings).toEqual([expect.stringContaining(`${path}: the pushed prices cannot be read`)]);
  expect(pushed.take(nordPool, "pushed", startMs)).toBe(true);
  expect(pushed.take(nordPool, "pushed", startMs)).toBe(false);
  expect(createPushedTariff({ path, log: silent }).take(nordPool, "pushed", startMs)).toBe(false);
});
