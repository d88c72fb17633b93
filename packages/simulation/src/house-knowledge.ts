/** What is known of a house while people live in it, and what of it a plan is to take into account. */
import { backOff_k, ceilingBackOff_k, type Forecast } from "@azru/control";
import { type House, lossOf_w_k } from "@azru/house";
import {
  createHouseFilter,
  type DayErrors,
  type ErrorRecordState,
  type History,
  type HouseFilter,
  type HouseFilterMemory,
  type HouseNoise,
} from "@azru/identification";
import { nowcast_c } from "./nowcast.ts";

/** A house, what its filter takes for noise, and what held-out days have shown of its predictions. Plain data. */
export interface KnownHouse {
  readonly house: House;
  readonly noise: HouseNoise;
  readonly record?: ErrorRecordState;
  readonly days?: DayErrors;
}

/** What was measured of a step; means over it, NaN or absent where nothing was. */
export interface MeasuredStep {
  readonly phi_HC_w: number; // heat of the heater, by meter or command
  readonly theta_air_c?: number;
  /** What that is known within, and whether it is held of before: as of `PastStep`. */
  readonly within_k?: number | undefined;
  readonly isHeld?: boolean | undefined;
  readonly theta_e_c?: number;
}

/** A forecast as the house in question takes it, and the states that it starts from. */
interface HouseForecast extends Forecast {
  readonly x_c: readonly number[];
}

/** What is foreseen for the house itself, one value a step. */
interface Ahead {
  readonly theta_e_c: Float64Array;
  readonly phi_sol_w: Float64Array; // through the house's own aperture
  readonly phi_int_w: Float64Array;
}

const soon_h = 24; // over which the need of heat is averaged

export interface KnowledgeOptions {
  readonly dtSeconds: number;
  /** Hour of the day, 0 to 24, of a Unix time in ms. */
  readonly hourOfDay: (timeMs: number) => number;
  /** As of `HouseFilterOptions`. */
  readonly isDayOff?: (timeMs: number) => boolean;
  readonly memory?: HouseFilterMemory;
}

export interface HouseKnowledge {
  /** The house in use; changes with `change`. */
  readonly known: KnownHouse;
  readonly filter: HouseFilter;
  /** When the step that was foreseen last begins, Unix time; undefined before the first. */
  readonly startMs: number | undefined;
  /** The step that was foreseen last is over. */
  advance(step: MeasuredStep): void;
  /**
   * What to plan with from now on: the forecast with the outdoor error that was measured fading, the sun through the
   * house's own aperture, its people, and the back-off from the floor of comfort. Call it in each step; again in the
   * same step it takes the forecast anew.
   *
   * @param nowMs start of the coming step, Unix time
   * @returns undefined before the first temperature was measured
   */
  foresee(nowMs: number, forecast: Forecast): HouseForecast | undefined;
  /** Goes through what was recorded before, oldest first; steps whose forces are not all known are left out. */
  replay(history: History): void;
  /** Takes another house, without a jump. What the home itself has recorded of predictions is kept. */
  change(next: KnownHouse, keepsRecord: boolean): void;
}

/** Follows a house by a filter and by what is foreseen. */
export function createHouseKnowledge(first: KnownHouse, options: KnowledgeOptions): HouseKnowledge {
  const { dtSeconds } = options;
  const filter = createHouseFilter({ ...options, ...first });
  let known = first;
  /** The forecast of the present step; and the outdoor temperature of the one after it. */
  let coming: { startMs: number; theta_e_c: number; phi_sol_w: number; next_c: number } | undefined;
  let before: typeof coming; // the step before it
  let outdoorMiss_k = 0;

  /** Power that the heater has beyond what holds the air as warm as it is, in the weather and with the gains foreseen. */
  function sparePower_w(air_c: number, { theta_e_c, phi_sol_w, phi_int_w }: Ahead): number {
    const { physics, heaterPower_w } = known.house;
    const steps = Math.min(theta_e_c.length, Math.round((soon_h * 3600) / dtSeconds));
    const mean = (values: Float64Array) => values.subarray(0, steps).reduce((sum, v) => sum + v, 0) / steps;
    const needed_w = lossOf_w_k(physics) * (air_c - mean(theta_e_c)) - mean(phi_sol_w) - mean(phi_int_w);
    return Math.min(heaterPower_w, Math.max(0, heaterPower_w - needed_w));
  }

  return {
    get known() {
      return known;
    },
    filter,
    get startMs() {
      return coming?.startMs;
    },
    advance({ phi_HC_w, theta_air_c = Number.NaN, theta_e_c = Number.NaN, within_k, isHeld }) {
      if (!coming) return;
      const { startMs, phi_sol_w } = coming;
      const isMeasured = !Number.isNaN(theta_e_c);
      if (isMeasured) outdoorMiss_k = theta_e_c - coming.theta_e_c;
      const outdoor_c = isMeasured ? theta_e_c : coming.theta_e_c;
      const measured = { measured_c: theta_air_c, within_k, isHeld };
      filter.advance({ startMs, phi_HC_w, theta_e_c: outdoor_c, phi_sol_w, ...measured });
    },
    foresee(nowMs, forecast) {
      const { price_eur_kwh } = forecast;
      if (coming && coming.startMs !== nowMs) before = coming;
      const mended_k = before ? forecast.theta_e_c[0] - before.next_c : 0; // by a forecast issued since
      const theta_e_c = nowcast_c(forecast.theta_e_c, outdoorMiss_k - mended_k, dtSeconds);
      coming = {
        startMs: nowMs,
        theta_e_c: forecast.theta_e_c[0],
        phi_sol_w: forecast.phi_sol_w[0],
        next_c: forecast.theta_e_c[1] ?? forecast.theta_e_c[0],
      };
      filter.foresee({ theta_e_c, phi_sol_w: forecast.phi_sol_w });
      if (!filter.x_c) return undefined;
      const steps = price_eur_kwh.length;
      const spread_k = filter.spreadAhead_k(steps);
      const phi_sol_w = forecast.phi_sol_w.map((sun_w) => sun_w * known.house.aperture);
      const phi_int_w = filter.gainsAhead_w(nowMs, steps);
      const margin_k = backOff_k({
        model: filter.model,
        spread_k,
        price_eur_kwh,
        spare_w: sparePower_w(filter.x_c[0], { theta_e_c, phi_sol_w, phi_int_w }),
      });
      return {
        ...forecast,
        theta_e_c,
        phi_sol_w,
        phi_int_w,
        margin_k,
        marginAbove_k: ceilingBackOff_k(spread_k),
        x_c: filter.x_c,
      };
    },
    replay({ startMs, theta_air_c, theta_e_c, phi_HC_w, phi_sol_w }) {
      for (const [k, measured_c] of theta_air_c.entries()) {
        const step = {
          startMs: startMs + k * dtSeconds * 1000,
          phi_HC_w: phi_HC_w?.[k] ?? Number.NaN,
          theta_e_c: theta_e_c[k],
          phi_sol_w: phi_sol_w[k],
        };
        if (Number.isFinite(step.phi_HC_w + step.theta_e_c + step.phi_sol_w))
          filter.advance({ ...step, measured_c });
      }
    },
    change(next, keepsRecord) {
      known = next;
      const { house, noise, record, days } = next;
      if (keepsRecord) filter.change(house, noise);
      else filter.change(house, noise, record, days);
    },
  };
}
