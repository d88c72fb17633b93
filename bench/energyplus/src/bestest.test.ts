import { readFileSync } from "node:fs";
import { referenceYearSource } from "@azru/weather";
import { expect, test } from "vitest";
import { bestest, bestestBuilding, bestestCases } from "./bestest.ts";

/** Of Azru's reference year, which every clone has: they change with the models, the sun or that weather alone. */
const onReferenceYear: unknown = JSON.parse(
  readFileSync(new URL("../bestest/reference-year.json", import.meta.url), "utf8"),
);
const inOneYear = { year: 2026, utcOffset_h: 1 };

test("the cases come to what they came to before, to the digit that is written down", async () => {
  const results = [];
  for (const name of bestestCases) {
    const found = await bestest(name, referenceYearSource(), inOneYear);
    results.push({ case: name, ...found });
  }
  expect(
    JSON.parse(
      JSON.stringify(results, (_, value) => (typeof value === "number" ? Number(value.toFixed(6)) : value)),
    ),
  ).toEqual(onReferenceYear);
});

test("the building files have the areas, conductances and capacities of the standard's layers", () => {
  const walls_m2 = 2 * (8 + 6) * 2.7 - 12;
  const [roof_m2, floor_m2] = [48, 48];
  const films = 1 / 8.29 + 1 / 29.3;
  const roof_w_k = roof_m2 / (0.019 / 0.14 + 0.1118 / 0.04 + 0.01 / 0.16 + films);
  for (const [name, wall, floor, capacity_j_m2k] of [
    [
      "600",
      0.009 / 0.14 + 0.066 / 0.04 + 0.012 / 0.16,
      25.075 + 0.025 / 0.14,
      { wall: 0.012 * 950 * 840, floor: 0.025 * 650 * 1200 },
    ],
    [
      "900",
      0.009 / 0.14 + 0.0615 / 0.04 + 0.1 / 0.51,
      25.175 + 0.08 / 1.13,
      { wall: 0.1 * 1400 * 1000, floor: 0.08 * 1400 * 1000 },
    ],
  ] as const) {
    const { zone } = bestestBuilding(name);
    expect(zone.wallsArea_m2).toBeCloseTo(walls_m2 + roof_m2 + floor_m2, 9);
    const loss_w_k = walls_m2 / (wall + films) + roof_w_k + floor_m2 / (floor + 1 / 8.29);
    expect(zone.uWalls_w_m2k * zone.wallsArea_m2).toBeCloseTo(loss_w_k, 0);
    const { wall: wall_j, floor: floor_j } = capacity_j_m2k;
    const C_j_k = walls_m2 * wall_j + roof_m2 * 0.01 * 950 * 840 + floor_m2 * floor_j;
    expect(zone.thermalCapacitance_j_m2k * zone.floorArea_m2).toBeCloseTo(C_j_k, -3);
  }
});
