/** The InfluxDB v2 store. */

import type { Point } from "@azru/contracts";
import {
  type FluxTableMetaData,
  type HttpHeaders,
  InfluxDB,
  type QueryApi,
} from "@influxdata/influxdb-client";
import { DeleteAPI, PingAPI } from "@influxdata/influxdb-client-apis";
import { deletePredicate, lastFlux, probeFlux, seriesFlux, tagValuesFlux } from "./flux.ts";
import { influxAgent } from "./influx-agent.ts";
import { influxError } from "./influx-error.ts";
import { InfluxWriter, type InfluxWriterOptions } from "./influx-writer.ts";
import { Ledger } from "./ledger.ts";
import { checkPoint } from "./point-rules.ts";
import { checkQuery, checkRange, checkSelection } from "./query-rules.ts";
import { sortSeries } from "./series-order.ts";
import type {
  FieldValue,
  LastValue,
  PurgeSelection,
  Series,
  SeriesQuery,
  SeriesSelection,
  StoreStats,
  TimeSeriesStore,
  WriteProblem,
} from "./store.ts";
import { StoreError } from "./store-error.ts";

export interface InfluxConnection {
  readonly url: string;
  readonly token: string;
  readonly org: string;
  readonly bucket: string;
}

export interface InfluxStoreOptions extends InfluxConnection, InfluxWriterOptions {
  /** How long a connection may be silent before a request fails. */
  readonly timeoutMs?: number;
  /** The same at the start, where a server that is away keeps others waiting. */
  readonly checkTimeoutMs?: number;
  /** The same of a purge, which the server answers when it has deleted from one shard after the other. */
  readonly purgeTimeoutMs?: number;
  readonly onProblem?: (problem: WriteProblem) => void;
}

/**
 * Connects to an InfluxDB v2, and makes sure that it answers and lets the token read the bucket.
 *
 * @throws StoreError "configuration", "unreachable", "unauthorized", "not-found", "not-a-store"
 */
export async function openInfluxStore(options: InfluxStoreOptions): Promise<TimeSeriesStore> {
  const { store, absence } = await openAndCheck(options);
  if (absence === undefined) return store;
  await store.close();
  throw absence;
}

export interface PatientStore {
  readonly store: TimeSeriesStore;
  /** Points of an earlier run that wait on disk, and are sent first. */
  readonly found: number;
  /** Why the server cannot serve yet; undefined where it can. */
  readonly absence: StoreError | undefined;
}

/**
 * As `openInfluxStore`, for a server that may be away: points wait in the queue file until it is there.
 *
 * @throws StoreError "configuration", "unauthorized", "not-found", "not-a-store", and "newer" of the queue file
 */
export async function openPatientInfluxStore(
  options: InfluxStoreOptions & { readonly queueFile: string },
): Promise<PatientStore> {
  const { store, absence } = await openAndCheck(options);
  return { store, absence, found: store.resume() };
}

/** Whether a server may come back by itself. */
function isAway(error: unknown): error is StoreError {
  return error instanceof StoreError && (error.code === "unreachable" || error.code === "unavailable");
}

async function openAndCheck(
  options: InfluxStoreOptions,
): Promise<{ store: InfluxStore; absence: StoreError | undefined }> {
  const store = new InfluxStore(options);
  try {
    await store.check();
    return { store, absence: undefined };
  } catch (error) {
    if (isAway(error)) return { store, absence: error };
    await store.close();
    throw error;
  }
}

/**
 * Whether an InfluxDB answers at an address.
 *
 * @throws StoreError "unreachable", or "not-a-store" where something else does
 */
export async function pingInflux(url: string, timeoutMs: number): Promise<void> {
  const address = parseUrl(url);
  const agent = influxAgent(address);
  try {
    await ping(new InfluxDB({ url, timeout: timeoutMs, transportOptions: { agent } }), nameOf(address));
  } finally {
    agent.destroy();
  }
}

