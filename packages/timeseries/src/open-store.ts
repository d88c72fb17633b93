import { openEmbeddedStore } from "./embedded.ts";
import { type InfluxConnection, openInfluxStore, pingInflux } from "./influx.ts";
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
  readonly onProblem?: (problem: WriteProblem) => void;
}

export interface OpenedStore {
  readonly store: TimeSeriesStore;
  /** Which one it is and why, for people. */
  readonly reason: string;
}

/**
 * Opens the InfluxDB whose address is given; otherwise the one that answers at `probeUrl`, if its token,
 * organisation and bucket are known; otherwise the embedded file.
 *
 * @throws StoreError when the InfluxDB that was asked for cannot be used, or the file cannot be opened
 */
export async function openStore(options: OpenStoreOptions): Promise<OpenedStore> {
  const { influx = {}, filePath, probeUrl = "http://localhost:8086", timeoutMs = 2_000 } = options;
  const { batchSize, onProblem } = options;
  const report = onProblem === undefined ? {} : { onProblem };
  if (influx.url !== undefined) {
    const store = await openInfluxStore({ ...completed(influx, influx.url), ...report });
    return { store, reason: `${store.description}, as configured` };
  }
  try {
    await pingInflux(probeUrl, timeoutMs);
    const store = await openInfluxStore({ ...completed(influx, probeUrl), ...report });
    return { store, reason: `${store.description}, which answers there` };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const store = openEmbeddedStore({
      filePath,
      ...(batchSize !== undefined && { batchSize }),
      ...report,
    });
    return { store, reason: `${store.description}, as ${error.message}` };
  }
}

function completed(influx: NonNullable<OpenStoreOptions["influx"]>, url: string): InfluxConnection {
  const { token, org, bucket } = influx;
  if (!token) throw new StoreError("configuration", `InfluxDB ${url} needs a token, and none is configured`);
  if (!org)
    throw new StoreError("configuration", `InfluxDB ${url} needs an organisation, and none is configured`);
  if (!bucket)
    throw new StoreError("configuration", `InfluxDB ${url} needs a bucket, and none is configured`);
  return { url, token, org, bucket };
}
