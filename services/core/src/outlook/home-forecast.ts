/** The forecast of the steps ahead: weather, prices and setpoints on the controller's grid. */
import type { ComfortTemperature } from "@azru/contracts";
import type { PriceBranches } from "@azru/control";
import { type Disturbances, disturbances } from "@azru/simulation";
import { type Rate, stepPrices } from "@azru/tariff";
import type { ComfortKeeper } from "../comfort/comfort-keeper.ts";
import { planSteps, stepsInView } from "../comfort/reheating.ts";
import type { HouseModel } from "../home/house-model.ts";
import type { TariffOutlook } from "./tariff-outlook.ts";
import type { WeatherForecast, WeatherOutlook } from "./weather-outlook.ts";

export interface HomeForecastOptions {
  readonly model: HouseModel;
  readonly horizonSteps: number;
  readonly comfort: Pick<ComfortKeeper, "setpoints_c" | "ceilings_c" | "of">;
  readonly weather: WeatherOutlook;
  readonly tariff: TariffOutlook;
}

/** The horizon from `startMs` on; arrays have one value a step. */
export interface HomeForecast {
  readonly startMs: number; // home time
  readonly weather: WeatherForecast;
  readonly disturbances: Disturbances;
  readonly rates: readonly Rate[];
  readonly price_eur_kwh: Float64Array;
  /** What the prices may turn out to be; absent where they are known. */
  readonly colours?: PriceBranches;
  /** The temperature that setpoints and ceilings are of; the air's when absent. */
  readonly of?: ComfortTemperature;
  /** Setpoints: the least temperature. */
  readonly min_c: Float64Array;
  /** Ceilings: the warmest acceptable. */
  readonly max_c: Float64Array;
  /** Back-off: the distance that a plan keeps from the setpoint, K; absent where nothing is known of it. */
  readonly margin_k?: Float64Array;
  /** The distance that it keeps from the ceiling of comfort, K; absent where it keeps none. */
  readonly marginAbove_k?: Float64Array;
}

/**
 * The steps from `startMs` on, as far as they are known at `nowMs`: the horizon, and more where the home must be
 * warm again later on and that takes long.
 */
export async function homeForecast(
  options: HomeForecastOptions,
  startMs: number,
  nowMs: number,
): Promise<HomeForecast> {
  const { horizonSteps } = options;
  const { building, step, maxPower_w } = options.model;
  const { dtSeconds } = step;
  const step_ms = dtSeconds * 1000;
  const inView = stepsInView(horizonSteps, step);
  const setpoints_c = options.comfort.setpoints_c(startMs, step_ms, inView + horizonSteps, nowMs);
  const usual = await options.weather.steps(startMs, dtSeconds, horizonSteps);
  const steps = planSteps(
    { model: step, maxPower_w, phi_int_w: building.internalGains_w },
    horizonSteps,
    setpoints_c.subarray(0, inView),
    mean(usual.steps.dryBulbTemperature_c),
  );
  const weather = steps === horizonSteps ? usual : await options.weather.steps(startMs, dtSeconds, steps);
  const rates = options.tariff.rates(startMs, startMs + steps * step_ms, nowMs);
  const colours = options.tariff.priceTree(startMs, dtSeconds, steps, nowMs);
  return {
    startMs,
    weather,
    ...(colours && { colours }),
    disturbances: disturbances(building, weather.steps),
    rates,
    price_eur_kwh: stepPrices(rates, startMs, dtSeconds, steps),
    of: options.comfort.of,
    min_c: setpoints_c.subarray(0, steps),
    max_c: options.comfort.ceilings_c(startMs, step_ms, setpoints_c.subarray(0, steps)),
  };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
