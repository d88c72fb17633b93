import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { entitiesFile } from "./entities-file.ts";

const parse = (file: object) => entitiesFile.parse(JSON.stringify(file), "home.yaml");

it("reads the example, and one entity where there may be several", () => {
  const path = "../../../examples/home-assistant/home-assistant.example.yaml";
  const { rooms } = entitiesFile.parse(readFileSync(new URL(path, import.meta.url), "utf8"), "example");
  expect(rooms["living-room"]).toMatchObject({
    temperature: ["sensor.living_room_temperature"],
    power: ["sensor.living_room_heater_power"],
    switches: [{ entity: "switch.living_room_heater", on_stop: "off", safe_duty_percent: 30 }],
    climates: [],
  });
});

it("takes pilot wires and a power limit, and says what they need", () => {
  const wire = { entity: "select.radiator", rated_w: 1500 };
  const bath = (pilot_wire: object) => ({
    power: { subscribed_kva: 9 },
    rooms: { bath: { pilot_wires: [pilot_wire] } },
  });
  expect(parse(bath(wire))).toMatchObject({
    power: { base_load_w: 1000 },
    rooms: { bath: { pilot_wires: [{ comfort: "comfort", low: "frost_protection", safe: "eco" }] } },
  });
  expect(() => parse(bath({ entity: "select.radiator" }))).toThrow(
    "rooms.bath needs rated_w of select.radiator",
  );
  expect(() => parse(bath({ ...wire, low: "eco" }))).toThrow("must not have eco as the low order");
  expect(() => parse(bath({ ...wire, entity: "switch.relay" }))).toThrow("pilot_wires[0] needs closed");
  expect(() => parse(bath({ ...wire, closed: "off" }))).toThrow("pilot_wires[0] needs closed");
});

it.each([
  [{ rooms: {} }, "rooms must name at least one room"],
  [{ rooms: { bath: {} } }, "rooms.bath must have at least a temperature"],
  [
    { rooms: { bath: { temperature: "switch.fan" } } },
    'rooms.bath.temperature must be an entity id that begins with sensor. or input_number. or number. or climate., got "switch.fan"',
  ],
  [
    { rooms: { bath: { switches: [{ entity: "switch.a" }] }, hall: { switches: [{ entity: "switch.a" }] } } },
    "rooms.hall drives switch.a that bath drives already",
  ],
  [{ rooms: { "a/b": { temperature: "sensor.a" } } }, "rooms.a/b is no name for a room"],
  [{ rooms: { bath: { temperatur: "sensor.a" } } }, 'rooms.bath has no field "temperatur"'],
  [
    { rooms: { bath: { climates: [{ entity: "climate.a", low_c: 25, high_c: 20 }] } } },
    "rooms.bath.climates[0].high_c must be above low_c",
  ],
])("refuses %j and says what is wrong", (file, message) => {
  expect(() => parse(file)).toThrow(`AZRU_ENTITIES home.yaml: ${message}`);
});

it("says what to do where there is no file, or no YAML in it", async () => {
  await expect(entitiesFile.read("nowhere.yaml")).rejects.toThrow("copy examples/home-assistant");
  expect(() => entitiesFile.parse("rooms:\n  a: [", "home.yaml")).toThrow(/home.yaml: line \d is no YAML/);
});
