import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sunPositionAt } from "@azru/physics";
import { afterAll, beforeAll, expect, test } from "vitest";
import { epwText } from "./epw-text.ts";
import { benchWeather, dtSeconds, firstDay, stepOfDay } from "./season.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "azru-bench-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

test("the weather of another time zone has its midnight and its noon when the plants have theirs", async () => {
  const at = { name: "Golden", latitude_deg: 39.74, longitude_deg: -105.18, elevation_m: 1829 };
  const hourly = epwText(at, (i) => ({ dryBulb: i % 24, direct: 0, diffuse: 0, totalCover: 0 }));
  const file = join(folder, "golden.epw");
  await writeFile(file, hourly.replace("-105.18,1.0,", "-105.18,-7.0,"));
  const { source } = await benchWeather(file);
  expect(stepOfDay(firstDay)).toBe(0);
  const midnightMs = Date.parse(`${firstDay}T00:00:00+01:00`);
  const { dryBulbTemperature_c, startMs, location } = await source.series(
    midnightMs,
    midnightMs + 96 * dtSeconds * 1000,
  );
  expect(startMs).toBe(midnightMs);
  // A row's temperature is that of the end of its hour: at midnight that of the day's last.
  expect([...dryBulbTemperature_c.subarray(0, 3)]).toEqual([23, 0, 1]);
  const sun = (hour: number) =>
    sunPositionAt(location.latitude_deg, location.longitude_deg, midnightMs + hour * 3_600_000);
  const there = sunPositionAt(39.74, -105.18, Date.parse(`${firstDay}T12:00:00-07:00`));
  expect(sun(12).altitude_deg).toBeCloseTo(there.altitude_deg, 0);
});
