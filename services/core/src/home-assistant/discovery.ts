/** How Home Assistant shows the home: one device and its entities, by device-based MQTT discovery. */
import { type Discovery, type Topic, topicNameOf, topics } from "@azru/contracts";
import type { Language } from "../dashboard/page/format.ts";
import { celsius, deviceIdOf, type EntityKit, entitiesOf, watt } from "./entity-kit.ts";
import { type AnnouncedRoom, roomEntities } from "./room-entities.ts";

export interface DiscoveryOptions {
  readonly site: string;
  readonly version: string;
  /** Degrees C, ends of what a person may ask for. */
  readonly setpoint: { readonly min: number; readonly max: number };
  /** Whether the tariff has colours. */
  readonly hasColours: boolean;
  /** What may have a problem: the names below `problems` of the home's state. */
  readonly problems: readonly string[];
  /** None in a home that is one room. */
  readonly rooms: readonly AnnouncedRoom[];
  /** Of the entities' names. */
  readonly language: Language;
}

const euro = { device_class: "monetary", unit_of_measurement: "EUR", suggested_display_precision: 2 };
const euroPerKwh = {
  unit_of_measurement: "EUR/kWh",
  suggested_display_precision: 4,
  icon: "mdi:currency-eur",
};
const daysLeft = { unit_of_measurement: "d", state_class: "measurement", icon: "mdi:calendar-range" };
/** The lowest ceiling that may be asked for, degrees C. */
const lowestCeiling_c = 6;
const colours = ["blue", "white", "red", "unknown"];

/**
 * The discovery payload of a home.
 *
 * Source: https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload and the page of each platform.
 */
export function discoveryOf(options: DiscoveryOptions): Discovery {
  const { site, version } = options;
  const device = deviceIdOf(site);
  const kit = entitiesOf(options);
  return {
    device: {
      identifiers: [device],
      name: site === "home" ? "Azru" : `Azru ${site}`,
      manufacturer: "Azru",
      model: "Heating controller",
      sw_version: version,
    },
    origin: { name: "Azru", sw_version: version },
    availability: [{ topic: topicNameOf(topics.status, site, { service: "core" }) }],
    qos: 1,
    components: {
      heating: heating(kit, options),
      ...measurements(kit),
      ...prices(kit),
      ...(options.hasColours && colourSensors(kit)),
      ...explanations(kit),
      ...problems(kit, options.problems),
      ...controls(kit, options),
      ...Object.assign({}, ...options.rooms.map((room) => roomEntities(kit, room, options))),
    },
  };
}

function heating({ topicOf, state_topic, value, entity }: EntityKit, { setpoint }: DiscoveryOptions) {
  return entity("climate", "heating", {
    temperature_unit: "C",
    precision: 0.1,
    modes: ["auto", "heat", "off"],
    mode_command_topic: topicOf(topics.controlMode),
    mode_command_template: "{{ 'thermostat' if value == 'heat' else value }}",
    mode_state_topic: state_topic,
    mode_state_template: "{{ value_json.mode if value_json.mode in ['auto', 'off'] else 'heat' }}",
    power_command_topic: topicOf(topics.controlMode),
    payload_on: "on",
    payload_off: "off",
    action_topic: state_topic,
    action_template: value("action"),
    current_temperature_topic: state_topic,
    current_temperature_template: value("temperature"),
    temperature_state_topic: state_topic,
    temperature_state_template: value("setpoint"),
    temperature_command_topic: topicOf(topics.controlSetpoint),
    temp_step: 0.5,
    preset_modes: ["eco", "comfort", "boost", "away"],
    preset_mode_command_topic: topicOf(topics.controlPreset),
    preset_mode_state_topic: state_topic,
    preset_mode_value_template: "{{ 'none' if value_json.preset == 'vacation' else value_json.preset }}",
    min_temp: setpoint.min,
    max_temp: setpoint.max,
    json_attributes_topic: state_topic,
    json_attributes_template:
      "{{ {'reason': value_json.reason, 'source': value_json.source, 'manual_until': value_json.manual_until, 'preset_until': value_json.preset_until, 'comfort_of': value_json.comfort_of} | tojson }}",
  });
}

