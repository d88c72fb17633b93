import { readFileSync } from "node:fs";
import { type PushedTariff, topics } from "@azru/contracts";
import { connect } from "@azru/messaging";
import { brokers } from "@azru/messaging/testing";
import { expect, test } from "vitest";
import { startBridge } from "./bridge.ts";
import { entitiesFile } from "./entities-file.ts";
import type { Entity } from "./entity-value.ts";
import { pricesOf } from "./price-entity.ts";

const file = entitiesFile.parse("tariff: sensor.nordpool\n", "home-assistant.yaml");
/** Attributes of an entity, but for one that says nothing of prices. */
function example(name: string): Record<string, unknown> {
  const url = new URL(`../../../examples/tariffs/pushed/${name}.json`, import.meta.url);
  const { tomorrow_valid: _, ...attributes } = JSON.parse(readFileSync(url, "utf8"));
  return attributes;
}
const entity = (attributes: Record<string, unknown>): Entity => ({
  state: "0.11",
  attributes,
  last_updated: "2026-01-13T00:00:00+00:00",
});

test.each(["nordpool", "entsoe", "epex"])(
  "%s's attributes are prices, without what else stands there",
  (name) => {
    const attributes = example(name);
    expect(
      pricesOf(entity({ ...attributes, icon: "mdi:flash", average: 0.14, tomorrow_valid: true })),
    ).toEqual(attributes);
  },
);

test("an entity without a list of prices has none", () => {
  for (const attributes of [{}, { unit_of_measurement: "°C" }, { raw_today: null, currency: "EUR" }])
    expect(pricesOf(entity(attributes))).toBeUndefined();
});

test("the bridge publishes an entity's prices, retained, once for each change", async () => {
  const broker = await brokers[0].start();
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const client = (service: string) => connect({ url: broker.url, site: "home", service, log });
  const messenger = client("home-assistant");
  await messenger.whenConnected();
  let attributes = example("nordpool");
  let change = () => {};
  const sent: Promise<unknown>[] = [];
  const stop = startBridge({
    file,
    messenger: {
      subscribe: (...listening) => messenger.subscribe(...listening),
      publish(...message) {
        const delivery = messenger.publish(...message);
        sent.push(delivery);
        return delivery;
      },
    },
    assistant: {
      connected: true,
      entity: (id) => (id === file.tariff ? entity(attributes) : undefined),
      call: async () => undefined,
      onChange: () => () => {},
      onReady(listener) {
        change = listener;
        return () => {};
      },
    },
    now: () => ({ homeMs: 0, steadyMs: 0 }),
    log,
  });
  change();
  change();
  attributes = { ...attributes, raw_tomorrow: [] };
  change();
  await Promise.all(sent);
  expect(sent).toHaveLength(2);

  const late = client("core");
  const received = new Promise<PushedTariff | null>((resolve) => {
    late.subscribe(topics.controlTariff, ({ payload }) => resolve(payload));
  });
  expect(await received).toEqual(attributes);
  await stop();
  await Promise.all([messenger.close(), late.close()]);
  await broker.stop();
});
