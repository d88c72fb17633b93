import { readFileSync } from "node:fs";
import {
  type HomeState,
  homeAssistantTopics,
  homePricesSchema,
  homeStateSchema,
  isoTimeOf,
  topicNameOf,
  topics,
} from "@azru/contracts";
import { respond } from "@azru/messaging";
import { brokers } from "@azru/messaging/testing";
import { startService } from "@azru/runtime/testing";
import mqtt from "mqtt";
import nunjucks from "nunjucks";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { collector } from "../testing/collector.ts";
import { flatPlan } from "../testing/plans.ts";
import {
  type Device,
  type LiveCore,
  silent,
  startMs,
  startTestHome,
  stepMs,
  type TestHome,
} from "../testing/test-home.ts";
import { discoveryOf } from "./discovery.ts";
import { deviceIdOf } from "./entity-kit.ts";
import { startHomeAssistant } from "./home-assistant.ts";
import { homePricesOf } from "./home-prices.ts";
import { entityName } from "./names.ts";
import type { AnnouncedRoom } from "./room-entities.ts";
import { documentedDiscoverySchema } from "./testing.ts";

const prefix = "homeassistant";
const home = {
  site: "home",
  version: "1.2.3",
  setpoint: { min: 5, max: 30 },
  hasColours: false,
  problems: ["store", "mpc", "weather", "tariff", "sensors", "heating"],
  rooms: [],
  language: "en",
} as const;
const withRooms = (rooms: readonly AnnouncedRoom[]) => discoveryOf({ ...home, rooms });
const discovery = withRooms([]);
const components = Object.entries(discovery.components);

