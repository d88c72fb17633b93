/** ASHRAE 140 (BESTEST) cases 600, 600FF, 900 and 900FF on Azru's own models. */
import { readFileSync } from "node:fs";
import { parseBuilding } from "@azru/contracts";
import { gainsAt_w, houseOf, modelOf, nextState, outputOf } from "@azru/house";
import { createZone, emissionSystems, simulateDemand, supplySystems } from "@azru/physics";
import { type Disturbances, disturbances } from "@azru/simulation";
import { stepMeans, type WeatherSource } from "@azru/weather";

export type BestestCase = "600" | "600FF" | "900" | "900FF";

export const bestestCases: readonly BestestCase[] = ["600", "600FF", "900", "900FF"];

/** What a year of a case came to. Peaks and extremes are of whole hours. */
export type BestestResult =
  | {
      readonly heating_kwh: number;
      readonly peak_heating_w: number;
      readonly cooling_kwh: number;
      readonly peak_cooling_w: number;
    }
  | { readonly min_c: number; readonly max_c: number };

const hourMs = 3_600_000;
const hours = 8760;
const heating_c = 20;
const cooling_c = 27;
/** The year before, which makes the walls forget how they began. */
const warmUp_h = 60 * 24;

/** An hour: heat (negative: cold) and the air's mean. */
interface Hours {
  readonly phi_w: Float64Array;
  readonly air_c: Float64Array;
}

/** The building file of a case. */
export function bestestBuilding(name: BestestCase) {
  const file = `${name.slice(0, 3)}.json`;
  return parseBuilding(readFileSync(new URL(`../bestest/${file}`, import.meta.url), "utf8"), file);
}

/**
 * A year of a case, from 1 January.
 *
 * @param year of the weather, whose hours are those of `utcOffset_h`
 * @returns the results of the 5R1C zone and of the house of several states
 */
export async function bestest(
  name: BestestCase,
  weather: WeatherSource,
  { year, utcOffset_h }: { readonly year: number; readonly utcOffset_h: number },
): Promise<{ readonly zone: BestestResult; readonly states: BestestResult }> {
  const startMs = Date.UTC(year, 0, 1) - utcOffset_h * hourMs - warmUp_h * hourMs;
  const count = warmUp_h + hours;
  const series = await weather.series(startMs, startMs + count * hourMs);
  const isFree = name.endsWith("FF");
  const building = bestestBuilding(name);
  const acting = disturbances(building, stepMeans(series, startMs, 3600, count));
  return {
    zone: resultOf(zoneHours(building, acting, isFree), isFree),
    states: resultOf(stateHours(building, acting, isFree), isFree),
  };
}

type Building = ReturnType<typeof bestestBuilding>;

function zoneHours(building: Building, acting: Disturbances, isFree: boolean): Hours {
  const { airConditioning } = emissionSystems;
  const limit_w = isFree ? 0 : Number.POSITIVE_INFINITY;
  const { theta_e_c, phi_sol_w, phi_int_w } = acting;
  const demand = simulateDemand(
    createZone(building.zone),
    {
      heatingSetpoint_c: heating_c,
      coolingSetpoint_c: cooling_c,
      maxHeating_w: limit_w,
      maxCooling_w: limit_w,
      heatingEmission: airConditioning,
      coolingEmission: airConditioning,
      heatingSupply: supplySystems.directHeater,
      coolingSupply: supplySystems.directCooler,
      coolingSizedBy: "cooling",
    },
    3600,
    heating_c,
    { theta_e_c, phi_sol_w, phi_int_w },
  );
  return { phi_w: demand.phi_HC_w, air_c: demand.theta_air_c };
}

function stateHours(building: Building, acting: Disturbances, isFree: boolean): Hours {
  const house = houseOf(building);
  const model = modelOf(house, 3600);
  const count = acting.theta_e_c.length;
  const phi_w = new Float64Array(count);
  const air_c = new Float64Array(count);
  let x: ArrayLike<number> = model.b.map(() => heating_c);
  for (let k = 0; k < count; k++) {
    const forces = {
      theta_e_c: acting.theta_e_c[k],
      phi_sol_w: acting.phi_sol_w[k],
      phi_int_w: gainsAt_w(house, 0),
    };
    const free_c = outputOf(model, x, 0, forces);
    const wanted_c = Math.min(Math.max(free_c, heating_c), cooling_c);
    if (!isFree) phi_w[k] = (wanted_c - free_c) / model.D;
    air_c[k] = free_c + model.D * phi_w[k];
    x = nextState(model, x, phi_w[k], forces);
  }
  return { phi_w, air_c };
}

function resultOf({ phi_w, air_c }: Hours, isFree: boolean): BestestResult {
  const air = air_c.subarray(warmUp_h);
  if (isFree) return { min_c: Math.min(...air), max_c: Math.max(...air) };
  const phi = phi_w.subarray(warmUp_h);
  const sum_kwh = (sign: 1 | -1) => phi.reduce((sum, each) => sum + Math.max(0, sign * each), 0) / 1000;
  return {
    heating_kwh: sum_kwh(1),
    peak_heating_w: Math.max(...phi),
    cooling_kwh: sum_kwh(-1),
    peak_cooling_w: Math.max(...phi.map((each) => -each)),
  };
}
