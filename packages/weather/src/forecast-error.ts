/**
 * A forecast as a weather service would have made it: the true weather with errors that grow with lead time.
 *
 * A forecast is a model run, issued every few hours; within a run the error of an instant is fixed, so a
 * controller that asks again sees the same forecast until the next run. With lead time L in hours since the
 * run began:
 *
 * - Temperature: + sigma(L) z(L), z a unit AR(1) process with a correlation time of 12 h and
 *   sigma(L) = at1h L^p, p such that it is at24h at 24 h (a power law, 0 at the start of the run).
 * - Sky: the beam's clearness, direct normal over a clear sky's, is shifted on the logit scale by
 *   sigma(L) z'(L), so that it stays a share: clear skies cloud over, cloudy ones clear up, a night stays
 *   dark. Cloud cover is shifted the other way; a quarter of the lost beam comes back as diffuse light.
 *
 * The default sizes are those of a good regional model: 0.5 K after an hour, 1.5 K after a day.
 */
import { hourMs } from "@azru/time";
import { clearSkyDirect_w_m2 } from "./radiation.ts";
import { autoregression, blended, murmur3 } from "./random.ts";
import type { WeatherSteps } from "./resample.ts";
import { allocateWeather } from "./series.ts";
import { sunOver } from "./sun.ts";

const correlation_h = 12;
const phi = Math.exp(-1 / correlation_h);
const streams = { temperature: 1, sky: 2 };
const diffusePerLostBeam = 0.25;

/** Standard deviation of an error, one hour and one day after the run began. */
export interface ErrorGrowth {
  readonly at1h: number;
  readonly at24h: number;
}

export interface ForecastErrorOptions {
  /** A whole number; 1 by default. */
  readonly seed?: number;
  readonly runInterval_h?: number; // 6 by default
  readonly temperature_k?: ErrorGrowth;
  /** On the logit scale of clearness. */
  readonly skyLogit?: ErrorGrowth;
}

/**
 * The forecast of `truth` as known at `issueMs`. Steps before the run are the truth.
 *
 * @param issueMs when it is asked for; the run is the last one that starts at or before it
 * @returns steps like those of `truth`, deterministic in the seed and the run
 * @throws RangeError naming the option that is out of range
 */
export function forecastSteps(
  truth: WeatherSteps,
  issueMs: number,
  options: ForecastErrorOptions = {},
): WeatherSteps {
  const { seed = 1, runInterval_h = 6 } = options;
  const temperature_k = options.temperature_k ?? { at1h: 0.5, at24h: 1.5 };
  const skyLogit = options.skyLogit ?? { at1h: 0.4, at24h: 1 };
  if (!Number.isFinite(issueMs)) throw new RangeError(`issueMs must be finite, got ${issueMs}`);
  if (!Number.isInteger(seed)) throw new RangeError(`seed must be a whole number, got ${seed}`);
  if (!(runInterval_h > 0 && Number.isFinite(runInterval_h))) {
    throw new RangeError(`runInterval_h must be > 0, got ${runInterval_h}`);
  }
  checkGrowth("temperature_k", temperature_k);
  checkGrowth("skyLogit", skyLogit);

  const run = Math.floor(issueMs / (runInterval_h * hourMs));
  const runMs = run * runInterval_h * hourMs;
  const count = truth.dryBulbTemperature_c.length;
  const dtMs = truth.dtSeconds * 1000;
  const lead_h = (step: number) => (truth.startMs + (step + 0.5) * dtMs - runMs) / hourMs;
  const hours = Math.max(2, Math.ceil(lead_h(count - 1)) + 2);
  const runSeed = murmur3([run], seed);
  const temperatureError = autoregression(runSeed, streams.temperature, phi, 0, hours);
  const skyError = autoregression(runSeed, streams.sky, phi, 0, hours);

  const forecast = allocateWeather(count);
  for (let k = 0; k < count; k++) {
    const lead = Math.max(0, lead_h(k));
    const sky = sigma(skyLogit, lead) * blended(skyError, lead, phi);
    const sun = sunOver(truth.location, truth.startMs + k * dtMs, truth.dtSeconds);
    const clear =
      sun.daylight > 0
        ? sun.daylight * clearSkyDirect_w_m2(sun.sinElevation / sun.daylight, sun.extraterrestrialNormal_w_m2)
        : 0;
    const direct = truth.directNormalIrradiance_w_m2[k];
    const diffuse = truth.diffuseHorizontalIrradiance_w_m2[k];
    const forecastDirect = Math.max(0, direct + (clear > 0 ? clear * shifted(direct / clear, sky) : 0));
    const lostBeam = (direct - forecastDirect) * sun.sinElevation;
    forecast.dryBulbTemperature_c[k] =
      truth.dryBulbTemperature_c[k] + sigma(temperature_k, lead) * blended(temperatureError, lead, phi);
    forecast.directNormalIrradiance_w_m2[k] = forecastDirect;
    forecast.diffuseHorizontalIrradiance_w_m2[k] = Math.max(0, diffuse + diffusePerLostBeam * lostBeam);
    forecast.cloudCover[k] = clamp(truth.cloudCover[k] + shifted(truth.cloudCover[k], -sky), 0, 1);
  }
  const issued = new Date(runMs).toISOString();
  return { ...truth, ...forecast, source: `${truth.source}, forecast of ${issued}` };
}

function checkGrowth(field: string, { at1h, at24h }: ErrorGrowth): void {
  if (!(at1h > 0 && Number.isFinite(at1h))) throw new RangeError(`${field}.at1h must be > 0, got ${at1h}`);
  if (!(at24h >= at1h && Number.isFinite(at24h))) {
    throw new RangeError(`${field}.at24h must be >= at1h (${at1h}), got ${at24h}`);
  }
}

function sigma({ at1h, at24h }: ErrorGrowth, lead_h: number): number {
  return at1h * lead_h ** (Math.log(at24h / at1h) / Math.log(24));
}

/** By how much a share changes when its logit is shifted; shares are kept off 0 and 1 by a hundredth. */
function shifted(share: number, shift: number): number {
  const p = clamp(share, 0.01, 0.99);
  return 1 / (1 + ((1 - p) / p) * Math.exp(-shift)) - p;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