async function ping(client: InfluxDB, name: string): Promise<void> {
  let headers: HttpHeaders = {};
  try {
    await new PingAPI(client).getPing(undefined, {
      responseStarted: (received) => {
        headers = received;
      },
    });
  } catch (error) {
    throw influxError(error, name);
  }
  if (headers["x-influxdb-version"] === undefined) {
    throw new StoreError("not-a-store", `${name.replace("InfluxDB ", "")} answers, but is no InfluxDB`);
  }
}

class InfluxStore implements TimeSeriesStore {
  readonly description: string;
  readonly #name: string;
  readonly #org: string;
  readonly #bucket: string;
  readonly #agent: ReturnType<typeof influxAgent>;
  readonly #client: InfluxDB;
  readonly #checkClient: InfluxDB;
  readonly #queryApi: QueryApi;
  readonly #deleteApi: DeleteAPI;
  readonly #ledger: Ledger;
  readonly #writer: InfluxWriter;
  #closing: Promise<void> | undefined;

  constructor(options: InfluxStoreOptions) {
    const {
      url,
      token,
      org,
      bucket,
      timeoutMs,
      purgeTimeoutMs,
      checkTimeoutMs,
      onProblem,
      ...writerOptions
    } = options;
    const address = parseUrl(url);
    this.#name = nameOf(address);
    this.description = `${this.#name}, bucket ${bucket}`;
    this.#org = org;
    this.#bucket = bucket;
    this.#agent = influxAgent(address);
    const connection = { url, token, transportOptions: { agent: this.#agent } };
    this.#client = new InfluxDB({ ...connection, timeout: timeoutMs ?? 10_000 });
    this.#deleteApi = new DeleteAPI(new InfluxDB({ ...connection, timeout: purgeTimeoutMs ?? 600_000 }));
    this.#checkClient = new InfluxDB({ ...connection, timeout: checkTimeoutMs ?? timeoutMs ?? 10_000 });
    this.#queryApi = this.#client.getQueryApi({ org, gzip: true });
    this.#ledger = new Ledger(onProblem);
    this.#writer = new InfluxWriter(
      this.#client,
      { org, bucket, description: this.description },
      this.#ledger,
      writerOptions,
    );
  }

  /** @returns how many points an earlier run has left */
  resume(): number {
    return this.#writer.resume();
  }

  /** Fails where the server, the token, the organisation or the bucket is not what it should be. */
  async check(): Promise<void> {
    await ping(this.#checkClient, this.#name);
    const queryApi = this.#checkClient.getQueryApi({ org: this.#org, gzip: true });
    await this.#collect(probeFlux(this.#bucket), () => undefined, queryApi);
  }

  get stats(): StoreStats {
    return this.#ledger.stats;
  }

  write(points: readonly Point[]): void {
    this.#assertOpen();
    for (const point of points) checkPoint(point);
    this.#writer.write(points);
  }

  async flush(): Promise<void> {
    this.#assertOpen();
    await this.#writer.flush();
    this.#ledger.throwUnreported();
  }

  async query(query: SeriesQuery): Promise<Series[]> {
    this.#assertOpen();
    const range = checkQuery(query);
    if (range.stopMs <= range.startMs) return [];
    const { everyMs } = query;
    const rows = await this.#rows(seriesFlux(this.#bucket, query, range));
    const series: (Series & { timesMs: number[]; values: FieldValue[] })[] = [];
    let table = "";
    for (const row of rows) {
      if (row.table !== table) {
        table = row.table;
        const { measurement, tags, field } = row;
        series.push({ measurement, tags, field, timesMs: [], values: [] });
      }
      const { timesMs, values } = series.at(-1)!;
      timesMs.push(everyMs === undefined ? row.timeMs : windowStart(row.timeMs, everyMs, range.startMs));
      values.push(row.value);
    }
    return sortSeries(series);
  }

  async last(selection: SeriesSelection): Promise<LastValue[]> {
    this.#assertOpen();
    checkSelection(selection);
    const rows = await this.#rows(lastFlux(this.#bucket, selection));
    return sortSeries(
      rows.map(({ measurement, tags, field, timeMs, value }) => ({
        measurement,
        tags,
        field,
        timeMs,
        value,
      })),
    );
  }

  async tagValues(measurement: string, tag: string): Promise<string[]> {
    this.#assertOpen();
    const values = await this.#collect(tagValuesFlux(this.#bucket, measurement, tag), (row, meta) =>
      String(meta.get(row, "_value")),
    );
    return values.sort();
  }

  async purge(selection: PurgeSelection): Promise<undefined> {
    this.#assertOpen();
    const { startMs, stopMs } = checkRange("purge", selection.startMs, selection.stopMs);
    const predicate = deletePredicate(selection);
    await this.#writer.flush();
    try {
      await this.#deleteApi.postDelete({
        org: this.#org,
        bucket: this.#bucket,
        body: {
          start: new Date(startMs).toISOString(),
          // InfluxDB deletes the stop as well: one nanosecond before ours.
          stop: new Date(stopMs - 1).toISOString().replace("Z", "999999Z"),
          ...(predicate === undefined ? {} : { predicate }),
        },
      });
    } catch (error) {
      throw influxError(error, this.description);
    }
  }

  async close(): Promise<void> {
    this.#closing ??= this.#writer.close().finally(() => this.#agent.destroy());
    await this.#closing;
    this.#ledger.throwUnreported();
  }

  #assertOpen(): void {
    if (this.#closing) throw new StoreError("closed", `${this.description} is closed`);
  }

  #rows(query: string): Promise<Row[]> {
    return this.#collect(query, (row, meta) => ({
      table: `${meta.get(row, "result")} ${meta.get(row, "table")}`,
      measurement: meta.get(row, "_measurement"),
      field: meta.get(row, "_field"),
      tags: tagsOf(row, meta),
      timeMs: Date.parse(meta.get(row, "_time")),
      value: fieldValue(row, meta),
    }));
  }

  async #collect<T>(
    query: string,
    toItem: (row: string[], meta: FluxTableMetaData) => T | undefined,
    queryApi = this.#queryApi,
  ): Promise<T[]> {
    try {
      return await queryApi.collectRows(query, (row, meta) => {
        // What fails once the answer is under way comes as a table of errors.
        const labels = meta.columns.map(({ label }) => label);
        if (labels.includes("error") && labels.includes("reference") && !labels.includes("_value")) {
          throw new StoreError("rejected", `${this.description} failed: ${meta.get(row, "error")}`);
        }
        return toItem(row, meta);
      });
    } catch (error) {
      throw influxError(error, this.description);
    }
  }
}

