/**
 * Open-Meteo: its forecast, and its archive (ERA5 and relatives) for days past. No key.
 *
 * What it calls radiation at an hour is the mean of the hour before; temperature and cloud cover hold at
 * the hour. In the series, an interval takes the radiation stamped at its end and the mean of the cloud
 * covers at both its ends.
 *
 * @see https://open-meteo.com/en/docs, https://open-meteo.com/en/docs/historical-weather-api
 */
import { createHash } from "node:crypto";
import { answerCache, CacheError, HttpError, httpClient } from "@azru/http";
import { dayMs, hourMs } from "@azru/time";
import { z } from "zod";
import { firstIssue } from "../issue.ts";
import {
  allocateWeather,
  hoursCovering,
  type Location,
  type Staleness,
  validateSeries,
  type WeatherSeries,
  type WeatherSource,
} from "../series.ts";
import { WeatherSourceError } from "./error.ts";

/** A year of hours has some 400 kB. */
const largest_bytes = 16 * 1024 * 1024;
/** For all attempts of a question together. */
const deadline_ms = 120_000;
/** How far the forecast reaches: today and 15 days more; and how far back its endpoint remembers. */
const forecastDays = 16;
const forecastPastDays = 92;
/** Days that every forecast covers, so that the last good one lasts through an outage. */
const forecastMargin_days = 7;
/** A series that ends earlier is none. */
const leastHours = 2;

export interface OpenMeteoOptions {
  readonly location: Location;
  /** The present, Unix ms: what is past comes from the archive. */
  readonly now: () => number;
  /** Where archive answers and the last good forecast are kept; absent: in memory, the forecast only. */
  readonly cacheFolder?: string | undefined;
  readonly forecastUrl?: string;
  readonly archiveUrl?: string;
  /** For one attempt to begin answering, and again for each pause within an answer. */
  readonly timeoutMs?: number;
  /** Attempts after a broken connection, HTTP 429 or 5xx, with doubling pauses from `retryDelayMs`. */
  readonly retries?: number;
  readonly retryDelayMs?: number;
  /** A forecast no older than this is not asked for again. */
  readonly freshForMs?: number;
  /** Whether a series may end where the forecast has no more good hours; without it that is an error. */
  readonly mayEndEarly?: boolean;
}

/** Models round, and their radiation is now and then a little below none. */
const tinyBelow_w_m2 = -5;
/** Hours without a value that are interpolated, as in EPW files. */
const longestGap_h = 2;
/** A value that cannot be is no value; it does not discard the others. */
const hourly = (value: z.ZodType<number>) => z.array(value.nullable().catch(null));
const irradiance_w_m2 = z
  .number()
  .min(tinyBelow_w_m2)
  .max(1500)
  .transform((value) => Math.max(0, value));
const answerSchema = z
  .object({
    hourly: z.object({
      // Not .min(1): Zod's length checks (4.6) throw a TypeError on an object with a strange `length`.
      time: z
        .array(z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:00$/))
        .refine((time) => time.length > 0, { error: "must not be empty" }),
      temperature_2m: hourly(z.number().min(-90).max(60)),
      direct_normal_irradiance: hourly(irradiance_w_m2),
      diffuse_radiation: hourly(irradiance_w_m2),
      cloud_cover: hourly(z.number().min(0).max(100)),
    }),
  })
  .superRefine((answer, context) => {
    for (const [field, values] of Object.entries(answer.hourly)) {
      const length = answer.hourly.time.length;
      if (values.length !== length) {
        const message = `must have ${length} values, got ${values.length}`;
        context.addIssue({ code: "custom", path: ["hourly", field], message });
      }
    }
  });
type Answer = z.infer<typeof answerSchema>;

const refusalSchema = z.object({ error: z.literal(true), reason: z.string() });

const storedForecastSchema = z.object({ fetchedAtMs: z.number(), answer: answerSchema });
type StoredForecast = z.infer<typeof storedForecastSchema>;

/** Why there is no answer, when asking again later may help. */
class Outage extends WeatherSourceError {
  override readonly isOutage = true;
}

