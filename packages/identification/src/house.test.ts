import { affineStep, createZone, emissionSystems } from "@azru/physics";
import { expect, test } from "vitest";
import { correctedBuilding, correctedZone, heatLoss_w_k, noCorrections } from "./house.ts";
import { home } from "./testing/twin.ts";

const building = home();
const corrections = {
  capacitance: 1.2,
  envelope: 0.8,
  airExchange: 1.1,
  aperture: 1.5,
  heaterPower: 0.9,
  internalGains_w: 60,
};

test("without corrections a building stays as it is", () => {
  expect(correctedBuilding(building, noCorrections(building))).toEqual(building);
});

test("a corrected file makes the zone, the sun and the heat that were identified", () => {
  const corrected = correctedBuilding({ ...building, name: "ours" }, corrections);
  expect(createZone(corrected.zone)).toEqual(correctedZone(building, corrections));
  expect(corrected.zone.thermalCapacitance_j_m2k).toBeCloseTo(165_000 * 1.2, 6);
  const { H_tr_em, H_ve_adj, H_tr_w } = createZone(corrected.zone);
  expect([H_tr_em / 36, H_ve_adj / 26.25, H_tr_w / 15]).toEqual(
    [0.8, 1.1, 1.1].map((f) => expect.closeTo(f, 9)),
  );
  expect(corrected.heating.maxPower_w).toBe(4050);
  expect(corrected.internalGains_w).toBe(60);
  expect(corrected.name).toBe("ours");
});

test.each([1.5, 3])("windows take an aperture of %f, and none lets through more than all", (aperture) => {
  const { windows } = correctedBuilding(building, { ...corrections, aperture });
  for (const [i, { g, area_m2 }] of windows.entries()) {
    const was = building.windows[i];
    expect(g * area_m2).toBeCloseTo(aperture * was.g * was.area_m2, 9);
    expect(g).toBeLessThanOrEqual(1);
  }
});

test("the heat loss is what holding the air at a temperature takes in the end", () => {
  const zone = createZone(building.zone);
  const step = affineStep(zone, emissionSystems.airConditioning, 3600);
  // At rest, mass and air from the heat q: tm = (bq q + bo To) / (1 - a), ta = c tm + dq q + do To, with To 0.
  const perWatt_k = (step.c * step.bq) / (1 - step.a) + step.dq;
  expect(heatLoss_w_k(zone)).toBeCloseTo(1 / perWatt_k, 9);
});