function measurements({ sensor }: EntityKit) {
  return {
    temperature: sensor("temperature", celsius),
    walls: sensor("mass_temperature", { ...celsius, icon: "mdi:wall" }),
    operative_temperature: sensor("operative_temperature", { ...celsius, icon: "mdi:home-thermometer" }),
    planned_temperature: sensor("planned_temperature", celsius),
    planned_power: sensor("planned_power", watt),
    energy: sensor("energy", {
      device_class: "energy",
      unit_of_measurement: "kWh",
      state_class: "total_increasing",
      suggested_display_precision: 1,
    }),
    cost: sensor("cost", { ...euro, state_class: "total" }),
    saving: sensor("saving", { ...euro, state_class: "total", icon: "mdi:piggy-bank" }),
  };
}

function prices({ topicOf, sensor }: EntityKit) {
  return {
    price: sensor("price", {
      ...euroPerKwh,
      state_class: "measurement",
      json_attributes_topic: topicOf(topics.homePrices),
    }),
    next_price: sensor("next_price", euroPerKwh),
    price_changes_at: sensor("price_changes_at", { device_class: "timestamp", icon: "mdi:clock-outline" }),
  };
}

function colourSensors({ topicOf, sensor }: EntityKit) {
  const colour = (day: "today" | "tomorrow", icon: string) =>
    sensor(`colour_${day}`, {
      device_class: "enum",
      options: colours,
      icon,
      json_attributes_topic: topicOf(topics.tariff),
      json_attributes_template: `{{ value_json.${day} | tojson }}`,
    });
  return {
    colour_today: colour("today", "mdi:calendar-today"),
    colour_tomorrow: colour("tomorrow", "mdi:calendar-arrow-right"),
    blue_days_left: sensor("blue_days_left", daysLeft),
    white_days_left: sensor("white_days_left", daysLeft),
    red_days_left: sensor("red_days_left", daysLeft),
  };
}

function explanations({ sensor, state_topic }: EntityKit) {
  return {
    reason: sensor("reason", {
      value_template: "{{ (value_json.reason or '') | truncate(250) }}", // a state has 255 characters at most
      icon: "mdi:comment-question-outline",
      json_attributes_topic: state_topic,
      json_attributes_template: "{{ {'text': value_json.reason, 'detail': value_json.detail} | tojson }}",
    }),
    vacation_until: sensor("vacation_until", { device_class: "timestamp", icon: "mdi:bag-suitcase" }),
  };
}

function problems({ entity, state_topic, value }: EntityKit, names: readonly string[]) {
  const problem = (name: string) =>
    entity("binary_sensor", `problem_${name}`, {
      device_class: "problem",
      entity_category: "diagnostic",
      state_topic,
      value_template: `{{ 'ON' if value_json.problems.${name} else 'OFF' }}`,
      json_attributes_topic: state_topic,
      json_attributes_template: `{{ {'detail': value_json.problems.${name}} | tojson }}`,
    });
  return {
    failsafe: entity("binary_sensor", "failsafe", {
      device_class: "problem",
      state_topic,
      value_template: value("failsafe"),
    }),
    ...Object.fromEntries(names.map((name) => [`problem_${name}`, problem(name)])),
  };
}

function controls(
  { entity, topicOf, state_topic, value }: EntityKit,
  { setpoint }: Pick<DiscoveryOptions, "setpoint">,
) {
  const button = (id: string, topic: Topic<string>, payload_press: string, icon: string) =>
    entity("button", id, { command_topic: topicOf(topic), payload_press, icon });
  const warmest = (field: "warmest_day" | "warmest_night", key: "day_c" | "night_c") =>
    entity("number", field, {
      state_topic,
      value_template: value(field),
      command_topic: topicOf(topics.controlWarmest),
      command_template: `{"${key}": {{ value }}}`,
      ...{ min: lowestCeiling_c, max: setpoint.max, step: 0.5 },
      mode: "box",
      device_class: "temperature",
      unit_of_measurement: "°C",
      entity_category: "config",
      icon: "mdi:thermometer-high",
    });
  return {
    valve: entity("number", "valve", {
      state_topic,
      value_template: value("valve_position"),
      command_topic: topicOf(topics.controlValve),
      min: 0,
      max: 100,
      step: 1,
      mode: "slider",
      unit_of_measurement: "%",
      icon: "mdi:valve",
    }),
    warmest_day: warmest("warmest_day", "day_c"),
    warmest_night: warmest("warmest_night", "night_c"),
    optimize: button("optimize", topics.controlOptimize, "now", "mdi:refresh"),
    automatic: button("automatic", topics.controlMode, "auto", "mdi:autorenew"),
    end_vacation: button("end_vacation", topics.controlVacation, "null", "mdi:home-import-outline"),
  };
}