/**
 * The weather that Open-Meteo has of a place. Past days come from the archive, the rest from the
 * forecast, which also fills the last days where the archive is still empty. Complete archive answers are
 * kept in `cacheFolder`. When the forecast cannot be reached, the last good one is used as long as it
 * covers what is asked, and `source` says that it is stale.
 *
 * `series` rejects with a WeatherSourceError that says what was asked of whom and what came back.
 *
 * @throws RangeError when the location is not on earth
 */
export function openMeteoSource(options: OpenMeteoOptions): WeatherSource {
  const { location, now } = options;
  const { latitude_deg, longitude_deg } = location;
  if (!(Math.abs(latitude_deg) <= 90))
    throw new RangeError(`latitude_deg must be within -90..90, got ${latitude_deg}`);
  if (!(Math.abs(longitude_deg) <= 180))
    throw new RangeError(`longitude_deg must be within -180..180, got ${longitude_deg}`);

  const forecastUrl = options.forecastUrl ?? "https://api.open-meteo.com/v1/forecast";
  const archiveUrl = options.archiveUrl ?? "https://archive-api.open-meteo.com/v1/archive";
  const freshForMs = options.freshForMs ?? 15 * 60_000;
  const get = httpClient({ ...options, largest_bytes, deadlineMs: deadline_ms });
  const cache = weatherCache(options.cacheFolder);
  let lastForecast: StoredForecast | undefined;

  async function archive(first: number, last: number): Promise<Answer> {
    const url = queryUrl(archiveUrl, location, first, last);
    const key = `open-meteo-archive-${hashed(url.href)}`;
    const kept = await cache.read(key, answerSchema);
    if (kept !== undefined) return kept;
    const answer = await ask(url, get);
    if (lastCompleteHour(answer) === answer.hourly.time.length - 1) await cache.write(key, answer);
    return answer;
  }

  /** A forecast from day `first` that reaches `last`, and how stale it is if it is. */
  async function forecast(first: number, last: number): Promise<{ answer: Answer; stale?: Staleness }> {
    const today = Math.floor(now() / dayMs);
    const until = Math.max(last, today + forecastMargin_days);
    const key = `open-meteo-forecast-${hashed(queryUrl(forecastUrl, location, 0, 0).href)}`;
    lastForecast ??= await cache.read(key, storedForecastSchema);
    const kept = lastForecast;
    const covers = kept !== undefined && coversDays(kept.answer, first, last);
    const age = kept === undefined ? Number.POSITIVE_INFINITY : now() - kept.fetchedAtMs;
    if (covers && age >= 0 && age < freshForMs) return { answer: kept.answer };
    try {
      const answer = await ask(queryUrl(forecastUrl, location, Math.min(first, today), until), get);
      lastForecast = { fetchedAtMs: now(), answer };
      await cache.write(key, lastForecast);
      return { answer };
    } catch (error) {
      if (covers && error instanceof Outage) {
        return { answer: kept.answer, stale: { ofMs: kept.fetchedAtMs, reason: error.message } };
      }
      throw error;
    }
  }

  return {
    name: `Open-Meteo ${location.name}`,
    async series(startMs, endMs) {
      const grid = hoursCovering(startMs, endMs);
      const today = Math.floor(now() / dayMs);
      const first = Math.floor(grid.startMs / dayMs);
      const last = Math.floor((grid.startMs + grid.count * hourMs) / dayMs); // with the hour after the last
      if (last >= today + forecastDays) {
        throw new WeatherSourceError(
          `Open-Meteo forecasts until ${isoDay(today + forecastDays - 1)}, asked until ${isoDay(last)}`,
        );
      }
      const hours = new HourTable(first, last);
      const origins: string[] = [];
      let stale: Staleness | undefined;
      if (first < today) {
        const answer = await archive(first, Math.min(last, today - 1));
        if (hours.fill(answer, lastCompleteHour(answer)) > 0) origins.push("archive");
        hours.interpolate();
      }
      const missing = Math.floor(hours.firstMissing() / 24) + first;
      if (missing <= last) {
        if (missing < today - forecastPastDays) {
          throw new WeatherSourceError(`Open-Meteo's archive has no data for ${isoDay(missing)}`);
        }
        const { answer, stale: staleness } = await forecast(missing, last);
        stale = staleness;
        hours.fill(answer, answer.hourly.time.length - 1);
        hours.interpolate();
        origins.push(stale ? `forecast (stale, of ${new Date(stale.ofMs).toISOString()})` : "forecast");
      }
      const source = `Open-Meteo ${origins.join(" and ")}`;
      const known = hours.knownFrom(grid.startMs) - 1; // an interval takes the radiation of the hour at its end
      const count = options.mayEndEarly && known > leastHours ? Math.min(grid.count, known) : grid.count;
      const series = hours.series(source, location, grid.startMs, count);
      return validateSeries(stale ? { ...series, stale } : series);
    },
  };
}