interface Row {
  readonly table: string;
  readonly measurement: string;
  readonly field: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly timeMs: number;
  readonly value: FieldValue;
}

/** The columns of the group key that are not InfluxDB's own are the tags. */
function tagsOf(row: string[], meta: FluxTableMetaData): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const column of meta.columns) {
    if (column.group && !column.label.startsWith("_")) {
      const value = row[column.index];
      if (value) tags[column.label] = value;
    }
  }
  return tags;
}

function fieldValue(row: string[], meta: FluxTableMetaData): FieldValue {
  const value: unknown = meta.get(row, "_value");
  switch (typeof value) {
    case "number":
    case "boolean":
      return value;
    default:
      return String(value).replaceAll("\r\n", "\n"); // Flux's CSV ends every line so, also inside a text
  }
}

/** Flux names a window that the range cuts by its cut start; an aligned one needs no change. */
function windowStart(timeMs: number, everyMs: number, startMs: number): number {
  return Math.max(Math.floor(timeMs / everyMs) * everyMs, startMs);
}

function parseUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== "http:" && parsed?.protocol !== "https:") {
    throw new StoreError("configuration", `InfluxDB's address must be an http or https URL, got "${url}"`);
  }
  return parsed;
}

/** Without user and password, should the address have them. */
function nameOf(url: URL): string {
  return `InfluxDB ${url.origin}${url.pathname.replace(/\/$/, "")}`;
}