describe("what is announced", () => {
  test("is what Home Assistant documents", () => {
    expect(documentedDiscoverySchema.parse(discovery)).toEqual(discovery);
  });

  test("has one entity each, also beside another home's", () => {
    const other = discoveryOf({ ...home, site: "chalet 2", hasColours: true });
    const ids = [discovery, other].flatMap((d) => Object.values(d.components).map((c) => c.unique_id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(documentedDiscoverySchema.parse(other).device.identifiers).toEqual(["azru_chalet_202"]);
  });

  test("gives the entities ids that the documented dashboard names, whatever their names", () => {
    const rooms = [{ name: "Salon (nord)", isHeated: true }];
    const french = discoveryOf({ ...home, rooms, hasColours: true, language: "fr" });
    const ids = Object.values(french.components).map(({ default_entity_id }) => default_entity_id);
    for (const page of ["home-assistant.md", "fr/home-assistant.md"]) {
      const text = readFileSync(new URL(`../../../../docs/${page}`, import.meta.url), "utf8");
      const named = text.match(/\b(climate|sensor|binary_sensor|number|button)\.azru_\w+/g) ?? [];
      expect(ids, page).toEqual(expect.arrayContaining(named));
    }
    expect(french.components).toMatchObject({
      heating: { name: "Chauffage", default_entity_id: "climate.azru_home_heating" },
      problem_mpc: { name: "Optimiseur" },
    });
  });

  test("has names in every language for all that there is", () => {
    const names = (language: "en" | "fr") =>
      Object.values(discoveryOf({ ...home, hasColours: true, language }).components).map((c) => c.name);
    expect(new Set(names("fr")).size).toBe(names("en").length);
    expect(entityName("problem_heating_stuck", "fr")).toBe("Heating stuck");
  });

  test.each(["home", "a/b", "été", "a b", "a_20b"])(
    "names the device of %j by letters that a topic takes",
    (site) => {
      expect(deviceIdOf(site)).toMatch(/^azru_[\w-]+$/);
    },
  );
});

describe("what is announced of rooms", () => {
  const rooms = [
    { name: "Chambre d'amis", isHeated: true },
    { name: "Été & co, (nord)", isHeated: false },
    { name: "寝室", isHeated: false },
  ];
  const ofRooms = (language: "en" | "fr") =>
    Object.entries(discoveryOf({ ...home, rooms, language }).components).filter(([key]) =>
      key.startsWith("room_"),
    );

  test("is what Home Assistant documents: more of a room that is heated by itself", () => {
    const all = discoveryOf({ ...home, rooms });
    expect(documentedDiscoverySchema.parse(all)).toEqual(all);
    const ids = ofRooms("en").map(([, { default_entity_id }]) => default_entity_id);
    expect(ids).toEqual([
      "sensor.azru_home_room_chambre_d_amis_temperature",
      "binary_sensor.azru_home_room_chambre_d_amis_window",
      "binary_sensor.azru_home_room_chambre_d_amis_problem",
      "sensor.azru_home_room_chambre_d_amis_setpoint",
      "sensor.azru_home_room_chambre_d_amis_power",
      "climate.azru_home_room_chambre_d_amis",
      "sensor.azru_home_room_ete_co_nord_temperature",
      "binary_sensor.azru_home_room_ete_co_nord_window",
      "binary_sensor.azru_home_room_ete_co_nord_problem",
      "sensor.azru_home_room_5bdd_5ba4_temperature",
      "binary_sensor.azru_home_room_5bdd_5ba4_window",
      "binary_sensor.azru_home_room_5bdd_5ba4_problem",
    ]);
    expect(ofRooms("en")[3][1].name).toBe("Chambre d'amis set temperature");
    expect(ofRooms("fr").map(([, { name }]) => name)).toContain("Chambre d'amis consigne");
  });

  test("has the ids of its own home, whatever that is called", () => {
    const { components } = discoveryOf({ ...home, site: "guest_room_2", rooms: [rooms[0]] });
    expect(Object.values(components).map(({ default_entity_id }) => default_entity_id)).toContain(
      "sensor.azru_guest_room_2_room_chambre_d_amis_temperature",
    );
  });

  test("shows what the home's state says of each room", () => {
    const value_json = {
      rooms: {
        "Chambre d'amis": { temperature: 16.9, setpoint: 17, power: 450, window: "OFF", problem: null },
        "Été & co, (nord)": { temperature: "None", window: "ON", problem: "no reading for 40 minutes" },
        寝室: { temperature: 20, window: "OFF", problem: null },
      },
    };
    const shown = ofRooms("en").flatMap(([, { platform, value_template }]) =>
      platform === "climate" ? [] : render(String(value_template), { value_json }),
    );
    expect(shown).toEqual([
      ...["16.9", "OFF", "OFF", "17", "450"],
      ...["None", "ON", "ON"],
      ...["20", "OFF", "OFF"],
    ]);
  });
});

describe("the prices hour by hour", () => {
  // Winter time: midnight in Paris is 23:00 UTC.
  const hour = (day: number, hours: number) => Date.UTC(2026, 0, day) + (hours - 1) * 3_600_000;
  const rate = (startMs: number, endMs: number, price_eur_kwh: number, colour: "red" | "unknown") =>
    ({ startMs, endMs, price_eur_kwh, colour, period: "peak" }) as const;
  const known = [
    rate(hour(15, 0), hour(15, 6), 0.1325, "red"),
    rate(hour(15, 6), hour(15, 22), 0.706, "red"),
    rate(hour(15, 22), hour(16, 6), 0.1575, "red"),
  ];
  const tomorrow = (colour: "red" | "unknown") => [
    ...known,
    rate(hour(16, 6), hour(16, 12.5), 0.3, colour),
    rate(hour(16, 12.5), hour(17, 0), 0.2, colour),
  ];
  const pricesAt = (timeMs: number, colour: "red" | "unknown") =>
    homePricesOf(
      {
        rates: (startMs, endMs) =>
          tomorrow(colour).filter((one) => one.startMs < endMs && one.endMs > startMs),
      },
      timeMs,
    );

  test("are those of the calendar day, which are published with the colour", () => {
    const { raw_today, raw_tomorrow, tomorrow_valid } = pricesAt(hour(15, 3), "unknown");
    expect(raw_today.map(({ value }) => value)).toEqual([
      ...Array(6).fill(0.1325),
      ...Array(16).fill(0.706),
      ...Array(2).fill(0.1575),
    ]);
    expect(raw_today[6]).toEqual({
      start: "2026-01-15T05:00:00.000Z",
      end: "2026-01-15T06:00:00.000Z",
      value: 0.706,
    });
    expect(raw_tomorrow).toHaveLength(6);
    expect(tomorrow_valid).toBe(false);
  });

  test("are complete once tomorrow's colour is, and cut where a price changes within an hour", () => {
    const prices = homePricesSchema.parse(pricesAt(hour(15, 12), "red"));
    expect(prices.tomorrow_valid).toBe(true);
    expect(prices.raw_tomorrow).toHaveLength(25);
    expect(prices.raw_tomorrow.slice(12, 14)).toEqual([
      { start: isoTimeOf(hour(16, 12)), end: isoTimeOf(hour(16, 12.5)), value: 0.3 },
      { start: isoTimeOf(hour(16, 12.5)), end: isoTimeOf(hour(16, 13)), value: 0.2 },
    ]);
  });
});

/** Home Assistant as far as the broker sees it. */
interface Assistant {
  readonly received: ReturnType<typeof collector<{ topic: string; text: string; retained: boolean }>>;
  /** The next state that is as asked, after the one received last. */
  state(isWanted: (state: HomeState) => boolean): Promise<HomeState>;
  say(topic: string, text: string, retain?: boolean): Promise<unknown>;
}

async function assistantOf(home: TestHome, open: (() => Promise<unknown>)[]): Promise<Assistant> {
  const client = await mqtt.connectAsync(home.broker.url, { protocolVersion: 4 });
  open.push(() => client.endAsync(true));
  const received = collector<{ topic: string; text: string; retained: boolean }>();
  client.on("message", (topic, bytes, { retain }) =>
    received.push({ topic, text: bytes.toString(), retained: retain }),
  );
  await client.subscribeAsync([`${prefix}/device/#`, "home/state", "home/sys/status/core"], { qos: 1 });
  let from = 0;
  return {
    received,
    async state(isWanted) {
      const found = await received.next(
        ({ topic, text }) => topic === "home/state" && isWanted(JSON.parse(text) as HomeState),
        from,
      );
      from = received.all.indexOf(found) + 1;
      return homeStateSchema.parse(JSON.parse(found.text));
    },
    say: (topic, text, retain = false) => client.publishAsync(topic, text, { qos: 1, retain }),
  };
}

for (const kind of brokers) {
  describe.skipIf(!kind.available)(`Home Assistant on ${kind.name}`, () => {
    let home: TestHome;
    let device: Device;
    let live: LiveCore;
    const open: (() => Promise<unknown>)[] = [];

    beforeEach(async () => {
      home = await startTestHome(kind);
      device = await home.device();
      respond(device.messenger, topics.mpcRequest, topics.mpcPlan, ({ id, start }) =>
        flatPlan({ id, startMs: Date.parse(start), valve_position: 45, temperature_c: 20 }),
      );
      live = await home.core();
      const { core, messenger } = live;
      const stop = startHomeAssistant({ core, messenger, prefix, version: "1.2.3", log: silent });
      open.push(async () => stop());
    });
    afterEach(async () => {
      for (const close of open.splice(0).reverse()) await close();
      await home.stop();
    });

    test("finds the home whenever it comes, with its state, which fits every template", async () => {
      await device.decision(startMs, { temperature: 19.5 });
      const assistant = await assistantOf(home, open);
      const config = await assistant.received.next(
        ({ topic }) => topic === `${prefix}/device/azru_home/config`,
        0,
      );
      expect(config.retained).toBe(true);
      expect(JSON.parse(config.text)).toEqual(discovery);
      expect(await assistant.received.next(({ topic }) => topic === "home/sys/status/core", 0)).toMatchObject(
        {
          text: "online",
        },
      );

      const state = await assistant.state(({ source }) => source === "mpc");
      expect(state).toMatchObject({
        mode: "auto",
        action: "heating",
        temperature: 19.5,
        valve_position: 45,
        planned_temperature: 20,
        setpoint: 19,
        failsafe: "OFF",
        reason: expect.stringMatching(/^Heating now: /),
        detail: expect.stringMatching(/^optimal plan: /),
        energy: 0,
        problems: { mpc: null, sensors: null },
      });
      const value_json = asJinjaPrints(state);
      for (const [name, component] of components) {
        for (const [key, template] of Object.entries(component)) {
          if (!key.endsWith("_template") || key.includes("command")) continue;
          const text = render(String(template), { value_json });
          expect(text, `${name}.${key}`).not.toBe("");
          const [, field] = /^\{\{ value_json\.(\w+) \}\}$/.exec(String(template)) ?? [];
          if (field) expect(Object.keys(state), `${name}.${key}`).toContain(field);
        }
      }
      for (const [, { options, value_template }] of components) {
        if (Array.isArray(options))
          expect([...options, "None"]).toContain(render(String(value_template), { value_json }));
      }
    });

    test("shows the temperature of air and walls together, and whether comfort is of it", async () => {
      for (const k of [0, 1]) await device.decision(startMs + k * stepMs, { temperature: 19.5 });
      await live.core.idle();
      const { estimate } = live.core.state();
      const assistant = await assistantOf(home, open);
      const { heating, operative_temperature } = discovery.components;
      const attributesOf = (state: HomeState) =>
        JSON.parse(render(String(heating.json_attributes_template), { value_json: asJinjaPrints(state) }));

      const air = await assistant.state((state) => state.operative_temperature !== null);
      expect(air.operative_temperature).toBeCloseTo(estimate!.operative_temperature!, 2);
      expect(air.operative_temperature).not.toBe(air.temperature);
      expect(render(String(operative_temperature.value_template), { value_json: air })).toBe(
        String(air.operative_temperature),
      );
      expect(attributesOf(air)).toMatchObject({ comfort_of: "air", preset_until: "None" });

      const { comfort } = live.core;
      comfort.setSettings({ ...comfort.response.settings, of: "operative" });
      const both = await assistant.state(({ comfort_of }) => comfort_of === "operative");
      expect(attributesOf(both)).toMatchObject({ comfort_of: "operative" });
    });

    test("gets the entities of rooms when they measure, and loses those of one that is forgotten", async () => {
      await device.decision(startMs, { temperature: 19.5 });
      const assistant = await assistantOf(home, open);
      const measure = (name: string, timeMs: number, more: object = {}) =>
        device.messenger.publish(
          topics.sensorMetrics,
          { room: name },
          { temperature: 17, sim_time: isoTimeOf(timeMs), ...more },
        );
      const announcement = (isWanted: (components: Record<string, { unique_id?: string }>) => boolean) =>
        assistant.received.next(
          ({ topic, text }) => topic.endsWith("/config") && isWanted(JSON.parse(text).components),
          0,
        );
      await measure("Salon (nord)", startMs, { window_open: 1 });
      await device.decision(startMs + stepMs, { temperature: 19.5 });
      await announcement((components) => "room_Salon_20_28nord_29_temperature" in components);
      const state = await assistant.state(({ rooms }) => "Salon (nord)" in rooms);
      expect(state.rooms["Salon (nord)"]).toEqual({
        temperature: 17,
        setpoint: null,
        target: null,
        mode: null,
        preset: null,
        action: null,
        power: null,
        window: "ON",
        problem: null,
      });

      await device.decision(startMs + 74 * 3_600_000, { temperature: 19.5 });
      const gone = await announcement(
        ({ room_Salon_20_28nord_29_temperature: one }) => one !== undefined && one.unique_id === undefined,
      );
      expect(JSON.parse(gone.text).components.room_Salon_20_28nord_29_temperature).toEqual({
        platform: "sensor",
      });
      await assistant.state(({ rooms }) => Object.keys(rooms).length === 0);
    });

    test("removes the entities of rooms that another core has announced before", async () => {
      const assistant = await assistantOf(home, open);
      const topic = `${prefix}/device/azru_home/config`;
      const old = withRooms([{ name: "attic", isHeated: true }]);
      await assistant.received.next((message) => message.topic === topic, 0);
      await assistant.say(topic, JSON.stringify(old), true);
      const gone = await assistant.received.next(
        ({ text, ...message }) =>
          message.topic === topic &&
          JSON.parse(text).components.room_attic_power?.unique_id === undefined &&
          "room_attic_power" in JSON.parse(text).components,
        0,
      );
      expect(JSON.parse(gone.text).components.room_attic_power).toEqual({ platform: "sensor" });
    });

    test("is published again at its birth", async () => {
      const assistant = await assistantOf(home, open);
      await assistant.received.next(({ topic }) => topic.endsWith("/config"), 0);
      const before = assistant.received.all.length;
      const again = assistant.received.next(({ topic }) => topic.endsWith("/config"), before);
      await assistant.say(topicNameOf(homeAssistantTopics.status, "home", { prefix }), "online");
      expect(JSON.parse((await again).text)).toEqual(discovery);
    });

    test("takes another warmest temperature, by day and at night, and refuses one below comfort", async () => {
      await device.decision(startMs, { temperature: 20 });
      const assistant = await assistantOf(home, open);
      const { warmest_day, warmest_night } = discovery.components;
      const set = (component: typeof warmest_day, value: number) =>
        assistant.say(String(component.command_topic), render(String(component.command_template), { value }));
      await assistant.state((state) => state.warmest_day === 28 && state.warmest_night === 28);
      await set(warmest_day, 24);
      await assistant.state((state) => state.warmest_day === 24 && state.warmest_night === 28);
      await set(warmest_night, 21.5);
      await assistant.state((state) => state.warmest_day === 24 && state.warmest_night === 21.5);
      expect(live.core.comfort.response.settings.warmest).toEqual({
        ...{ day_c: 24, night_c: 21.5 },
        ...{ night_from: "22:00", night_until: "07:00" },
      });
      expect(() => live.core.comfort.setWarmest({ day_c: 18 })).toThrow("body.day_c must be >= 19");
      await set(warmest_day, 18);
      await set(warmest_night, 22);
      const last = await assistant.state((state) => state.warmest_night === 22);
      expect(last.warmest_day).toBe(24);
    });

    test("commands the home by what the announcement says", async () => {
      await device.decision(startMs, { temperature: 20 });
      const assistant = await assistantOf(home, open);
      const { valve, automatic } = discovery.components;

      await assistant.say(String(valve.command_topic), "80");
      await assistant.state(({ mode, valve_position }) => mode === "manual" && valve_position === 80);

      await assistant.say(String(automatic.command_topic), String(automatic.payload_press));
      const back = await assistant.state(
        ({ mode, source, valve_position }) => mode === "auto" && source === "mpc" && valve_position === 45,
      );
      expect(back.manual_until).toBeNull();

      await assistant.say("home/control/mode", "manual");
      await assistant.state(({ mode, valve_position }) => mode === "manual" && valve_position === 45);
    });

    test("is switched off, on and over by its thermostat", async () => {
      await device.decision(startMs, { temperature: 20 });
      const assistant = await assistantOf(home, open);
      const { heating } = discovery.components;
      const power = (payload: unknown) => assistant.say(String(heating.power_command_topic), String(payload));
      const choose = (value: string) =>
        assistant.say(
          String(heating.mode_command_topic),
          render(String(heating.mode_command_template), { value }),
        );
      const shown = (mode: string) => render(String(heating.mode_state_template), { value_json: { mode } });

      await power(heating.payload_off);
      const off = await assistant.state(({ action }) => action === "off");
      expect(off).toMatchObject({ mode: "off", valve_position: 0, manual_until: null });
      expect(off.reason).toBe("Switched off: only frost protection heats.");
      await power(heating.payload_on);
      await assistant.state(({ mode, source }) => mode === "auto" && source === "mpc");

      // 20 degrees are within the thermostat's band about the setpoint of 19; at 20.5 it has to heat.
      await choose("heat");
      expect(
        await assistant.state(({ mode, source }) => mode === "thermostat" && source === "thermostat"),
      ).toMatchObject({ valve_position: 0, action: "idle" });
      await assistant.say(String(heating.temperature_command_topic), "20.6");
      expect(
        await assistant.state(({ source, action }) => source === "thermostat" && action === "heating"),
      ).toMatchObject({
        valve_position: 100,
        setpoint: 20.6,
        detail: "thermostat: 20.0 degrees, to be about 20.6",
      });
      await choose("off");
      await assistant.state(({ mode, valve_position }) => mode === "off" && valve_position === 0);
      await power(heating.payload_on);
      await assistant.state(({ mode, source }) => mode === "thermostat" && source === "thermostat");
      await choose("auto");
      await assistant.state(({ mode, source }) => mode === "auto" && source === "mpc");
      expect(["auto", "thermostat", "manual", "off"].map(shown)).toEqual(["auto", "heat", "heat", "off"]);
    });

    test("is protected from frost while it is off, and off after a restart", async () => {
      await device.decision(startMs, { temperature: 20 });
      const assistant = await assistantOf(home, open);
      await assistant.say("home/control/mode", "off");
      await assistant.state(({ mode, valve_position }) => mode === "off" && valve_position === 0);
      expect(await device.decision(startMs + stepMs, { temperature: 7.5 })).toMatchObject({
        valve_position: 100,
        source: "failsafe",
      });
      await live.stop();
      const { core } = await home.core();
      expect(core.state().mode).toBe("off");
      expect(core.forceOptimization()).toBeUndefined();
    });

    test("comfort requests: presets, presence, setpoint, vacation", async () => {
      await device.decision(startMs, { temperature: 20 });
      const assistant = await assistantOf(home, open);
      const { heating, end_vacation } = discovery.components;
      const request = (preset: string) => assistant.say(String(heating.preset_mode_command_topic), preset);

      await request("eco");
      expect(await assistant.state(({ preset }) => preset === "eco")).toMatchObject({ setpoint: 17 });
      await request("away");
      await assistant.state(({ preset, setpoint }) => preset === "away" && setpoint === 17);
      await request("boost");
      expect(await assistant.state(({ preset }) => preset === "boost")).toMatchObject({
        setpoint: 21,
        preset_until: "2026-01-15T06:00:00.000Z",
      });
      await assistant.say(String(heating.temperature_command_topic), "20.5");
      await assistant.state(({ preset, setpoint }) => preset === "none" && setpoint === 20.5);
      await request("none");
      await assistant.state(({ preset, setpoint }) => preset === "none" && setpoint === 19);

      await assistant.say("home/control/vacation", JSON.stringify({ until: "2026-01-20T18:00" }));
      const gone = await assistant.state(({ preset }) => preset === "vacation");
      expect(gone.vacation_until).toBe("2026-01-20T17:00:00.000Z");
      await assistant.say(String(end_vacation.command_topic), String(end_vacation.payload_press));
      await assistant.state(({ preset, vacation_until }) => preset === "none" && vacation_until === null);
    });

    test("has the home optimise at once", async () => {
      await device.decision(startMs, { temperature: 20 });
      await live.core.idle();
      const assistant = await assistantOf(home, open);
      const { optimize } = discovery.components;
      const decided = new Promise<string>((resolve) => {
        const stop = live.core.onChange(() => {
          if (live.core.state().decision?.cause !== "asked for") return;
          stop();
          resolve("asked for");
        });
      });
      await assistant.say(String(optimize.command_topic), String(optimize.payload_press));
      expect(await decided).toBe("asked for");
    });

    test("commands nothing by what is malformed", async () => {
      await device.decision(startMs, { temperature: 20 });
      const assistant = await assistantOf(home, open);
      for (const [topic, text] of [
        ["home/control/valve", "101"],
        ["home/control/valve", "NaN"],
        ["home/control/mode", "cool"],
        ["home/control/optimize", "PRESS"],
      ] as const)
        await assistant.say(topic, text);
      const fence = assistant.state(({ valve_position }) => valve_position === 33);
      await assistant.say("home/control/valve", "33");
      await fence;
      expect(live.messenger.metrics().topics).toMatchObject({
        controlValve: { rejected: 2, received: 1 },
        controlMode: { rejected: 1, received: 0 },
        controlOptimize: { rejected: 1, received: 0 },
      });
    });

    test("commands nothing by what the broker has kept", async () => {
      await live.stop();
      const assistant = await assistantOf(home, open);
      await assistant.say("home/control/mode", "off", true);
      const { core, messenger } = await home.core();
      startHomeAssistant({ core, messenger, prefix, version: "1.2.3", log: silent });
      await device.decision(startMs, { temperature: 20 });
      await core.idle();
      const before = assistant.received.all.length;
      await assistant.say("home/control/valve", "33");
      await assistant.received.next(
        ({ topic, text }) => topic === "home/state" && text.includes('"valve_position":33'),
        before,
      );
      expect(messenger.metrics().topics.controlMode).toMatchObject({ received: 1 });
      const modes = assistant.received.all
        .filter(({ topic }) => topic === "home/state")
        .map(({ text }) => homeStateSchema.parse(JSON.parse(text)).mode);
      expect(modes).not.toContain("off");
    });
  });
}

describe.each(brokers.filter(({ available }) => available))("the core's process on $name", (kind) => {
  test("is announced, and unavailable once it is killed", async () => {
    const home = await startTestHome(kind);
    const open: (() => Promise<unknown>)[] = [];
    const core = startService(new URL("../main.ts", import.meta.url), {
      MQTT_URL: home.broker.url,
      AZRU_DATA_DIR: home.folder,
      AZRU_HTTP_PORT: "0",
      AZRU_TIME: "simulated",
      AZRU_TARIFF: "peak",
      AZRU_HOME_ASSISTANT: prefix,
      AZRU_LOG_LEVEL: "warn",
    });
    try {
      const assistant = await assistantOf(home, open);
      const availability = discovery.availability[0].topic;
      await assistant.received.next(({ topic }) => topic === `${prefix}/device/azru_home/config`, 0);
      await assistant.received.next(({ topic, text }) => topic === availability && text === "online", 0);
      const gone = assistant.received.next(({ topic, text }) => topic === availability && text === "offline");
      core.kill("SIGKILL");
      expect(await gone).toMatchObject({ topic: "home/sys/status/core" });
    } finally {
      core.kill("SIGKILL");
      await core.ended;
      for (const close of open) await close();
      await home.stop();
    }
  });
});

/** Home Assistant takes "None" for an unknown value. */
function asJinjaPrints(state: HomeState): Record<string, unknown> {
  return Object.fromEntries(Object.entries(state).map(([field, value]) => [field, value ?? "None"]));
}

function render(template: string, context: object): string {
  const environment = new nunjucks.Environment(undefined, { throwOnUndefined: true, autoescape: false });
  environment.addFilter("tojson", (value: unknown) => JSON.stringify(value));
  return environment.renderString(template, context);
}
