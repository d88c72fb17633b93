/**
 * What zigbee2mqtt says of common radiator valves.
 *
 * The frame of `bridge/devices` is the example in zigbee2mqtt.io, "MQTT Topics and Messages"; each device's exposes
 * and states are put together from its page there (Exposes: name, access, range, values), devices/TRVZB.html,
 * 014G2461.html (Danfoss Ally), SPZB0001.html (Eurotronic Spirit), SRTS-A01.html (Aqara E1), BRT-100-TRV.html
 * (Moes), TS0601_thermostat.html (Tuya HY368), WSDCGQ01LM (thermometer of the first example). They are built from
 * the documentation, not recorded from hardware.
 */
const numeric = (property: string, access: number, range: object = {}) => ({
  type: "numeric",
  name: property,
  label: property,
  property,
  access,
  ...range,
});
const choice = (property: string, access: number, values: readonly (string | number)[]) => ({
  type: "enum",
  name: property,
  label: property,
  property,
  access,
  values,
});
const climate = (...features: object[]) => ({ type: "climate", features });
const setpoint = (property: string, value_min: number, value_max: number) =>
  numeric(property, 7, { value_min, value_max, value_step: 0.5, unit: "°C" });
const battery = numeric("battery", 1, { value_min: 0, value_max: 100, unit: "%" });
const linkquality = numeric("linkquality", 1, { value_min: 0, value_max: 255, unit: "lqi" });

let address = 0;
const device = (friendly_name: string, vendor: string, model: string, exposes: readonly object[]) => ({
  ieee_address: `0x00158d00018255${(address++).toString(16).padStart(2, "0")}`,
  type: "EndDevice",
  network_address: 29_159 + address,
  supported: true,
  friendly_name,
  endpoints: {
    1: { bindings: [], configured_reportings: [], clusters: { input: ["genBasic"], output: [] } },
  },
  definition: { model, vendor, description: model, options: [], exposes: [...exposes, linkquality] },
  power_source: "Battery",
  interviewing: false,
  interview_completed: true,
});

export const bridgeDevices = [
  {
    ieee_address: "0x00124b00120144ae",
    type: "Coordinator",
    network_address: 0,
    supported: false,
    friendly_name: "Coordinator",
    definition: null,
    power_source: null,
    interviewing: false,
    interview_completed: true,
  },
  device("sonoff", "SONOFF", "TRVZB", [
    climate(
      setpoint("occupied_heating_setpoint", 4, 35),
      numeric("local_temperature", 5, { unit: "°C" }),
      choice("system_mode", 7, ["off", "auto", "heat"]),
      choice("running_state", 5, ["idle", "heat"]),
    ),
    battery,
    numeric("valve_opening_degree", 7, { value_min: 0, value_max: 100, value_step: 1, unit: "%" }),
    numeric("valve_closing_degree", 7, { value_min: 0, value_max: 100, value_step: 1, unit: "%" }),
    { type: "composite", name: "schedule", property: "weekly_schedule", features: [numeric("position", 7)] },
  ]),
  device("ally", "Danfoss", "014G2461", [
    battery,
    climate(
      setpoint("occupied_heating_setpoint", 5, 35),
      numeric("local_temperature", 5, { unit: "°C" }),
      numeric("pi_heating_demand", 5, { value_min: 0, value_max: 100, unit: "%" }),
      choice("system_mode", 7, ["heat"]),
      choice("running_state", 5, ["idle", "heat"]),
    ),
    numeric("external_measured_room_sensor", 7, { value_min: -8000, value_max: 3500 }),
  ]),
  device("spirit", "Eurotronic", "SPZB0001", [
    battery,
    climate(
      setpoint("occupied_heating_setpoint", 5, 30),
      numeric("local_temperature", 5, { unit: "°C" }),
      choice("system_mode", 7, ["off", "auto", "heat"]),
      numeric("pi_heating_demand", 1, { value_min: 0, value_max: 100, unit: "%" }),
    ),
    choice("trv_mode", 7, [1, 2]),
    numeric("valve_position", 7, { value_min: 0, value_max: 255 }),
  ]),
  device("aqara", "Aqara", "SRTS-A01", [
    climate(
      setpoint("occupied_heating_setpoint", 5, 30),
      numeric("local_temperature", 1, { unit: "°C" }),
      choice("system_mode", 7, ["off", "heat"]),
      choice("preset", 7, ["manual", "away", "auto"]),
    ),
    battery,
  ]),
  device("moes", "Moes", "BRT-100-TRV", [
    battery,
    numeric("position", 1, { unit: "%" }),
    climate(
      setpoint("current_heating_setpoint", 5, 35),
      numeric("local_temperature", 1, { unit: "°C" }),
      choice("preset", 7, ["programming", "manual", "temporary_manual", "holiday"]),
    ),
  ]),
  device("tuya", "TuYa", "TS0601_thermostat", [
    {
      type: "switch",
      features: [{ type: "binary", name: "state", property: "window_detection", access: 3 }],
    },
    numeric("position", 1, { unit: "%" }),
    climate(
      setpoint("current_heating_setpoint", 5, 35),
      numeric("local_temperature", 1, { unit: "°C" }),
      choice("system_mode", 3, ["heat", "auto", "off"]),
      choice("preset", 3, ["schedule", "manual", "boost", "complex", "comfort", "eco"]),
    ),
    choice("force", 3, ["normal", "open", "close"]),
  ]),
  device("thermometer", "Xiaomi", "WSDCGQ01LM", [
    battery,
    numeric("temperature", 1, { unit: "°C" }),
    numeric("humidity", 1, { unit: "%" }),
  ]),
  device("nodon", "NodOn", "SIN-4-FP-21", [
    choice("pilot_wire_mode", 7, ["comfort", "eco", "frost_protection", "off", "comfort_-1", "comfort_-2"]),
    numeric("power", 5, { unit: "W" }),
  ]),
  device("diode", "NodOn", "SIN-4-1-21", [
    { type: "switch", features: [{ type: "binary", name: "state", property: "state", access: 7 }] },
  ]),
  device("plug", "Xiaomi", "ZNCZ02LM", [
    { type: "switch", features: [{ type: "binary", name: "state", property: "state", access: 7 }] },
  ]),
];

/** Devices' own messages. */
export const deviceStates = {
  sonoff: {
    battery: 90,
    linkquality: 116,
    local_temperature: 17.5,
    occupied_heating_setpoint: 20,
    running_state: "heat",
    system_mode: "heat",
    valve_closing_degree: 100,
    valve_opening_degree: 100,
  },
  ally: {
    battery: 80,
    external_measured_room_sensor: -8000,
    linkquality: 91,
    local_temperature: 18.4,
    mounted_mode_active: false,
    occupied_heating_setpoint: 21,
    pi_heating_demand: 37,
    running_state: "heat",
    system_mode: "heat",
  },
  moes: {
    battery: 65,
    current_heating_setpoint: 20,
    local_temperature: 19.1,
    position: 55,
    preset: "programming",
    window: "CLOSED",
  },
  tuya: { battery_low: true, current_heating_setpoint: 20, local_temperature: 19.5, position: 40 },
  thermometer: { battery: 74, humidity: 44.72, linkquality: 63, temperature: 19.34, voltage: 2975 },
} as const;
