/** What the steps ahead bring: weather and prices on the controller's grid. */
import { type Building, type Disturbances, disturbances } from "@azru/simulation";
import { type Rate, stepPrices } from "@azru/tariff";
import type { TariffOutlook } from "./tariff-outlook.ts";
import type { ForeseenWeather, WeatherOutlook } from "./weather-outlook.ts";

export interface LookAheadOptions {
  readonly building: Building;
  readonly step_s: number;
  readonly horizonSteps: number;
  readonly weather: WeatherOutlook;
  readonly tariff: TariffOutlook;
}

/** The horizon from `startMs` on; arrays have one value a step. */
export interface Ahead {
  readonly startMs: number; // home time
  readonly foreseen: ForeseenWeather;
  readonly disturbances: Disturbances;
  readonly rates: readonly Rate[];
  readonly price_eur_kwh: Float64Array;
}

/** The steps from `startMs` on, as far as they are known at `nowMs`. */
export async function lookAhead(options: LookAheadOptions, startMs: number, nowMs: number): Promise<Ahead> {
  const { building, step_s, horizonSteps } = options;
  const foreseen = await options.weather.steps(startMs, step_s, horizonSteps);
  const rates = options.tariff.rates(startMs, startMs + horizonSteps * step_s * 1000, nowMs);
  return {
    startMs,
    foreseen,
    disturbances: disturbances(building, foreseen.steps),
    rates,
    price_eur_kwh: stepPrices(rates, startMs, step_s, horizonSteps),
  };
}
