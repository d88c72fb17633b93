import { createHeaterGroup, type Instant } from "@azru/actuators";
import { expect, it } from "vitest";
import { entitiesFile } from "./entities-file.ts";
import { type Entity, powerOf, temperatureOf } from "./entity-value.ts";
import { createRoom } from "./room.ts";

const startMs = Date.UTC(2026, 0, 15, 6);
const minute_ms = 60_000;
const at = (minutes: number) => ({ homeMs: startMs + minutes * minute_ms, steadyMs: minutes * minute_ms });
const silent = { debug() {}, info() {}, warn() {}, error() {} };

const settings = {
  temperature: ["sensor.a", "climate.trv"],
  power: ["sensor.p", "sensor.q"],
  outdoor: "weather.home",
  switches: [{ entity: "switch.plug", minimum_on_minutes: 0, minimum_off_minutes: 0, safe_setpoint_c: 18 }],
  numbers: [{ entity: "number.valve", closed: 0, open: 255 }],
  climates: [{ entity: "climate.trv", low_c: 7, high_c: 28, span_k: 2 }],
};

function entity(state: string, attributes: Record<string, unknown> = {}, minutes = 0): Entity {
  return { state, attributes, last_updated: new Date(at(minutes).homeMs).toISOString() };
}

function room(entities: Record<string, Entity>, own: object = settings) {
  const file = entitiesFile.parse(JSON.stringify({ rooms: { bath: own } }), "test");
  const bath = createRoom({
    name: "bath",
    settings: file.rooms.bath,
    file,
    entity: (id) => entities[id],
    log: silent,
  });
  const group = createHeaterGroup([bath.heaters], undefined, at(0).steadyMs);
  const calls = (now: Instant) => bath.calls(now, group.step(now.steadyMs, [bath.duties(now)])[0]);
  return { ...bath, calls };
}

const all = {
  "sensor.a": entity("68", { unit_of_measurement: "°F" }),
  "climate.trv": entity("auto", {
    current_temperature: 19,
    min_temp: 5,
    max_temp: 30,
    target_temp_step: 0.5,
    hvac_modes: ["auto", "heat", "off"],
  }),
  "sensor.p": entity("1.2", { unit_of_measurement: "kW" }),
  "sensor.q": entity("300", { unit_of_measurement: "W" }),
  "weather.home": entity("sunny", { temperature: 3.5, temperature_unit: "°C" }),
};

it("means its thermometers and adds its power meters, in our units", () => {
  expect(room(all).metrics(at(1))).toEqual({
    temperature: 19.5,
    power_consumption: 1500,
    external_temperature: 3.5,
  });
});

it("leaves out what is not known, and says nothing without a temperature", () => {
  const gone = { ...all, "sensor.a": entity("unavailable"), "sensor.q": entity("unknown") };
  expect(room(gone).metrics(at(1))).toEqual({ temperature: 19, external_temperature: 3.5 });
  expect(room({}).metrics(at(1))).toBeUndefined();
  expect(room(all).metrics(at(361))).toBeUndefined();
});

it("names a unit that is none", () => {
  expect(() => temperatureOf("sensor.a", entity("50", { unit_of_measurement: "%" }))).toThrow(
    "sensor.a has the unit %: one of °C, °F, K is needed",
  );
  expect(() => powerOf("sensor.p", entity("5", { unit_of_measurement: "kWh" }))).toThrow("mW, W, kW");
  expect(
    room({ ...all, "sensor.a": entity("50", { unit_of_measurement: "%" }) }).metrics(at(1)),
  ).toMatchObject({
    temperature: 19,
  });
});

it("calls each heater for what is commanded, once, and again where it may have been missed", () => {
  const bath = room(all);
  bath.command({ valve_position: 100, source: "mpc" }, false, at(0));
  const full = [
    { action: "switch.turn_on", data: { entity_id: "switch.plug" } },
    { action: "number.set_value", data: { entity_id: "number.valve", value: 255 } },
    { action: "climate.set_hvac_mode", data: { entity_id: "climate.trv", hvac_mode: "heat" } },
    { action: "climate.set_temperature", data: { entity_id: "climate.trv", temperature: 28 } },
  ];
  expect(bath.calls(at(1))).toEqual(full);
  expect(bath.calls(at(2))).toEqual([]);
  bath.forget();
  expect(bath.calls(at(3))).toEqual(full);
  expect(bath.calls(at(8))).toEqual(full);
  bath.command({ valve_position: 75, source: "mpc" }, false, at(9));
  expect(bath.calls(at(9))).toEqual([
    { action: "number.set_value", data: { entity_id: "number.valve", value: 191.25 } },
    { action: "climate.set_temperature", data: { entity_id: "climate.trv", temperature: 20 } },
  ]);
});

