/** The rooms of a home in a real Home Assistant: `pnpm test:home-assistant`. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mqtt from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Broker, startBroker } from "./broker.ts";
import { installed } from "./environment.ts";
import { type Home, homeAccounts, startHome } from "./home.ts";
import { type HomeAssistant, startHomeAssistant } from "./home-assistant.ts";

const environment = process.env.AZRU_TEST_HOME_ASSISTANT === "1" ? installed() : undefined;
const where = environment
  ? `Home Assistant ${environment.version}`
  : "Home Assistant (skipped: pnpm test:home-assistant runs it)";

const page = readFileSync(new URL("../../docs/home-assistant.md", import.meta.url), "utf8");
const documented = page.match(/\b(sensor|binary_sensor|climate)\.azru_home_room_\w+/g) ?? [];
const room = "Salon (nord)";
const idOf = (platform: string, field: string) => `${platform}.azru_home_room_salon_nord_${field}`;

describe.skipIf(!environment)(`the rooms of Azru in ${where}`, () => {
  let folder: string;
  let broker: Broker;
  let home: Home;
  let assistant: HomeAssistant;
  let sensors: mqtt.MqttClient;
  let now = "";

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "azru-rooms-"));
    const rooms = join(folder, "rooms.yaml");
    writeFileSync(rooms, `rooms: { "${room}": { power_w: 3000 }, living-room: { power_w: 2000 } }`);
    broker = await startBroker(environment!, [...homeAccounts, "homeassistant"]);
    assistant = await startHomeAssistant(environment!, { language: "fr" });
    await assistant.addMqtt({
      port: broker.port,
      username: "homeassistant",
      password: broker.passwordOf("homeassistant"),
    });
    sensors = await mqtt.connectAsync(broker.url, {
      username: "sensor-simulator",
      password: broker.passwordOf("sensor-simulator"),
    });
    home = startHome(broker, {
      AZRU_ROOMS: rooms,
      AZRU_ROOM: "living-room",
      AZRU_ROOM_FORGET_HOURS: "1",
      AZRU_HOME_ASSISTANT_LANGUAGE: "fr",
    });
    sensors.on("message", (_, bytes) => {
      now = bytes.toString();
    });
    await sensors.subscribeAsync("home/sys/clock");
  }, 600_000);
  afterAll(async () => {
    await sensors?.endAsync(true);
    await assistant?.stop();
    await home?.stop();
    await broker?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const measure = (name: string, metrics: object) =>
    sensors.publishAsync(
      `home/sensors/${name}/metrics`,
      JSON.stringify({ ...metrics, ...(now !== "" && { sim_time: now }) }),
      { qos: 1 },
    );

  test("appear with what they measure, are to be, and get", async () => {
    const measuring = setInterval(() => measure(room, { temperature: 18.5, window_open: 0 }), 1000);
    await assistant.when(idOf("sensor", "temperature"), ({ state }) => state === "18.5");
    await assistant.when(idOf("sensor", "setpoint"), ({ state }) => Number(state) > 10);
    await assistant.when(idOf("sensor", "power"), ({ state }) => Number(state) > 0);
    await assistant.when(idOf("binary_sensor", "problem"), ({ state }) => state === "off");
    const { attributes } = await assistant.when(
      idOf("binary_sensor", "window"),
      ({ state }) => state === "off",
    );
    expect(attributes).toMatchObject({ device_class: "window", friendly_name: `Azru ${room} fenêtre` });
    expect(Object.keys(assistant.states)).toEqual(expect.arrayContaining(documented));
    clearInterval(measuring);
  });

  test("have a thermostat of their own: a setpoint, a preset, off and on again", async () => {
    const measuring = setInterval(() => measure(room, { temperature: 18.5, window_open: 0 }), 1000);
    const entity_id = "climate.azru_home_room_salon_nord";
    const { attributes } = await assistant.when(entity_id, ({ state }) => state === "auto");
    expect(attributes).toMatchObject({
      friendly_name: `Azru ${room}`,
      current_temperature: 18.5,
      preset_modes: ["none", "eco", "comfort", "boost"],
    });
    const usual_c = Number(attributes.temperature);
    await assistant.call("climate.set_temperature", { entity_id, temperature: usual_c + 1.5 });
    await assistant.when(entity_id, (one) => one.attributes.temperature === usual_c + 1.5);
    const other = assistant.states["climate.azru_home_room_living_room"];
    expect(other.attributes.temperature).toBe(usual_c);
    await assistant.call("climate.set_preset_mode", { entity_id, preset_mode: "eco" });
    await assistant.when(
      entity_id,
      (one) => one.attributes.preset_mode === "eco" && Number(one.attributes.temperature) < usual_c,
    );
    await assistant.call("climate.turn_off", { entity_id });
    await assistant.when(entity_id, (one) => one.state === "off" && one.attributes.temperature === 12);
    await assistant.call("climate.turn_on", { entity_id });
    await assistant.when(
      entity_id,
      (one) =>
        one.state === "auto" &&
        one.attributes.temperature === usual_c &&
        one.attributes.preset_mode === "none",
    );
    clearInterval(measuring);
  });

  test("say that a window is open, and that a thermometer is silent", async () => {
    await measure(room, { temperature: 18.4, window_open: 1 });
    await assistant.when(idOf("binary_sensor", "window"), ({ state }) => state === "on");
    const { attributes } = await assistant.when(
      idOf("binary_sensor", "problem"),
      ({ state }) => state === "on",
    );
    expect(attributes.detail).toEqual(expect.any(String));
  });

  test("lose the entities of a room that is only shown once it is forgotten", async () => {
    const attic = "sensor.azru_home_room_grenier_temperature";
    await measure("Grenier", { temperature: 12 });
    await assistant.when(attic, ({ state }) => state === "12.0" || state === "12");
    await assistant.whenGone(attic);
  });

  test("leave no word of complaint", () => {
    expect(assistant.complaints.filter((line) => /mqtt|azru|template/i.test(line))).toEqual([]);
    expect(broker.log.filter((line) => /denied|not authori[sz]ed/i.test(line))).toEqual([]);
  });
});
