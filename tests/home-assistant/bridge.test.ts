/** Entities of a real Home Assistant as Azru's sensors and heaters: `pnpm test:home-assistant`. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SensorMetrics, topics } from "@azru/contracts";
import { connect, type Messenger } from "@azru/messaging";
import { type ServiceProcess, startService } from "@azru/runtime/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Broker, startBroker } from "./broker.ts";
import { installed } from "./environment.ts";
import { type HomeAssistant, startHomeAssistant } from "./home-assistant.ts";

const environment = process.env.AZRU_TEST_HOME_ASSISTANT === "1" ? installed() : undefined;
const where = environment
  ? `Home Assistant ${environment.version}`
  : "Home Assistant (skipped: pnpm test:home-assistant runs it)";

/** Helpers, a template sensor and Home Assistant's own generic thermostat stand for devices. */
const configuration = `
input_number:
  thermometer: { min: -20, max: 50, step: 0.01, initial: 19.5, unit_of_measurement: °C }
  meter: { min: 0, max: 10, step: 0.001, initial: 1.5, unit_of_measurement: kW }
  valve: { min: 0, max: 100, step: 0.1, initial: 0 }
input_boolean:
  plug:
  radiator:
template:
  - sensor:
      - name: Living room temperature
        unit_of_measurement: °C
        device_class: temperature
        state: "{{ states('input_number.thermometer') }}"
climate:
  - platform: generic_thermostat
    name: Radiator
    heater: input_boolean.radiator
    target_sensor: sensor.living_room_temperature
    initial_hvac_mode: "off"
    min_temp: 5
    max_temp: 30
`;
const rooms = {
  "living-room": {
    temperature: "sensor.living_room_temperature",
    power: ["input_number.meter"],
    switches: [{ entity: "input_boolean.plug", minimum_on_minutes: 0, minimum_off_minutes: 0 }],
    numbers: [{ entity: "input_number.valve" }],
    climates: [{ entity: "climate.radiator", high_c: 25 }],
  },
};
const services = (name: string) => new URL(`../../services/${name}/src/main.ts`, import.meta.url);

describe.skipIf(!environment)(`entities of ${where}`, () => {
  let broker: Broker;
  let assistant: HomeAssistant;
  let messenger: Messenger;
  let folder: string;
  const running: ServiceProcess[] = [];
  const start = (name: string, more: Readonly<Record<string, string>> = {}) => {
    const service = startService(services(name), {
      MQTT_URL: broker.url,
      MQTT_USERNAME: name,
      MQTT_PASSWORD: broker.passwordOf(name),
      AZRU_DATA_DIR: folder,
      AZRU_HTTP_PORT: "0",
      AZRU_WEATHER: "reference",
      AZRU_TARIFF: "peak",
      AZRU_LOG_LEVEL: "info",
      ...more,
    });
    running.push(service);
    return service;
  };
  const startBridge = () => {
    const file = join(folder, "home-assistant.yaml");
    writeFileSync(file, JSON.stringify({ rooms }));
    return start("home-assistant", {
      AZRU_ENTITIES: file,
      AZRU_HOME_ASSISTANT_URL: assistant.url,
      AZRU_HOME_ASSISTANT_TOKEN: assistant.token,
    });
  };
  /** The next measurement that fits. */
  const measured = (fits: (metrics: SensorMetrics) => boolean) =>
    new Promise<SensorMetrics>((resolve) => {
      const subscription = messenger.subscribe(topics.sensorMetrics, ({ payload }) => {
        if (!fits(payload)) return;
        subscription.close();
        resolve(payload);
      });
    });
  const command = (valve_position: number) =>
    messenger.publish(topics.valveSet, { room: "living-room" }, { valve_position, source: "mpc" });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "azru-bridge-"));
    broker = await startBroker(environment!, ["core", "mpc", "home-assistant"]);
    messenger = connect({
      url: broker.url,
      service: "core",
      clientId: "test",
      username: "core",
      password: broker.passwordOf("core"),
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
    await messenger.whenConnected();
    assistant = await startHomeAssistant(environment!, { configuration });
    startBridge();
  }, 600_000);
  afterAll(async () => {
    for (const service of running) service.kill("SIGKILL");
    for (const service of running) await service.ended;
    await messenger?.close();
    await assistant?.stop();
    await broker?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("are read: a thermometer and a power meter in kW", async () => {
    expect(await measured(() => true)).toEqual({ temperature: 19.5, power_consumption: 1500 });
    await assistant.call("input_number.set_value", { entity_id: "input_number.thermometer", value: 20.25 });
    await measured(({ temperature }) => temperature === 20.25);
  });

  test("are driven: a switch, a number and a thermostat that was off", async () => {
    await command(100);
    await assistant.when("input_number.valve", ({ state }) => Number(state) === 100);
    await assistant.when("input_boolean.plug", ({ state }) => state === "on");
    await assistant.when(
      "climate.radiator",
      (one) => one.state === "heat" && one.attributes.temperature === 25,
    );
    await assistant.when("input_boolean.radiator", ({ state }) => state === "on");
    await command(0);
    await assistant.when("input_number.valve", ({ state }) => Number(state) === 0);
    await assistant.when("input_boolean.plug", ({ state }) => state === "off");
    await assistant.when("climate.radiator", ({ attributes }) => attributes.temperature === 7);
    await assistant.when("input_boolean.radiator", ({ state }) => state === "off");
  });

  test("are what the core decides by, and what its decision drives", async () => {
    await assistant.call("input_number.set_value", { entity_id: "input_number.thermometer", value: 16 });
    start("mpc", { AZRU_MPC_THREADS: "1" });
    const core = start("core");
    const opened = await assistant.when("input_number.valve", ({ state }) => Number(state) > 5);
    const decision = core.log.findLast((line) => /^valve \d+ %/.test(String(line.msg)));
    expect(decision).toMatchObject({ valve_position: expect.any(Number) });
    expect(Number(opened.state)).toBeCloseTo(Number(decision?.valve_position), 0);
    core.kill("SIGTERM");
    await core.ended;
  });

  test("are left where they are safe, and found again", async () => {
    await command(100);
    await assistant.when("input_number.valve", ({ state }) => Number(state) === 100);
    const bridge = running[0];
    bridge.kill("SIGTERM");
    expect(await bridge.ended).toBe(0);
    await assistant.when("input_number.valve", ({ state }) => Number(state) === 30);
    await assistant.when("climate.radiator", ({ attributes }) => attributes.temperature === 19);
    const back = measured(() => true);
    startBridge();
    await back;
    await command(60);
    await assistant.when("input_number.valve", ({ state }) => Number(state) === 60);
  });

  test("are not read with a token that Home Assistant refuses, and the reason is said", async () => {
    const refused = start("home-assistant", {
      AZRU_ENTITIES: join(folder, "home-assistant.yaml"),
      AZRU_HOME_ASSISTANT_URL: assistant.url,
      AZRU_HOME_ASSISTANT_TOKEN: "wrong",
    });
    expect(await refused.ended).toBe(1);
    expect(JSON.stringify(refused.log)).toContain("AZRU_HOME_ASSISTANT_TOKEN is not accepted");
  });

  test("leave no word of refusal at the broker", () => {
    expect(broker.log.filter((line) => /denied|not authori[sz]ed/i.test(line))).toEqual([]);
  });
});
