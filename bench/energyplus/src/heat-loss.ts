/** The true heat loss of a plant's house, from steady runs at constant weather. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { piLaw } from "@azru/control";
import { type EpwColumn, epwText } from "./epw-text.ts";
import type { BenchHouse } from "./home-run.ts";
import { drivePlant } from "./plant-process.ts";
import { cacheFolder } from "./python.ts";

/** Heat loss of a house at the mean weather of November to March without sun, people or appliances. */
export interface HeatLoss {
  /** Heating power that a kelvin of air temperature more takes: loss to outdoors and to the ground, W/K. */
  readonly inside_w_k: number;
  /** Heating power a kelvin of outdoor temperature, W/K. */
  readonly outdoor_w_k: number;
  /**
   * Heating power over the difference of air and outdoor temperature, W/K: the heat transfer coefficient of EN 17887,
   * for which a building file's losses and a learnt heat loss stand.
   */
  readonly apparent_w_k: number;
  readonly meanOutdoor_c: number;
}

const firstDay = "2026-01-01";
const days = 30;
const meanDays = 6; // of the end, that are averaged
const steps = days * 96;
const dtSeconds = 900;

/** @param weatherFile an EPW file whose winter means are the constant weather */
export async function heatLoss(python: string, house: BenchHouse, weatherFile: string): Promise<HeatLoss> {
  const mean = winterMeans(await readFile(weatherFile, "latin1"));
  const folder = join(cacheFolder(), "steady");
  await mkdir(folder, { recursive: true });
  const steady = async (air_c: number, warmer_k: number) => {
    const file = join(folder, `${process.pid}-${house.name}-${warmer_k}.epw`);
    await writeFile(file, constantWeather(mean, warmer_k));
    return steadyState(python, house, file, air_c);
  };
  const usual = await steady(20, 0);
  const warmInside = await steady(23, 0);
  const warmOutside = await steady(20, 5);
  return {
    inside_w_k: (warmInside.power_w - usual.power_w) / (warmInside.air_c - usual.air_c),
    outdoor_w_k: (usual.power_w - warmOutside.power_w) / 5,
    apparent_w_k: usual.power_w / (usual.air_c - mean.dryBulb),
    meanOutdoor_c: mean.dryBulb,
  };
}

/** Holds an air temperature, and takes the means of the last days. */
async function steadyState(python: string, house: BenchHouse, weatherFile: string, held_c: number) {
  const law = piLaw({ gain_per_k: 0.15, integral_h: 6 });
  const sum = { air_c: 0, power_w: 0, count: 0 };
  const lastDay = new Date(Date.parse(firstDay) + days * 86_400_000).toISOString().slice(0, 10);
  const { plantFolder, name, variation } = house;
  await drivePlant(
    {
      ...{ python, folder: plantFolder, house: name, weatherFile, firstDay, lastDay },
      ...{ seed: 1, hasPeople: false, arguments: variation },
    },
    ({ k, air, power }) => {
      if (k > steps - meanDays * 96) {
        sum.air_c += air;
        sum.power_w += power ?? 0;
        sum.count++;
      }
      return k === steps ? undefined : law(held_c - air, dtSeconds);
    },
  );
  return { air_c: sum.air_c / sum.count, power_w: sum.power_w / sum.count };
}

type Means = Readonly<Record<"dryBulb" | "dewPoint" | "windSpeed" | "skyInfrared", number>>;

const winterMonths = [11, 12, 1, 2, 3];

/** Means of an EPW file from November to March; infrared radiation is NaN where the file has none. */
function winterMeans(text: string): Means {
  const rows = text
    .split("\n")
    .slice(8)
    .map((line) => line.split(",").map(Number))
    .filter(([, month]) => winterMonths.includes(month));
  const mean = (index: number, missing: number) => {
    const values = rows.map((fields) => fields[index]).filter((value) => value < missing);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return {
    dryBulb: mean(6, 99.9),
    dewPoint: mean(7, 99.9),
    windSpeed: mean(21, 999),
    skyInfrared: mean(12, 9999),
  };
}

/** A year without sun of one temperature; the sky keeps its emissivity. */
function constantWeather(mean: Means, warmer_k: number): string {
  const dryBulb = mean.dryBulb + warmer_k;
  const sky = mean.skyInfrared * ((dryBulb + 273.15) / (mean.dryBulb + 273.15)) ** 4;
  const row: Partial<Record<EpwColumn, number>> = {
    ...{ dryBulb, dewPoint: mean.dewPoint, relativeHumidity: 80, pressure: 99_000 },
    ...{ direct: 0, diffuse: 0, global: 0, windDirection: 180, windSpeed: mean.windSpeed },
    ...{ totalCover: 7, opaqueCover: 7, ...(Number.isFinite(sky) && { skyInfrared: sky }) },
  };
  const at = { name: "constant", latitude_deg: 45.7, longitude_deg: 4.9, elevation_m: 200 };
  return epwText(at, () => row);
}
