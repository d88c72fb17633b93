/** What acts on the house, without end: the weather day by day, fetched before it is needed. */
import type { Log } from "@azru/messaging";
import { dayMs, hourMs } from "@azru/runtime";
import { type Building, type Disturbances, disturbances } from "@azru/simulation";
import { stepMeans, type WeatherSource } from "@azru/weather";
import type { Conditions } from "./twin.ts";

export interface SurroundingsOptions {
  readonly source: WeatherSource;
  readonly building: Building;
  /** Length of a step; divides an hour. */
  readonly dtSeconds: number;
  readonly log: Log;
}

export interface Surroundings {
  /**
   * What acts on the house in the step from `timeMs` on. Steps are asked for in order, the first one being
   * any.
   *
   * @throws what the source throws, for the first day; later days repeat the day before them instead
   */
  at(timeMs: number): Promise<Omit<Conditions, "price_eur_kwh">>;
}

/**
 * Fetches each day (UTC) from noon of the day before on, and once more every hour while the source fails.
 * When midnight comes without the new day's weather, the day before comes again.
 */
export function createSurroundings({ source, building, dtSeconds, log }: SurroundingsOptions): Surroundings {
  const dtMs = dtSeconds * 1000;
  const count = dayMs / dtMs;
  let today: Disturbances | undefined;
  let tomorrow: Promise<Disturbances | undefined> | undefined;

  async function fetchDay(startMs: number): Promise<Disturbances> {
    const series = await source.series(startMs, startMs + dayMs);
    return disturbances(building, stepMeans(series, startMs, dtSeconds, count));
  }

  async function fetchAhead(startMs: number): Promise<Disturbances | undefined> {
    try {
      return await fetchDay(startMs);
    } catch (error) {
      log.warn({ err: error, day: new Date(startMs).toISOString() }, "no weather for the day to come yet");
      tomorrow = undefined;
      return undefined;
    }
  }

  async function dayOf(timeMs: number): Promise<Disturbances> {
    const startMs = Math.floor(timeMs / dayMs) * dayMs;
    if (today?.startMs === startMs) return today;
    const fetched = today && (await tomorrow);
    tomorrow = undefined;
    if (!today) today = await fetchDay(startMs);
    else if (fetched?.startMs === startMs) today = fetched;
    else {
      log.warn({ weather: source.name }, "no weather for this day, living through the last one again");
      today = { ...today, startMs };
    }
    return today;
  }

  return {
    async at(timeMs) {
      const day = await dayOf(timeMs);
      const sinceMidnightMs = timeMs - day.startMs;
      if (!tomorrow && sinceMidnightMs >= dayMs / 2 && sinceMidnightMs % hourMs === 0) {
        tomorrow = fetchAhead(day.startMs + dayMs);
      }
      const k = Math.floor(sinceMidnightMs / dtMs);
      return {
        theta_e_c: day.theta_e_c[k],
        phi_sol_w: day.phi_sol_w[k],
        phi_int_w: day.phi_int_w[k],
        cop: day.cop[k],
      };
    },
  };
}
