import { epwSource, parseEpw, referenceYearSource } from "@azru/weather";
import { expect, test } from "vitest";
import { epwOf } from "./epw-text.ts";

const startMs = Date.UTC(2025, 11, 30, 23);
const endMs = startMs + 3 * 86_400_000;

test("the reference year read back from its EPW file is the same weather, over the new year too", async () => {
  const year = referenceYearSource({ town: "lyon" });
  const read = epwSource(parseEpw(await epwOf(year, 2025)));
  const [was, is] = [await year.series(startMs, endMs), await read.series(startMs, endMs)];
  expect(is.dryBulbTemperature_c).toEqual(was.dryBulbTemperature_c);
  expect(is.directNormalIrradiance_w_m2).toEqual(was.directNormalIrradiance_w_m2);
  expect(is.diffuseHorizontalIrradiance_w_m2).toEqual(was.diffuseHorizontalIrradiance_w_m2);
});

test("each of its rows has the 35 fields of the format, and a dew point that the air can have", async () => {
  const rows = (await epwOf(referenceYearSource({ town: "lyon" }), 2025)).trim().split("\r\n").slice(8);
  expect(rows).toHaveLength(8760);
  const fields = rows.map((row) => row.split(",").map(Number));
  expect(fields.filter(({ length }) => length !== 35)).toEqual([]);
  expect(fields.filter(([, , , , , , dryBulb, dewPoint]) => dewPoint > dryBulb)).toEqual([]);
});
