import { setTimeout } from "node:timers/promises";
import { HttpError } from "@influxdata/influxdb-client";

export interface Retries {
  /** Pause before each further attempt. */
  readonly pauses_ms: readonly number[];
  /** Ends the pauses. */
  readonly signal?: AbortSignal;
  readonly onRetry?: (error: Error, pause_ms: number) => void;
}

/**
 * Attempts an exchange with an InfluxDB again while the server may yet get ready. What it refuses (token, bucket,
 * request) it would refuse again, so that is thrown at once.
 *
 * @throws what the last attempt threw, or the AbortError of the signal
 */
export async function withRetries<T>(attempt: () => Promise<T>, retries: Retries): Promise<T> {
  const { pauses_ms, signal, onRetry } = retries;
  for (const pause_ms of pauses_ms) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Error) || !isPassing(error)) throw error;
      onRetry?.(error, pause_ms);
    }
    await setTimeout(pause_ms, undefined, signal ? { signal } : {});
  }
  return attempt();
}

/** Whether a server that is starting or overloaded answers so, or a network whose names are not known yet. */
function isPassing(error: Error): boolean {
  if (error instanceof HttpError) return error.statusCode >= 500 || error.statusCode === 429;
  return "code" in error || error.name === "RequestTimedOutError";
}
