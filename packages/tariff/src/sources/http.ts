/** JSON over HTTP with a timeout and retries: the only place of the package that asks the network. */
import type { Dispatcher } from "undici";
import type { z } from "zod";
import { TariffSourceError, validated } from "./tariff-source-error.ts";

export interface HttpOptions {
  /** For each attempt; 10 s by default. */
  readonly timeoutMs?: number;
  /** For all attempts together; 60 s by default. */
  readonly deadlineMs?: number;
  /** Attempts after the first, on connection errors, timeouts and HTTP 429 and 5xx; 3 by default. */
  readonly retries?: number;
  /** Pause before the first retry, doubled at each further one; 500 ms by default. */
  readonly retryDelayMs?: number;
}

/** Asks a URL and checks what comes back. */
type JsonClient = <T>(url: URL, schema: z.ZodType<T>) => Promise<T>;

const maxResponseBytes = 4 * 1024 * 1024;
const retriedErrors = [
  "ECONNRESET",
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENETDOWN",
  "ENETUNREACH",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "EPIPE",
  "ETIMEDOUT",
  "UND_ERR_SOCKET",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
];

/**
 * A client of one source.
 *
 * @param source its name in errors
 * @returns a function that throws TariffSourceError when no answer comes in time, on any status but 2xx (with
 *   `status`), on a body that is not JSON, and on a value that the schema refuses
 */
export function jsonClient(source: string, options: HttpOptions = {}): JsonClient {
  const { deadlineMs = 60_000 } = options;
  let connections: Promise<Dispatcher> | undefined;

  async function text(url: URL): Promise<string> {
    const fail = (reason: string, details: { status?: number; cause?: unknown }) =>
      new TariffSourceError(source, `GET ${url} failed: ${reason}`, { ...details, isOutage: true });
    try {
      // Loaded at the first question only: undici takes 10 MB, and a home with calendar files never asks.
      const { request } = await import("undici");
      connections ??= patientConnections(options);
      const { statusCode, body } = await request(url, {
        dispatcher: await connections,
        // Without it api-couleur-tempo.fr answers in JSON-LD.
        headers: { accept: "application/json", "user-agent": "azru" },
        signal: AbortSignal.timeout(deadlineMs),
      });
      const content = await body.text();
      if (statusCode < 200 || statusCode > 299) throw fail(`HTTP ${statusCode}`, { status: statusCode });
      return content;
    } catch (error) {
      if (error instanceof TariffSourceError) throw error;
      const status = statusOf(error);
      if (status !== undefined) throw fail(`HTTP ${status}`, { status, cause: error });
      throw fail(error instanceof Error ? error.message || error.name : String(error), { cause: error });
    }
  }

  return async (url, schema) => {
    const content = await text(url);
    let data: unknown;
    try {
      data = JSON.parse(content);
    } catch (cause) {
      const start = JSON.stringify(content.slice(0, 40));
      throw new TariffSourceError(source, `GET ${url} gave no JSON but ${start}`, { cause });
    }
    return validated(source, schema, data);
  };
}

async function patientConnections({
  timeoutMs = 10_000,
  retries = 3,
  retryDelayMs = 500,
}: HttpOptions): Promise<Dispatcher> {
  const { Agent, interceptors } = await import("undici");
  return new Agent({
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: maxResponseBytes,
  }).compose(
    interceptors.retry({
      maxRetries: retries,
      minTimeout: retryDelayMs,
      maxTimeout: 10_000,
      errorCodes: retriedErrors,
    }),
  );
}

/** The status of the last attempt, when the retries ended with one. */
function statusOf(error: unknown): number | undefined {
  return error instanceof Error && "statusCode" in error && typeof error.statusCode === "number"
    ? error.statusCode
    : undefined;
}
