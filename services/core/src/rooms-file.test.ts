import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { roomsFile } from "./rooms-file.ts";

test("reads the example", () => {
  const file = new URL("../../../examples/rooms/rooms.example.yaml", import.meta.url);
  const { rooms } = roomsFile.parse(readFileSync(file, "utf8"), "rooms.example.yaml");
  expect(Object.keys(rooms)).toHaveLength(5);
  expect(rooms["Salle de bain"].schedule?.sunday[0]).toEqual({ time: "06:30", preset: "boost" });
});

test.each([
  ["rooms: [", /^AZRU_ROOMS x\.yaml: line 1 is no YAML: .* \(see docs\/rooms\.md\)$/],
  ["rooms: {}", /rooms must name at least one room/],
  ["rooms: { a/b: { power_w: 1000 } }", /rooms\.a\/b is no name for a room/],
  ["rooms: { bath: { power_w: 0 } }", /rooms\.bath\.power_w .*got 0/],
  ["rooms: { bath: { power_w: 900, presets_c: { confort: 20 } } }", /has no field "confort"/],
  [
    "rooms: { bath: { power_w: 900, off: [{ from: '22:00', until: '22:00' }] } }",
    /off\[0\]\.until must differ/,
  ],
])("names what is wrong with %s", (text, message) => {
  expect(() => roomsFile.parse(text, "x.yaml")).toThrow(message);
});
