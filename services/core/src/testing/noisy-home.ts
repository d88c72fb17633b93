/** A home in which nothing is known for sure: thermometers err by a tenth of a degree, and so do forecasts. */
import { airTemperature_c, nextMassTemperature_c } from "@azru/physics";
import { hourMs } from "@azru/runtime";
import { type Disturbances, disturbances } from "@azru/simulation";
import { forecastSteps, referenceYearSource, stepMeans, type WeatherSource } from "@azru/weather";
import { randomLcg, randomNormal } from "d3-random";
import { createWeatherOutlook, type WeatherOutlook } from "../outlook/weather-outlook.ts";
import { building, type Device, model, stepMs } from "./test-home.ts";

const noise_k = 0.1;

/** The reference year as a forecaster foresees it, issued every six hours: see `forecastSteps`. */
export function erringForecast(): WeatherOutlook {
  const truth = referenceYearSource();
  const source: WeatherSource = {
    name: "erring forecast",
    async series(fromMs, toMs) {
      const series = await truth.series(fromMs, toMs);
      return { ...series, ...forecastSteps(series, fromMs) };
    },
  };
  return createWeatherOutlook({
    kind: "reference_year",
    source,
    substitute: truth,
    reach_ms: 5 * 24 * hourMs,
    needed_ms: 60 * hourMs,
    freshFor_ms: 6 * hourMs,
  });
}

/** The course of a home; arrays have one value a step. */
export interface NoisyLife {
  readonly weather: Disturbances;
  readonly valve: Float64Array; // 0 to 1
  readonly theta_air_c: Float64Array;
  readonly theta_m_end_c: number;
}

/** Follows the commands of a core for a while, and publishes what thermometers measure inside and outside. */
export async function liveNoisily(device: Device, fromMs: number, steps: number): Promise<NoisyLife> {
  const series = await referenceYearSource().series(fromMs, fromMs + steps * stepMs);
  const weather = disturbances(building, stepMeans(series, fromMs, stepMs / 1000, steps));
  const error_k = randomNormal.source(randomLcg(0.5))(0, noise_k);
  const valve = new Float64Array(steps);
  const theta_air_c = new Float64Array(steps);
  let theta_m_c = 20;
  let measured = { temperature: 20 + error_k(), external_temperature: weather.theta_e_c[0] + error_k() };
  for (let k = 0; k < steps; k++) {
    const { valve_position } = await device.decision(fromMs + k * stepMs, measured);
    valve[k] = valve_position / 100;
    const acting = [
      valve[k] * building.heating.maxPower_w,
      weather.theta_e_c[k],
      weather.phi_sol_w[k],
      weather.phi_int_w[k],
    ] as const;
    theta_air_c[k] = airTemperature_c(model, theta_m_c, ...acting);
    theta_m_c = nextMassTemperature_c(model, theta_m_c, ...acting);
    measured = {
      temperature: theta_air_c[k] + error_k(),
      external_temperature: weather.theta_e_c[k] + error_k(),
    };
  }
  return { weather, valve, theta_air_c, theta_m_end_c: theta_m_c };
}

/** How long and how far the air was below a floor, K h. */
export function below_kh({ theta_air_c }: NoisyLife, floor_c: number): number {
  return theta_air_c.reduce((sum, air_c) => sum + Math.max(0, floor_c - air_c), 0) * (stepMs / hourMs);
}
