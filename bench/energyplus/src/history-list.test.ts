import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readHistoryList, variationOf } from "./history-list.ts";
import { houseNamed } from "./house-files.ts";

const folder = join(import.meta.dirname, "../histories");

test.each(["drawn.json", "november.json", "other-weather.json"])(
  "%s names houses and building files that exist",
  async (name) => {
    const list = await readHistoryList(join(folder, name));
    expect(list.length).toBeGreaterThanOrEqual(18);
    for (const { house, building } of list) await houseNamed(house, undefined, building ?? house);
  },
);

test("what a list leaves out is that of the house's file, in November, under the thermostat", async () => {
  const file = join(await mkdtemp(join(tmpdir(), "azru-list-")), "list.json");
  await writeFile(file, '[{"house": "slab60", "leakage": 1.5}]');
  const [history] = await readHistoryList(file);
  expect(history).toEqual({
    ...{ house: "slab60", insulation: 1, leakage: 1.5, people: 1 },
    ...{ controller: "thermostat", start: "2025-11-01", days: 30, seed: 1 },
  });
  expect(variationOf(history)).toEqual(["--leakage", "1.5"]);
});

test.each([
  ['[{"house": "slab60", "insulation": -1}]', /list\[0\]\.insulation must be >= 0.05, got -1/],
  ['[{"house": "slab60", "colour": 1}]', /list\[0\] has no field "colour"/],
  ["[", /list\.json: .*JSON/],
])("%s is refused by name and value", async (text, message) => {
  const file = join(await mkdtemp(join(tmpdir(), "azru-list-")), "list.json");
  await writeFile(file, text);
  await expect(readHistoryList(file)).rejects.toThrow(message);
});
