import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { heatedByRooms, readHeatedRooms, readHeaterLimit_w } from "./heated-rooms.ts";
import { building } from "./testing/test-home.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "azru-heated-rooms-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const rooms = () => file("rooms.yaml", "rooms: { salon: {}, bath: { power_w: 900 } }");
const valves = () =>
  file(
    "valves.yaml",
    `rooms:
  salon: { pilot_wires: [{ name: a, rated_w: 2000, low: off }, { name: b, rated_w: 1500 }] }
  bath: { relays: [{ name: c, rated_w: 1000 }] }`,
  );

test("a room without power_w has the rated power of its heaters in the valves file", async () => {
  const warnings: object[] = [];
  const log = { warn: (what: object) => warnings.push(what), info: () => undefined };
  const heated = await readHeatedRooms({ rooms: rooms(), valves: valves() }, log);
  expect([...heated!].map(([name, { power_w }]) => [name, power_w])).toEqual([
    ["salon", 3500],
    ["bath", 900],
  ]);
  expect(warnings).toEqual([{ room: "bath", power_w: 900, rated_w: 1000 }]);
  expect(heatedByRooms(building, heated, log).heating).toEqual({ ...building.heating, maxPower_w: 4400 });
});

test("without a rooms file the home is heated as one, with the building's power", async () => {
  const log = { warn: () => undefined, info: () => undefined };
  expect(await readHeatedRooms({ valves: valves() }, log)).toBeUndefined();
  expect(heatedByRooms(building, undefined, log)).toBe(building);
});

test.each([
  [undefined, /rooms\.salon\.power_w is missing: give it, or rated_w .* \(AZRU_VALVES is not set\)$/],
  ["rooms: { bath: { pilot_wires: [] } }", /rooms\.salon\.power_w is missing/],
  ["rooms: [", /^AZRU_VALVES .*valves\.yaml: line 1 is no YAML/],
  ["rooms: { salon: { relays: [{ rated_w: much }] } }", /AZRU_VALVES .*rooms\.salon\.relays\[0\]\.rated_w/],
])("where nobody knows a room's power (%s), it is asked for by name", async (text, message) => {
  const log = { warn: () => undefined };
  const paths = { rooms: rooms(), valves: text === undefined ? undefined : file("valves.yaml", text) };
  await expect(readHeatedRooms(paths, log)).rejects.toThrow(message);
});

test("the subscribed power leaves the heaters what the rest of the home does not draw", async () => {
  const limited = file("limited.yaml", "power: { subscribed_kva: 6, base_load_w: 1500 }\nrooms: {}");
  expect(await readHeaterLimit_w({ valves: limited })).toBe(4500);
  expect(await readHeaterLimit_w({ valves: valves() })).toBeUndefined();
  expect(await readHeaterLimit_w({ valves: join(folder, "none.yaml") })).toBeUndefined();
});