/** Hourly values of whole days (UTC), NaN where nothing is known yet. */
class HourTable {
  readonly #firstMs: number;
  readonly #temperature: Float64Array;
  readonly #direct: Float64Array;
  readonly #diffuse: Float64Array;
  readonly #cloud: Float64Array;

  constructor(firstDay: number, lastDay: number) {
    const empty = () => new Float64Array((lastDay - firstDay + 1) * 24).fill(Number.NaN);
    this.#firstMs = firstDay * dayMs;
    this.#temperature = empty();
    this.#direct = empty();
    this.#diffuse = empty();
    this.#cloud = empty();
  }

  /** Takes an answer's hours up to index `until` where nothing is known yet; returns how many. */
  fill({ hourly }: Answer, until: number): number {
    let taken = 0;
    for (let i = 0; i <= until; i++) {
      const hour = (hourToMs(hourly.time[i]) - this.#firstMs) / hourMs;
      if (!(hour >= 0 && hour < this.#temperature.length) || this.#known(hour)) continue;
      this.#temperature[hour] = hourly.temperature_2m[i] ?? Number.NaN;
      this.#direct[hour] = hourly.direct_normal_irradiance[i] ?? Number.NaN;
      this.#diffuse[hour] = hourly.diffuse_radiation[i] ?? Number.NaN;
      this.#cloud[hour] = hourly.cloud_cover[i] ?? Number.NaN;
      taken++;
    }
    return taken;
  }

  #known(hour: number): boolean {
    return !Number.isNaN(
      this.#temperature[hour] + this.#direct[hour] + this.#diffuse[hour] + this.#cloud[hour],
    );
  }

  /** Index of the first hour that is not known; the length where all are. */
  firstMissing(): number {
    let hour = 0;
    while (hour < this.#temperature.length && this.#known(hour)) hour++;
    return hour;
  }

  /** Hours from an instant on that are known, without a break. */
  knownFrom(startMs: number): number {
    const begin = (startMs - this.#firstMs) / hourMs;
    let hour = begin;
    while (hour < this.#temperature.length && this.#known(hour)) hour++;
    return hour - begin;
  }

  /** Fills short gaps in each quantity by straight lines. */
  interpolate(): void {
    for (const values of [this.#temperature, this.#direct, this.#diffuse, this.#cloud]) {
      let last = -1; // hour that is known
      for (let hour = 0; hour < values.length; hour++) {
        if (Number.isNaN(values[hour])) continue;
        const gap = hour - last - 1;
        if (last >= 0 && gap <= longestGap_h)
          for (let i = 1; i <= gap; i++)
            values[last + i] = values[last] + ((values[hour] - values[last]) * i) / (gap + 1);
        last = hour;
      }
    }
  }

  series(source: string, location: Location, startMs: number, count: number): WeatherSeries {
    const arrays = allocateWeather(count);
    const begin = (startMs - this.#firstMs) / hourMs;
    for (let i = 0; i < count; i++) {
      const hour = begin + i;
      for (const end of [hour, hour + 1]) {
        if (!this.#known(end)) {
          const at = new Date(this.#firstMs + end * hourMs).toISOString();
          throw new WeatherSourceError(`${source} has no data for ${at}`);
        }
      }
      arrays.dryBulbTemperature_c[i] = this.#temperature[hour];
      arrays.directNormalIrradiance_w_m2[i] = this.#direct[hour + 1];
      arrays.diffuseHorizontalIrradiance_w_m2[i] = this.#diffuse[hour + 1];
      arrays.cloudCover[i] = (this.#cloud[hour] + this.#cloud[hour + 1]) / 200;
    }
    return { source, location, startMs, dtSeconds: 3600, ...arrays };
  }
}

/** Index of the last hour with every value; -1 where there is none. */
function lastCompleteHour({ hourly }: Answer): number {
  let i = hourly.time.length - 1;
  const complete = (hour: number) =>
    hourly.temperature_2m[hour] !== null &&
    hourly.direct_normal_irradiance[hour] !== null &&
    hourly.diffuse_radiation[hour] !== null &&
    hourly.cloud_cover[hour] !== null;
  while (i >= 0 && !complete(i)) i--;
  return i;
}

function coversDays(answer: Answer, first: number, last: number): boolean {
  const { time } = answer.hourly;
  return (
    hourToMs(time[0]) <= first * dayMs &&
    hourToMs(time[lastCompleteHour(answer)] ?? time[0]) >= (last + 1) * dayMs - hourMs
  );
}

function hourToMs(time: string): number {
  return Date.parse(`${time}Z`);
}

function isoDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

function hashed(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function queryUrl(base: string, location: Location, first: number, last: number): URL {
  const url = new URL(base);
  url.searchParams.set("latitude", String(location.latitude_deg));
  url.searchParams.set("longitude", String(location.longitude_deg));
  url.searchParams.set("hourly", "temperature_2m,direct_normal_irradiance,diffuse_radiation,cloud_cover");
  url.searchParams.set("timezone", "UTC");
  url.searchParams.set("start_date", isoDay(first));
  url.searchParams.set("end_date", isoDay(last));
  return url;
}

/** What was kept; nothing is without a folder. Throws WeatherSourceError where the folder cannot be used. */
function weatherCache(folder: string | undefined) {
  if (folder === undefined) return { read: async () => undefined, write: async () => {} };
  const cache = answerCache(folder);
  return {
    /** Absent too where the file is not what the schema says, to be asked for again. */
    async read<T>(key: string, schema: z.ZodType<T>): Promise<T | undefined> {
      const content = await cache.read(key).catch((error: unknown) => {
        if (!(error instanceof CacheError)) throw error;
        if (error.code === undefined) return undefined;
        throw new WeatherSourceError(`cannot read ${error.message}`, { cause: error });
      });
      return schema.safeParse(content).data;
    },
    async write(key: string, answer: unknown): Promise<void> {
      await cache.write(key, answer).catch((error: unknown) => {
        if (!(error instanceof CacheError)) throw error;
        const problem = `cannot keep weather answers in ${folder}: ${error.code}`;
        throw new WeatherSourceError(problem, { cause: error });
      });
    },
  };
}

/** Asks and checks. @throws Outage where asking again may help; WeatherSourceError where it was refused */
async function ask(url: URL, get: ReturnType<typeof httpClient>): Promise<Answer> {
  const { host } = url;
  const { statusCode, text } = await get(url).catch((error: unknown) => {
    if (!(error instanceof HttpError)) throw error;
    throw new Outage(`cannot reach ${host}: ${error.message}`, { cause: error.cause });
  });
  const json = parsedJson(text);
  if (statusCode !== 200) {
    const refusal = refusalSchema.safeParse(json);
    const reason = refusal.success ? refusal.data.reason : `HTTP ${statusCode}`;
    if (statusCode === 400) throw new WeatherSourceError(`${host} refused the request: ${reason}`);
    throw new Outage(`${host} answered ${reason}`);
  }
  if (json === undefined) throw new Outage(`${host} answered something that is not JSON`);
  const refusal = refusalSchema.safeParse(json);
  if (refusal.success) throw new Outage(`${host} answered ${refusal.data.reason}`);
  const answer = answerSchema.safeParse(json);
  if (!answer.success) throw new Outage(`${host} answered something unexpected: ${firstIssue(answer.error)}`);
  return answer.data;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the caller says so, with the host's name
  }
}
