/** How Home Assistant shows the home: one device and its entities, by device-based MQTT discovery. */
import { type Discovery, type HomeState, type Topic, topicNameOf, topics } from "@azru/contracts";

export interface DiscoveryOptions {
  readonly site: string;
  readonly version: string;
  /** Degrees C, ends of what a person may ask for. */
  readonly setpoint: { readonly min: number; readonly max: number };
}

type Field = keyof HomeState;
type Component = Discovery["components"][string];

const euro = { device_class: "monetary", unit_of_measurement: "EUR", suggested_display_precision: 2 };
const celsius = {
  device_class: "temperature",
  unit_of_measurement: "°C",
  state_class: "measurement",
  suggested_display_precision: 1,
};
const colours = ["blue", "white", "red", "unknown"];

/** The object id of the discovery topic, and the device's identifier: letters, digits, `_` and `-`. */
export function deviceIdOf(site: string): string {
  const plain = site.replaceAll(/[^A-Za-z0-9_-]/g, (letter) => `_${letter.codePointAt(0)?.toString(16)}`);
  return `azru_${plain}`;
}

/**
 * The discovery payload of a home.
 *
 * Source: https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload and the page of each platform.
 */
export function discoveryOf({ site, version, setpoint }: DiscoveryOptions): Discovery {
  const device = deviceIdOf(site);
  const state_topic = topicNameOf(topics.homeState, site, {});
  const command = (topic: Topic<string>) => topicNameOf(topic as typeof topics.controlMode, site, {});
  const value = (field: Field) => `{{ value_json.${field} }}`;
  const entity = (platform: string, id: string, rest: Readonly<Record<string, unknown>>): Component => ({
    platform,
    unique_id: `${device}_${id}`,
    object_id: `${device}_${id}`,
    ...rest,
  });
  const sensor = (field: Field, name: string, rest: Readonly<Record<string, unknown>>) =>
    entity("sensor", field, { name, state_topic, value_template: value(field), ...rest });

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
      heating: entity("climate", "heating", {
        name: "Heating",
        temperature_unit: "C",
        precision: 0.1,
        modes: ["auto", "heat", "off"],
        mode_command_topic: command(topics.controlMode),
        mode_command_template: "{{ 'manual' if value == 'heat' else value }}",
        mode_state_topic: state_topic,
        mode_state_template: "{{ 'heat' if value_json.mode == 'manual' else value_json.mode }}",
        action_topic: state_topic,
        action_template: value("action"),
        current_temperature_topic: state_topic,
        current_temperature_template: value("temperature"),
        temperature_state_topic: state_topic,
        temperature_state_template: value("setpoint"),
        temperature_command_topic: command(topics.controlSetpoint),
        temp_step: 0.5,
        preset_modes: ["eco", "comfort", "boost", "away"],
        preset_mode_command_topic: command(topics.controlPreset),
        preset_mode_state_topic: state_topic,
        preset_mode_value_template: "{{ 'none' if value_json.preset == 'vacation' else value_json.preset }}",
        min_temp: setpoint.min,
        max_temp: setpoint.max,
        json_attributes_topic: state_topic,
        json_attributes_template:
          "{{ {'reason': value_json.reason, 'source': value_json.source, 'manual_until': value_json.manual_until, 'preset_until': value_json.preset_until} | tojson }}",
      }),
      temperature: sensor("temperature", "Temperature", celsius),
      walls: sensor("mass_temperature", "Walls", { ...celsius, icon: "mdi:wall" }),
      planned_temperature: sensor("planned_temperature", "Planned temperature", celsius),
      planned_power: sensor("planned_power", "Planned power", {
        device_class: "power",
        unit_of_measurement: "W",
        state_class: "measurement",
        suggested_display_precision: 0,
      }),
      price: sensor("price", "Price", {
        unit_of_measurement: "EUR/kWh",
        state_class: "measurement",
        suggested_display_precision: 4,
        icon: "mdi:currency-eur",
      }),
      colour_today: sensor("colour_today", "Colour today", {
        device_class: "enum",
        options: colours,
        icon: "mdi:calendar-today",
      }),
      colour_tomorrow: sensor("colour_tomorrow", "Colour tomorrow", {
        device_class: "enum",
        options: colours,
        icon: "mdi:calendar-arrow-right",
      }),
      cost: sensor("cost", "Cost", { ...euro, state_class: "total" }),
      saving: sensor("saving", "Saving", { ...euro, state_class: "total", icon: "mdi:piggy-bank" }),
      reason: sensor("reason", "Reason", {
        value_template: "{{ (value_json.reason or '') | truncate(250) }}",
        icon: "mdi:comment-question-outline",
      }),
      vacation_until: sensor("vacation_until", "Vacation until", {
        device_class: "timestamp",
        icon: "mdi:bag-suitcase",
      }),
      failsafe: entity("binary_sensor", "failsafe", {
        name: "Fail-safe",
        device_class: "problem",
        state_topic,
        value_template: value("failsafe"),
      }),
      valve: entity("number", "valve", {
        name: "Valve",
        state_topic,
        value_template: value("valve_position"),
        command_topic: command(topics.controlValve),
        min: 0,
        max: 100,
        step: 1,
        mode: "slider",
        unit_of_measurement: "%",
        icon: "mdi:valve",
      }),
      optimize: entity("button", "optimize", {
        name: "Optimise now",
        command_topic: command(topics.controlOptimize),
        payload_press: "now",
        icon: "mdi:refresh",
      }),
      automatic: entity("button", "automatic", {
        name: "Back to automatic",
        command_topic: command(topics.controlMode),
        payload_press: "auto",
        icon: "mdi:autorenew",
      }),
      end_vacation: entity("button", "end_vacation", {
        name: "End vacation",
        command_topic: command(topics.controlVacation),
        payload_press: "null",
        icon: "mdi:home-import-outline",
      }),
    },
  };
}