it("looks after itself before the first command, after silence, and when it is released", () => {
  const bath = room({ ...all, "sensor.a": entity("60", { unit_of_measurement: "°F" }) });
  const safe = [
    { action: "switch.turn_on", data: { entity_id: "switch.plug" } }, // 17.3 degrees, below 18
    { action: "number.set_value", data: { entity_id: "number.valve", value: 76.5 } },
    { action: "climate.set_hvac_mode", data: { entity_id: "climate.trv", hvac_mode: "heat" } },
    { action: "climate.set_temperature", data: { entity_id: "climate.trv", temperature: 19 } },
  ];
  expect(bath.calls(at(1))).toEqual(safe);
  expect(bath.command({ valve_position: 0, source: "mpc" }, false, at(2))).toBe("accepted");
  expect(bath.calls(at(2)).map(({ action }) => action)).toContain("switch.turn_off");
  expect(bath.calls(at(62))).toEqual(safe);
  expect(bath.release()).toEqual([
    { action: "switch.turn_off", data: { entity_id: "switch.plug" } },
    ...safe.slice(1),
  ]);
});

it("gives a pilot wire its orders: comfort and the low one by command, the safe one without", () => {
  const times = { minimum_on_minutes: 0, minimum_off_minutes: 0 };
  const bath = room(all as Record<string, Entity>, {
    temperature: "sensor.a",
    pilot_wires: [
      { entity: "select.radiator_pilot_wire_mode", ...times },
      { entity: "climate.module", low: "off", ...times },
      { entity: "switch.diode", closed: "off", ...times },
    ],
    climates: [{ entity: "climate.silent" }],
  });
  const select = (option: string) => ({
    action: "select.select_option",
    data: { entity_id: "select.radiator_pilot_wire_mode", option },
  });
  const preset = (preset_mode: string) => ({
    action: "climate.set_preset_mode",
    data: { entity_id: "climate.module", preset_mode },
  });
  const diode = (action: string) => ({ action: `switch.${action}`, data: { entity_id: "switch.diode" } });
  const setpoint = (temperature: number) => ({
    action: "climate.set_temperature",
    data: { entity_id: "climate.silent", temperature },
  });
  // 20 degrees in the room: the relay's thermostat does not heat
  expect(bath.calls(at(0))).toEqual([select("eco"), preset("eco"), diode("turn_on"), setpoint(19)]);
  bath.command({ valve_position: 100, source: "mpc" }, false, at(1));
  expect(bath.calls(at(1))).toEqual([select("comfort"), preset("comfort"), diode("turn_off"), setpoint(30)]);
  bath.command({ valve_position: 0, source: "mpc" }, false, at(2));
  expect(bath.calls(at(2))).toEqual([
    select("frost_protection"),
    preset("off"),
    diode("turn_on"),
    setpoint(7),
  ]);
  expect(bath.release()).toEqual([select("eco"), preset("eco"), diode("turn_off"), setpoint(19)]);
});

it("a thermostat without any temperature keeps its safe setpoint, whatever is commanded", () => {
  const text = JSON.stringify({ rooms: { bath: { climates: [{ entity: "climate.silent" }] } } });
  const file = entitiesFile.parse(text, "test");
  const bath = createRoom({
    name: "bath",
    settings: file.rooms.bath,
    file,
    entity: () => undefined,
    log: silent,
  });
  bath.command({ valve_position: 30, source: "mpc" }, false, at(1));
  expect(bath.calls(at(1), [])).toMatchObject([{ data: { temperature: 19 } }]);
});

it("heats fully with its switches while the room is too near the setpoint of the command, by a recent temperature", () => {
  const room_c = (temperature: number) => entity(String(temperature), { unit_of_measurement: "°C" });
  const entities: Record<string, Entity> = { "sensor.a": room_c(19.2) };
  const bath = room(entities, { temperature: ["sensor.a"], switches: settings.switches });
  bath.command({ valve_position: 10, setpoint: 19, source: "mpc" }, false, at(0));
  expect(bath.duties(at(1))).toEqual([1]);
  entities["sensor.a"] = room_c(19.6);
  expect(bath.duties(at(2))).toEqual([0.1]);
  entities["sensor.a"] = room_c(19.2);
  expect(bath.duties(at(16))).toEqual([0.1]); // measured a quarter of an hour ago
});
