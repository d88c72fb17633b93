import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { addonEnvironment, addonOptionsSchema, supervisorMqttSchema } from "./addon-environment.ts";

const addon = parse(readFileSync(new URL("../../../addon/config.yaml", import.meta.url), "utf8"));

it("the add-on's form has the options that are read, and their defaults are among what is allowed", () => {
  expect(Object.keys(addon.schema).toSorted()).toEqual(Object.keys(addonOptionsSchema.shape).toSorted());
  const defaults = { ...addon.options, api_token: "0123456789abcdef" };
  expect(addonOptionsSchema.parse(defaults)).toEqual(defaults);
  expect(addon.schema.tariff).toBe(`list(${addonOptionsSchema.shape.tariff.options.join("|")})`);
  expect(addon.schema.language).toBe(`list(${addonOptionsSchema.shape.language.options.join("|")})`);
});

it("the add-on has the version of the repository", () => {
  const root = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
  expect(addon.version).toBe(root.version);
});

it("options and the Supervisor's broker become the environment", () => {
  const { data: mqtt } = supervisorMqttSchema.parse({
    result: "ok",
    data: {
      addon: "core_mosquitto",
      host: "core-mosquitto",
      port: "1883",
      username: "addons",
      password: "p",
    },
  });
  const options = { ...addon.options, api_token: "0123456789abcdef" };
  const place = { url: "http://supervisor", token: "t", entitiesFile: "/config/home-assistant.yaml" };
  expect(addonEnvironment(options, mqtt, place)).toEqual({
    AZRU_API_TOKEN: "0123456789abcdef",
    AZRU_ROOM: "living-room",
    AZRU_TARIFF: "tempo",
    AZRU_HOME_ASSISTANT: "homeassistant",
    AZRU_HOME_ASSISTANT_LANGUAGE: "fr",
    AZRU_SUPERVISOR: "172.30.32.2",
    AZRU_HOME_ASSISTANT_URL: "http://supervisor/core",
    AZRU_HOME_ASSISTANT_TOKEN: "t",
    AZRU_ENTITIES: "/config/home-assistant.yaml",
    MQTT_URL: "mqtt://core-mosquitto:1883",
    MQTT_USERNAME: "addons",
    MQTT_PASSWORD: "p",
  });
  expect(
    addonEnvironment(options, { ...mqtt, ssl: true }, { ...place, entitiesFile: undefined }),
  ).toMatchObject({
    MQTT_URL: "mqtts://core-mosquitto:1883",
  });
});
