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
  ["time_utc,air_temperature_c\nsoon,2\n", 'line 2: time_utc must be ISO 8601, got "soon"'],
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
])("says what is wrong in %j", async (text, says) => {
  await expect(readCsv(file(text))).rejects.toThrow(says);
});

test("says that a file is not there", async () => {
  await expect(readCsv("/no.csv")).rejects.toThrow("--from csv:/no.csv cannot be read: ENOENT");
});
