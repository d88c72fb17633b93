import type { History } from "@azru/identification";
import { type Building, disturbances, heatingCop } from "@azru/simulation";
import { EpwError, WeatherSourceError, stepMeans as weatherMeans, weatherSourceFrom } from "@azru/weather";
import { HistoryError } from "./history-error.ts";
import { heldSteps, type Measurements, type Samples, samplesBetween, stepMeans } from "./measurements.ts";

const quarterHourMs = 900_000;
const longestStepMs = 7_200_000;
const held_h = 1; // a valve, a meter or the weather may be silent for so long

/** What is needed to make a history of measurements. */
export interface HistoryRequest {
  readonly startMs?: number; // Unix time
  readonly endMs?: number; // excluded
  /** That of the measurements, at least a quarter of an hour, when absent. */
  readonly dtSeconds?: number;
  /** A weather source in the words of `weatherSpecForms`. */
  readonly weather?: string;
  readonly heat: "metered" | "valve" | "auto";
  readonly cacheFolder: string;
  readonly nowMs: number; // Unix time
}

/**
 * Puts measurements onto equal steps, and completes them by the weather: the solar gains come from it through the
 * building's windows, the outdoor temperature where it was not measured.
 *
 * @throws HistoryError in one line naming what is missing
 */
export async function toHistory(
  measured: Measurements,
  building: Building,
  request: HistoryRequest,
): Promise<History> {
  const first = measured.air_c.timesMs.at(0);
  const last = measured.air_c.timesMs.at(-1);
  if (first === undefined || last === undefined)
    throw new HistoryError(`${measured.source} holds no air temperature`);
  const air_c = samplesBetween(measured.air_c, request.startMs ?? first, request.endMs ?? last + 1);
  if (air_c.timesMs.length < 2)
    throw new HistoryError(`${measured.source} holds no air temperatures in the time asked for`);

  const dtMs = request.dtSeconds === undefined ? stepOf(air_c) : request.dtSeconds * 1000;
  const startMs = Math.floor(air_c.timesMs[0] / dtMs) * dtMs;
  const steps = Math.floor((air_c.timesMs.at(-1)! - startMs) / dtMs) + 1;
  const grid = (samples: Samples) => stepMeans(samples, startMs, dtMs, steps);
  const held = (samples: Samples) => heldSteps(samples, startMs, dtMs, steps, held_h * 3_600_000);

  const weather =
    request.weather === undefined ? undefined : await weatherOf(building, request, startMs, dtMs, steps);
  const outdoor = measured.outdoor_c && held(measured.outdoor_c);
  if (!outdoor && !weather)
    throw new HistoryError(`${measured.source} has no outdoor temperature; the weather must be given`);
  if (outdoor && weather) checkWeather(outdoor, weather.theta_e_c, dtMs, request.weather ?? "");
  const theta_e_c =
    outdoor?.map((theta, k) => (weather && Number.isNaN(theta) ? weather.theta_e_c[k] : theta)) ??
    weather!.theta_e_c;
  const phi_sol_w = weather?.phi_sol_w ?? (measured.solar_w && held(measured.solar_w));
  if (!phi_sol_w) throw new HistoryError(`${measured.source} has no solar gains; the weather must be given`);

  const valve =
    measured.valve_percent && held(measured.valve_percent).map((percent) => within01(percent / 100));
  const electric_w = request.heat === "valve" ? undefined : measured.electric_w;
  if (request.heat === "metered" && !electric_w)
    throw new HistoryError(
      `the heat is not metered: ${measured.source} has no electric power of the heating`,
    );
  if (!valve && !electric_w)
    throw new HistoryError(
      `${measured.source} has neither a valve position nor the electric power of the heating`,
    );
  const phi_HC_w =
    electric_w && held(electric_w).map((power_w, k) => power_w * heatingCop(building, theta_e_c[k]));
  return {
    startMs,
    dtSeconds: dtMs / 1000,
    theta_air_c: grid(air_c),
    valve: valve ?? new Float64Array(steps).fill(Number.NaN),
    ...(phi_HC_w && { phi_HC_w }),
    theta_e_c,
    phi_sol_w,
    solarGains: weather ? "windows" : "measured",
  };
}

/** The usual distance of samples in whole minutes, but at least a quarter of an hour. */
function stepOf({ timesMs }: Samples): number {
  const gaps = timesMs.slice(1).map((timeMs, i) => timeMs - timesMs[i]);
  const usual = gaps.sort((a, b) => a - b)[gaps.length >> 1];
  return Math.min(longestStepMs, Math.max(quarterHourMs, Math.round(usual / 60_000) * 60_000));
}

const leastShared_days = 3;

/**
 * Weather of these days differs from the thermometer outside by less than that varies.
 *
 * @throws HistoryError where it does not
 */
function checkWeather(measured_c: Float64Array, weather_c: Float64Array, dtMs: number, spec: string): void {
  const shared = [...measured_c.keys()].filter((k) => !Number.isNaN(measured_c[k] + weather_c[k]));
  if (shared.length * dtMs < leastShared_days * 86_400_000) return;
  const varies_k = deviation(shared.map((k) => measured_c[k]));
  const differs_k = deviation(shared.map((k) => measured_c[k] - weather_c[k]));
  if (differs_k >= varies_k)
    throw new HistoryError(
      `the weather ${spec} is not that of these days: its outdoor temperature goes ${differs_k.toFixed(1)} K (standard deviation) apart from the measured one, which itself varies by ${varies_k.toFixed(1)} K; check place and time`,
    );
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** A valve a hair beyond its ends is at them. */
function within01(valve: number): number {
  return Math.min(1, Math.max(0, valve));
}

async function weatherOf(
  building: Building,
  { weather = "", cacheFolder, nowMs }: HistoryRequest,
  startMs: number,
  dtMs: number,
  steps: number,
) {
  try {
    const source = await weatherSourceFrom(weather, { openMeteo: { cacheFolder, now: () => nowMs } });
    const series = await source.series(startMs, startMs + steps * dtMs);
    return disturbances(building, weatherMeans(series, startMs, dtMs / 1000, steps));
  } catch (error) {
    if (error instanceof WeatherSourceError)
      throw new HistoryError(`the weather: ${error.message}`, { isOutage: error.isOutage });
    if (error instanceof EpwError || error instanceof RangeError)
      throw new HistoryError(`the weather: ${error.message}`);
    throw error;
  }
}
