/** Azru's device in a real Home Assistant: `pnpm test:home-assistant`. */
import { readFileSync } from "node:fs";
import { startEmbeddedBroker } from "@azru/messaging/broker";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type Broker, startBroker } from "./broker.ts";
import { installed } from "./environment.ts";
import { type Home, homeAccounts, startHome } from "./home.ts";
import { type HomeAssistant, startHomeAssistant } from "./home-assistant.ts";

const environment = process.env.AZRU_TEST_HOME_ASSISTANT === "1" ? installed() : undefined;
const where = environment
  ? `Home Assistant ${environment.version}`
  : "Home Assistant (skipped: pnpm test:home-assistant runs it)";

const page = readFileSync(new URL("../../docs/home-assistant.md", import.meta.url), "utf8");
const documented = new Set(
  page.match(/\b(climate|sensor|binary_sensor|number|button)\.azru_home_(?!room_)\w+/g),
); // rooms: rooms.test.ts
const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text);
const heating = "climate.azru_home_heating";

describe.skipIf(!environment)(`Azru in ${where}`, () => {
  let broker: Broker;
  let home: Home;
  let assistant: HomeAssistant;
  let refused: unknown;

  beforeAll(async () => {
    broker = await startBroker(environment!, [...homeAccounts, "homeassistant"]);
    home = startHome(broker);
    const automation = parse(examples.find((text) => text?.startsWith("alias: Tomorrow is red")) ?? "");
    automation.actions[0].action = "persistent_notification.create"; // there is no phone here
    assistant = await startHomeAssistant(environment!, {
      configuration: `automation: ${JSON.stringify([automation])}\n`,
    });
    const embedded = await startEmbeddedBroker({ port: 0 });
    refused = await assistant.addMqtt({ port: embedded.port, protocol: "5" });
    await embedded.close();
    const added = await assistant.addMqtt({
      port: broker.port,
      username: "homeassistant",
      password: broker.passwordOf("homeassistant"),
    });
    expect(added).toMatchObject({ type: "create_entry" });
    await assistant.when("sensor.azru_home_reason", ({ state }) => state.startsWith("Heating now"));
    // Known of the first step when it is over, 15 s after the start.
    await assistant.when("sensor.azru_home_operative_temperature", ({ state }) => state !== "unknown");
  }, 600_000); // at its first start it installs more
  afterAll(async () => {
    await assistant?.stop();
    await home?.stop();
    await broker?.stop();
  });

  const ours = () => Object.keys(assistant.states).filter((id) => id.includes(".azru_"));

  test("does not connect by protocol 5 with the embedded broker, as the page warns", () => {
    expect(page).toContain("choose protocol 3.1.1");
    expect(refused).toMatchObject({ type: "form", errors: { base: "cannot_connect" } });
  });

  test("has every entity that the page names, and each has a state", async () => {
    expect(documented.size).toBeGreaterThan(10);
    expect(ours()).toEqual(expect.arrayContaining([...documented]));
    // What has no value in this home: there is no vacation, and nobody has pressed a button.
    const withoutValue = /^button\.|vacation_until$/;
    for (const id of ours().filter((one) => !withoutValue.test(one))) {
      expect(assistant.states[id]?.state, id).not.toMatch(/^(unknown|unavailable)$/);
    }
  });

  test("is one device, whose entities are all announced by the core", async () => {
    const devices = await assistant.ask<{ id: string; name: string; sw_version: string }[]>(
      "config/device_registry/list",
    );
    const [azru, ...others] = devices.filter(({ name }) => name.startsWith("Azru"));
    expect(others).toEqual([]);
    const entities = await assistant.ask<{ device_id: string; entity_id: string }[]>(
      "config/entity_registry/list",
    );
    const listed = entities.filter(({ device_id }) => device_id === azru?.id);
    expect(listed.map(({ entity_id }) => entity_id).toSorted()).toEqual(ours().toSorted());
  });

  test("fires the automation that the page shows", async () => {
    const { attributes } = await assistant.when(
      "automation.tomorrow_is_red",
      (entity) => entity.attributes.last_triggered !== null,
    );
    expect(attributes.last_triggered).toEqual(expect.any(String));
  });

  test("has prices to come by the names that others read", () => {
    const { state, attributes } = assistant.states["sensor.azru_home_price"];
    const { raw_today, raw_tomorrow, tomorrow_valid } = attributes as Record<string, { value: number }[]>;
    expect(tomorrow_valid).toBe(true);
    expect(raw_tomorrow).toHaveLength(24);
    expect(raw_today?.map(({ value }) => value)).toContain(Number(state));
    // Tomorrow, 19 January 2026, is red from 06:00 on.
    expect(raw_tomorrow?.[12]?.value).toBeGreaterThan(3 * raw_tomorrow[2].value);
  });

  test("counts energy and cost for statistics and the energy dashboard", async () => {
    const statistics = await assistant.ask<Record<string, unknown>[]>("recorder/list_statistic_ids");
    expect(statistics).toContainEqual(
      expect.objectContaining({
        statistic_id: "sensor.azru_home_energy",
        has_sum: true,
        statistics_unit_of_measurement: "kWh",
      }),
    );
    const problems = await assistant.ask<Record<string, unknown>>("recorder/validate_statistics");
    expect(Object.keys(problems).filter((id) => id.includes("azru"))).toEqual([]);
    await assistant.ask("energy/save_prefs", {
      energy_sources: [
        {
          type: "grid",
          stat_energy_from: "sensor.azru_home_energy",
          stat_energy_to: null,
          stat_cost: null,
          stat_compensation: null,
          entity_energy_price: "sensor.azru_home_price",
          number_energy_price: null,
          entity_energy_price_export: null,
          number_energy_price_export: null,
          cost_adjustment_day: 0,
        },
      ],
    });
    const { energy_sources } = await assistant.ask<{ energy_sources: unknown[][] }>("energy/validate");
    const complaints = JSON.stringify(energy_sources).match(/entity_unexpected\w+|entity_not_defined/g);
    expect(complaints).toBeNull();
  });

  test("takes the valve by hand, and gives it back", async () => {
    await assistant.call("number.set_value", { entity_id: "number.azru_home_valve", value: 33 });
    await assistant.when("number.azru_home_valve", ({ state }) => state === "33.0" || state === "33");
    await assistant.call("button.press", { entity_id: "button.azru_home_automatic" });
    const { attributes } = await assistant.when(
      heating,
      (entity) => entity.state === "auto" && entity.attributes.source === "mpc",
    );
    expect(attributes.manual_until).toBeNull();
  });

  test("is turned off, on and toggled as a thermostat is", async () => {
    const call = (action: string, data = {}) => assistant.call(action, { entity_id: heating, ...data });
    await call("climate.turn_off");
    await assistant.when(
      heating,
      ({ state, attributes }) => state === "off" && attributes.hvac_action === "off",
    );
    await call("climate.turn_on");
    await assistant.when(heating, ({ state, attributes }) => state === "auto" && attributes.source === "mpc");
    await call("climate.set_hvac_mode", { hvac_mode: "heat" });
    await assistant.when(
      heating,
      ({ state, attributes }) => state === "heat" && attributes.source === "thermostat",
    );
    await call("climate.toggle");
    await assistant.when(heating, ({ state }) => state === "off");
    await call("climate.toggle");
    await assistant.when(heating, ({ state }) => state === "heat");
    await call("climate.set_temperature", { temperature: 21.5, hvac_mode: "auto" });
    await assistant.when(
      heating,
      ({ state, attributes }) => state === "auto" && attributes.temperature === 21.5,
    );
    await call("climate.set_temperature", { temperature: 22, hvac_mode: "heat" });
    await assistant.when(
      heating,
      ({ state, attributes }) => state === "heat" && attributes.temperature === 22,
    );
    await call("climate.set_hvac_mode", { hvac_mode: "auto" });
    await call("climate.set_preset_mode", { preset_mode: "none" });
    await assistant.when(
      heating,
      ({ state, attributes }) => state === "auto" && attributes.temperature === 19,
    );
  });

  test("takes presets and a temperature", async () => {
    await assistant.call("climate.set_preset_mode", { entity_id: heating, preset_mode: "eco" });
    await assistant.when(heating, ({ attributes }) => attributes.preset_mode === "eco");
    await assistant.call("climate.set_temperature", { entity_id: heating, temperature: 20.5 });
    const { attributes } = await assistant.when(heating, (entity) => entity.attributes.temperature === 20.5);
    expect(attributes.preset_mode).toBe("none");
    await assistant.call("climate.set_preset_mode", { entity_id: heating, preset_mode: "none" });
    await assistant.when(heating, (entity) => entity.attributes.temperature === 19);
  });

  test("leaves no word of complaint in either log", () => {
    expect(assistant.complaints.filter((line) => /mqtt|azru|template|climate|recorder/i.test(line))).toEqual(
      [],
    );
    expect(broker.log.filter((line) => /denied|not authori[sz]ed/i.test(line))).toEqual([]);
  });

  test("becomes unavailable with the core, and comes back", async () => {
    await home.stop();
    await assistant.when(heating, ({ state }) => state === "unavailable");
    home = startHome(broker);
    await assistant.when(heating, ({ state }) => state === "auto");
  });
});
