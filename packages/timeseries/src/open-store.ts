import { type EmbeddedStoreOptions, openEmbeddedStore } from "./embedded.ts";
import { type InfluxConnection, openInfluxStore, openPatientInfluxStore, pingInflux } from "./influx.ts";
import { countPoints } from "./ledger.ts";
import { openResilientStore } from "./resilient.ts";
import type { TimeSeriesStore, WriteProblem } from "./store.ts";
import { StoreError } from "./store-error.ts";

export interface OpenStoreOptions {
  /** What is known of an InfluxDB; an address means that this one is wanted. */
  readonly influx?: { readonly [key in keyof InfluxConnection]?: string | undefined };
  /** Where the embedded store is, or will be. */
  readonly filePath: string;
  /** Points of one transaction of the embedded store, which blocks meanwhile. */
  readonly batchSize?: number;
  /** Where an InfluxDB is looked for when no address is given. */
  readonly probeUrl?: string;
  /** How long to wait for an answer from there. */
  readonly timeoutMs?: number;
  /** Where points wait for an InfluxDB that is away, at the start as well; without it, it must be there. */
  readonly queue?: { readonly filePath: string; readonly maxPoints: number };
  readonly onProblem?: (problem: WriteProblem) => void;
  /**
   * For a program that must go on: an embedded file that cannot be used is set aside or done without (see
   * `openResilientStore`), and this is called with the reason. Absent: that is an error.
   */
  readonly onUnusableFile?: (matter: string) => void;
}

export interface OpenedStore {
  readonly store: TimeSeriesStore;
  /** Which one it is and why, for people. */
  readonly reason: string;
  /** Whether it is the embedded file. */
  readonly isLocal: boolean;
}

/**
 * Opens the InfluxDB whose address is given; otherwise the one that answers at `probeUrl`, if its token,
 * organisation and bucket are known; otherwise the embedded file.
 *
 * @throws StoreError when the InfluxDB that was asked for cannot be used, or the file cannot be opened
 */
export async function openStore(options: OpenStoreOptions): Promise<OpenedStore> {
  const { influx = {}, filePath, probeUrl = "http://localhost:8086", timeoutMs = 2_000 } = options;
  const { batchSize, onProblem, onUnusableFile } = options;
  if (influx.url !== undefined) return openInflux(influx.url, "as configured", options);
  const report = onProblem === undefined ? {} : { onProblem };
  try {
    if (influx.token) await pingInflux(probeUrl, timeoutMs);
    return await openInflux(probeUrl, "which answers there", options);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code === "newer") throw error;
    const file = { filePath, ...(batchSize !== undefined && { batchSize }), ...report };
    const store = onUnusableFile ? goOnWith(file, onUnusableFile) : openEmbeddedStore(file);
    const isAsked = influx.token !== undefined && influx.token !== "";
    return {
      store,
      isLocal: true,
      reason: isAsked ? `${store.description}, as ${error.message}` : store.description,
    };
  }
}

function goOnWith(file: EmbeddedStoreOptions, onUnusableFile: (matter: string) => void): TimeSeriesStore {
  const { store, matter } = openResilientStore(file, Date.now());
  if (matter !== undefined) onUnusableFile(matter);
  return store;
}

async function openInflux(
  url: string,
  why: string,
  { influx = {}, queue, timeoutMs = 2_000, onProblem }: OpenStoreOptions,
): Promise<OpenedStore> {
  const connection = { ...completed(influx, url), ...(onProblem && { onProblem }) };
  if (!queue) {
    const store = await openInfluxStore(connection);
    return { store, isLocal: false, reason: `${store.description}, ${why}` };
  }
  const { store, found, absence } = await openPatientInfluxStore({
    ...connection,
    checkTimeoutMs: timeoutMs,
    queueFile: queue.filePath,
    maxQueuedPoints: queue.maxPoints,
  });
  const waiting = found > 0 ? `; ${countPoints(found)} waiting in ${queue.filePath} from an earlier run` : "";
  const reason = `${store.description}, ${why}${waiting}`;
  if (!absence) return { store, isLocal: false, reason };
  onProblem?.({ reason: "retrying", points: found, message: absence.message });
  return {
    store,
    isLocal: false,
    reason: `${reason}; points wait in ${queue.filePath}, as ${absence.message}`,
  };
}

function completed(influx: NonNullable<OpenStoreOptions["influx"]>, url: string): InfluxConnection {
  const { token, org, bucket } = influx;
  const lacks = (what: string, variable: string) =>
    new StoreError("configuration", `InfluxDB ${url} needs ${what}: set ${variable}`);
  if (!token) throw lacks("a token", "INFLUXDB_TOKEN (or INFLUXDB_TOKEN_FILE)");
  if (!org) throw lacks("an organisation", "INFLUXDB_ORG");
  if (!bucket) throw lacks("a bucket", "INFLUXDB_BUCKET");
  return { url, token, org, bucket };
}
