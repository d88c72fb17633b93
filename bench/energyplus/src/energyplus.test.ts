import { createThermostat } from "@azru/control";
import { beforeAll, describe, expect, test } from "vitest";
import { heatLoss } from "./heat-loss.ts";
import { runHome } from "./home-run.ts";
import { houseNamed, houseNames } from "./house-files.ts";
import { compareLive } from "./live-run.ts";
import { plainController } from "./plain-controller.ts";
import { drivePlant } from "./plant-process.ts";
import { installedPython } from "./python.ts";
import { type BenchWeather, benchWeather, gatherSeason, type Season } from "./season.ts";

const found = await installedPython();
const python = "python" in found ? found.python : "";
const absent = process.env.AZRU_TEST_ENERGYPLUS
  ? "absent" in found && found.absent
  : "AZRU_TEST_ENERGYPLUS is not set";

let weather: BenchWeather;
let season: Season;
beforeAll(async () => {
  if (absent) return;
  weather = await benchWeather();
  season = await gatherSeason(weather, "realistic", 1);
});

const fourDays = 4 * 96;

async function underThermostat(name: string, seed = 1) {
  const house = await houseNamed(name);
  const controller = plainController(createThermostat(house.building.thermostat));
  return runHome({
    ...{ python, house, season, steps: fourDays, seed, noise_k: 0.1 },
    controllerAt: async (k) => (k === 0 ? controller : undefined),
    stopwatch: () => 0,
  });
}

describe.skipIf(absent)(
  `houses in EnergyPlus${absent ? ` (skipped: ${absent})` : ""}`,
  { timeout: 600_000 },
  () => {
    test.each(houseNames())("%s lives through four days under the thermostat", async (name) => {
      const record = await underThermostat(name);
      const { building, thermometer } = await houseNamed(name);
      expect(Math.max(...record.power_w)).toBeLessThanOrEqual(building.heating.maxPower_w * 1.001);
      for (const theta_c of record.air5_c) {
        expect(theta_c).toBeGreaterThan(17);
        expect(theta_c).toBeLessThan(30);
      }
      const error_k = record.measuredAir_c.map((measured_c, k) => {
        const [a, b, c] = record.air5_c.subarray(3 * k, 3 * k + 3);
        return measured_c - (a + b + c) / 3;
      });
      const rms_k = Math.sqrt(error_k.reduce((sum, e) => sum + e * e, 0) / fourDays);
      if (thermometer) {
        expect(rms_k).toBeGreaterThan(0.2); // it was made to err
        for (const [k, measured_c] of record.measuredAir_c.entries())
          if (k > 0) expect((measured_c / thermometer.resolution_k) % 1).toBeCloseTo(0, 9);
      } else expect(rms_k).toBeCloseTo(0.1, 1);
      for (const [k, power_w] of record.power_w.entries())
        if (record.valve[k] === 0 && building.heating.emission === "floorHeating") expect(power_w).toBe(0);
    });

    test("the same seed gives the same days, another one others", async () => {
      const [one, same, other] = [
        await underThermostat("flat35"),
        await underThermostat("flat35"),
        await underThermostat("flat35", 2),
      ];
      expect(same.air5_c).toEqual(one.air5_c);
      expect(other.air5_c).not.toEqual(one.air5_c);
    });

    test("the building file has up to 20 % more heat loss than the house", async () => {
      const house = await houseNamed("flat35");
      const { apparent_w_k, inside_w_k, outdoor_w_k } = await heatLoss(python, house, weather.file);
      const { zone } = house.building;
      const file_w_k =
        zone.uWalls_w_m2k * zone.wallsArea_m2 +
        zone.uWindows_w_m2k * zone.windowsArea_m2 +
        (zone.roomVolume_m3 * (zone.ventilation_ach + zone.infiltration_ach)) / 3;
      expect(file_w_k / apparent_w_k).toBeGreaterThan(1);
      expect(file_w_k / apparent_w_k).toBeLessThan(1.25);
      expect(outdoor_w_k).toBeLessThan(inside_w_k);
    });

    test("over MQTT the live core heats two days as the same controller does in the bench", async () => {
      const house = await houseNamed("slab60");
      const run = { python, house, season, days: 2, seed: 1, noise_k: 0.1 };
      const { direct, live, sources, valveDifference } = await compareLive(run);
      expect(sources).toEqual({ mpc: 2 * 96 });
      expect(valveDifference).toBeLessThan(0.002);
      expect(Math.abs(live.cost_eur - direct.cost_eur)).toBeLessThan(0.002);
    });

    test("a plant that cannot run says why", async () => {
      const plant = { python, folder: new URL("../plant", import.meta.url).pathname, house: "castle" };
      const days = { weatherFile: weather.file, firstDay: "2025-11-01", lastDay: "2025-11-02" };
      await expect(drivePlant({ ...plant, ...days, seed: 1, hasPeople: true }, () => 0)).rejects.toThrow(
        /no house castle: No such file or directory; known: .*flat35/,
      );
    });
  },
);
