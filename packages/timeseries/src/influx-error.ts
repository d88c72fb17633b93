import { HttpError, RequestTimedOutError } from "@influxdata/influxdb-client";
import { StoreError, type StoreErrorCode } from "./store-error.ts";

/** Says what went wrong with an InfluxDB in one line that names its address. */
export function influxError(error: unknown, description: string): StoreError {
  if (error instanceof StoreError) return error;
  if (error instanceof HttpError) {
    const [code, what] = httpFailure(error.statusCode);
    return new StoreError(code, `${description} ${what} (HTTP ${error.statusCode}: ${error.message})`, error);
  }
  if (error instanceof RequestTimedOutError) {
    return new StoreError("unreachable", `${description} does not answer in time`, error);
  }
  // A name with several addresses fails with an AggregateError that has a code, but no message.
  const { code, message } =
    error instanceof Error ? (error as NodeJS.ErrnoException) : { message: String(error) };
  if (code) return new StoreError("unreachable", `${description} is unreachable (${code})`, error);
  return new StoreError("unreachable", `${description} failed: ${message}`, error);
}

function httpFailure(status: number): [StoreErrorCode, string] {
  if (status === 401 || status === 403) return ["unauthorized", "refuses the token"];
  if (status === 404) return ["not-found", "has no such organisation or bucket"];
  if (status === 413) return ["unavailable", "refuses so large a request"];
  if (status === 400 || status === 422) return ["rejected", "refuses the request"];
  return ["unavailable", "cannot serve now"];
}

/** Whether the same in smaller parts may be taken. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof HttpError && error.statusCode === 413;
}

const longestWaitMs = 600_000;

/**
 * How long the server asks to wait, or undefined where it does not say. The client's own `retryAfter()`
 * takes the header's seconds for milliseconds. At most ten minutes, whatever a proxy may say.
 *
 * @see RFC 9110 10.2.3
 */
export function retryAfterMs(error: unknown, nowMs: number): number | undefined {
  const header = error instanceof HttpError ? error.headers?.["retry-after"] : undefined;
  if (typeof header !== "string") return undefined;
  const delayMs = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(delayMs) ? Math.min(Math.max(0, delayMs), longestWaitMs) : undefined;
}

/**
 * How many points of a write one shard of a server left out; undefined where the server took none at all. The
 * count stands behind the names of measurement and field, which may say anything.
 */
export function droppedPoints(error: unknown): number | undefined {
  if (!(error instanceof HttpError)) return undefined;
  const dropped = /partial write: .* dropped=(\d+)/s.exec(error.message)?.[1];
  return dropped === undefined ? undefined : Number(dropped);
}
