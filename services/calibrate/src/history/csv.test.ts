import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readCsv } from "./csv.ts";

const folder = mkdtempSync(join(tmpdir(), "azru-csv-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(text: string): string {
  const path = join(folder, "home.csv");
  writeFileSync(path, text);
  return path;
}

test("reads the columns it knows, UTC with or without a zone, and leaves empty cells out", async () => {
  const path = file(
    "\uFEFFtime_utc,air_temperature_c,valve_percent,note\n2026-01-01T00:00:00Z,20.5,100,x\n2026-01-01T00:15,,50,\n2026-01-01T00:30:00+00:00,20.7,,\n",
  );
  const [first, second, third] = ["00:00", "00:15", "00:30"].map((time) => Date.parse(`2026-01-01T${time}Z`));
  expect(await readCsv(path)).toEqual({
    source: path,
    air_c: { timesMs: [first, third], values: [20.5, 20.7] },
    valve_percent: { timesMs: [first, second], values: [100, 50] },
  });
});

test.each([
  ["a,b\n1,2\n", "has no column time_utc"],
  ["time_utc,b\n2026-01-01,2\n", "has no column air_temperature_c"],
  [
    "time_utc,air_temperature_c\nsoon,2\n",
    'line 2: time_utc must be ISO 8601 or DD/MM/YYYY HH:MM, got "soon"',
  ],
  [
    "time_utc,air_temperature_c\n2026-01-01T00:00Z,warm\n",
    'line 2: air_temperature_c must be a number, got "warm"',
  ],
  [
    "time_utc,air_temperature_c\n2026-01-02T00:00Z,1\n2026-01-01T00:00Z,1\n",
    "line 3: time_utc 2026-01-01T00:00Z is not after the line before",
  ],
  ["time_utc,air_temperature_c\n2026-01-02T00:00Z,1,2\n", "is not CSV: Invalid Record Length"],
  ["", "has no column time_utc"],
  [
    "time_utc,air_temperature_c\n2026-01-01T00:00Z,67\n2026-01-01T00:15Z,68\n",
    "half of air_temperature_c is beyond 68.0; it must be degrees C, not Fahrenheit or kelvin",
  ],
  [
    "time_utc,air_temperature_c,outdoor_temperature_c\n2026-01-01T00:00Z,20,278.2\n2026-01-01T00:15Z,20,\n",
    "half of outdoor_temperature_c is beyond 278.2",
  ],
  [
    "time_utc,air_temperature_c,valve_percent\n2026-01-01T00:00Z,20,0\n2026-01-01T00:15Z,20,0.4\n",
    "valve_percent is 0.4 at most; it must be percent, from 0 to 100",
  ],
])("says what is wrong in %j", async (text, says) => {
  await expect(readCsv(file(text))).rejects.toThrow(says);
});

const [t0, t15] = ["00:00", "00:15"].map((time) => Date.parse(`2026-01-01T${time}Z`));

test.each([
  [
    "a French spreadsheet: semicolons, decimal commas, a space before the time",
    "time_utc;air_temperature_c;valve_percent\n2026-01-01 00:00:00;19,5;20\n2026-01-01 00:15:00;19,6;20\n",
  ],
  [
    "a French spreadsheet's dates",
    "time_utc;air_temperature_c;valve_percent\n01/01/2026 00:00;19,5;20\n01/01/2026 00:15:00;19,6;20\n",
  ],
  [
    "quoted decimal commas",
    'time_utc,air_temperature_c,valve_percent\n2026-01-01 00:00:00,"19,5",20\n2026-01-01 00:15:00,"19,6",20\n',
  ],
  [
    "tabs",
    "time_utc\tair_temperature_c\tvalve_percent\n2026-01-01T00:00Z\t19.5\t20\n2026-01-01T00:15Z\t19.6\t20\n",
  ],
  ["Unix times", "time_utc,air_temperature_c,valve_percent\n1767225600,19.5,20\n1767226500000,19.6,20\n"],
])("reads %s", async (_what, text) => {
  const { air_c, valve_percent } = await readCsv(file(text));
  expect(air_c).toEqual({ timesMs: [t0, t15], values: [19.5, 19.6] });
  expect(valve_percent?.values).toEqual([20, 20]);
});

test.each(["unavailable", "unknown", "NaN", "null", ""])("takes %j for no value", async (word) => {
  const text = `time_utc,air_temperature_c,valve_percent\n2026-01-01T00:00Z,${word},20\n2026-01-01T00:15Z,19.6,20\n`;
  expect((await readCsv(file(text))).air_c).toEqual({ timesMs: [t15], values: [19.6] });
});

test("reads Home Assistant's history once it is said which entity is which", async () => {
  const text = [
    "entity_id,state,last_changed",
    "sensor.salon,19.5,2026-01-01T00:00:00.000Z",
    "sensor.salon,unavailable,2026-01-01T00:10:00.000Z",
    "sensor.salon,19.6,2026-01-01T00:15:00.000Z",
    "number.vanne,20,2026-01-01T00:00:00.000Z",
    "sensor.cave,12,2026-01-01T00:00:00.000Z",
    "",
  ].join("\n");
  const names = { air_temperature_c: "sensor.salon", valve_percent: "number.vanne" };
  expect(await readCsv(file(text), names)).toEqual({
    source: join(folder, "home.csv"),
    air_c: { timesMs: [t0, t15], values: [19.5, 19.6] },
    valve_percent: { timesMs: [t0], values: [20] },
  });
  await expect(readCsv(file(text))).rejects.toThrow(
    "is Home Assistant's history of sensor.salon, number.vanne, sensor.cave: say which is which, as in --columns air_temperature_c=sensor.salon",
  );
});

test("other names of columns can be given", async () => {
  const text = "quand,salon\n2026-01-01T00:00Z,19.5\n";
  const names = { time_utc: "quand", air_temperature_c: "salon" };
  expect((await readCsv(file(text), names)).air_c).toEqual({ timesMs: [t0], values: [19.5] });
  await expect(readCsv(file(text), { air_temperature_c: "chambre" })).rejects.toThrow(
    "has no column chambre (--columns); it has quand, salon",
  );
});

test("says that a file is not there", async () => {
  await expect(readCsv("/no.csv")).rejects.toThrow("--from csv:/no.csv cannot be read: ENOENT");
});
