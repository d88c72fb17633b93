/** The weather in use, as `home/forecast` and `GET /forecast` publish it. */
import { type ForecastState, isoTimeOf, sentenceOf } from "@azru/contracts";
import type { Disturbances } from "@azru/simulation";
import type { WeatherForecast } from "./weather-outlook.ts";

/** Two decimals say all that a forecast knows, at a third of the size. */
function column(values: Float64Array): number[] {
  return Array.from(values, (value) => Math.round(value * 100) / 100);
}

/** A stretch of weather, with what it brings into the building through the windows. */
export function forecastMessage(
  { steps, source, issuedMs, fallbackReason }: WeatherForecast,
  { phi_sol_w }: Pick<Disturbances, "phi_sol_w">,
): ForecastState {
  return {
    issued_at: isoTimeOf(issuedMs),
    source: source.slice(0, 200),
    ...(fallbackReason !== undefined && { fallback_reason: sentenceOf(fallbackReason) }),
    start: isoTimeOf(steps.startMs),
    step_s: steps.dtSeconds,
    temperature: column(steps.dryBulbTemperature_c),
    direct_normal_irradiance: column(steps.directNormalIrradiance_w_m2),
    diffuse_horizontal_irradiance: column(steps.diffuseHorizontalIrradiance_w_m2),
    cloud_cover: column(steps.cloudCover),
    solar_power: column(phi_sol_w),
  };
}
