/** Foresees the steps ahead as the home shows them to be. */
import type { Forecast } from "@azru/control";
import type { Clock, Logger } from "@azru/runtime";
import type { House } from "../home/house.ts";
import type { ModelInForce } from "../home/model-in-force.ts";
import { type HomeForecast, type HomeForecastOptions, homeForecast } from "../outlook/home-forecast.ts";

/** A forecast to plan with. */
export interface PlanForecast extends HomeForecast {
  /** Back-off of the first step, K. */
  readonly backOff_k: number;
}

/** What foreseeing needs. */
export interface ForeseeParts extends Omit<HomeForecastOptions, "model"> {
  readonly clock: Pick<Clock, "now" | "isKnown">;
  readonly model: Pick<ModelInForce, "now">;
  readonly house: Pick<House, "foresee">;
  readonly log: Pick<Logger, "error">;
}

/**
 * The forecast from `startMs` on, corrected by what the home shows to be otherwise. Undefined where nobody
 * knows what time it is, and where not even a substitute can be had, which is logged.
 */
export async function foresee(parts: ForeseeParts, startMs: number): Promise<PlanForecast | undefined> {
  const { house, clock, horizonSteps, comfort, weather, tariff } = parts;
  const model = parts.model.now;
  if (!clock.isKnown) return undefined;
  try {
    const forecast = await homeForecast(
      { model, horizonSteps, comfort, weather, tariff },
      startMs,
      clock.now(),
    );
    const { disturbances, price_eur_kwh, min_c } = forecast;
    return corrected(forecast, house.foresee(disturbances, price_eur_kwh, min_c));
  } catch (error) {
    parts.log.error({ err: error }, "nothing is foreseen");
    return undefined;
  }
}

function corrected(forecast: HomeForecast, shown: Forecast): PlanForecast {
  const { disturbances, min_c, max_c } = forecast;
  const { theta_e_c, phi_sol_w, phi_int_w, margin_k, marginAbove_k } = shown;
  return {
    ...forecast,
    disturbances: { ...disturbances, theta_e_c, phi_sol_w, phi_int_w },
    ...(margin_k && { margin_k }),
    ...(marginAbove_k && { marginAbove_k }),
    backOff_k: Math.max(0, Math.min(margin_k?.[0] ?? 0, max_c[0] - min_c[0])),
  };
}
