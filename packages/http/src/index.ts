/** The one client of public services: patient, and never for ever. What an answer means, each source says itself. */
import type { Dispatcher } from "undici";

export { answerCache, CacheError } from "./answer-cache.ts";

export interface HttpOptions {
  /** For each attempt; 10 s by default. */
  readonly timeoutMs?: number;
  /** For all attempts together; 60 s by default. */
  readonly deadlineMs?: number;
  /** Attempts after the first, on connection errors, timeouts and HTTP 429 and 5xx; 3 by default. With 0 any status is an answer. */
  readonly retries?: number;
  /** Pause before the first retry, doubled at each further one; 500 ms by default. */
  readonly retryDelayMs?: number;
  /** Longer answers are refused; 4 MiB by default. */
  readonly largest_bytes?: number;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpAnswer {
  readonly statusCode: number;
  readonly text: string;
}

const usuallyLargest_bytes = 4 * 1024 * 1024;

/** Why a service gave no answer. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  constructor(cause: unknown) {
    const status = statusOf(cause);
    super(status === undefined ? reasonOf(cause) : `HTTP ${status}`, { cause });
  }
}

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
 * A client that keeps its connections.
 *
 * @returns asks a URL; throws HttpError when no answer comes in time, when it is too long, and when the retries end
 *   with a status of 429 or 5xx. Any other status is an answer.
 */
export function httpClient(options: HttpOptions = {}): (url: URL) => Promise<HttpAnswer> {
  const { deadlineMs = 60_000, headers = {}, largest_bytes = usuallyLargest_bytes } = options;
  let connections: Promise<Dispatcher> | undefined;
  return async (url) => {
    // Loaded at the first question only: undici takes 10 MB, and a home with files alone never asks.
    const { request } = await import("undici");
    connections ??= patientConnections(options);
    try {
      const answer = await request(url, {
        dispatcher: await connections,
        // Without it api-couleur-tempo.fr answers in JSON-LD.
        headers: { accept: "application/json", "user-agent": "azru", ...headers },
        signal: AbortSignal.timeout(deadlineMs),
      });
      const { statusCode, body } = answer;
      const length_bytes = Number(answer.headers["content-length"] ?? 0);
      if (length_bytes > largest_bytes) {
        body.on("error", () => undefined).destroy(); // nobody reads it any more
        throw new RangeError(`the answer has ${length_bytes} bytes, more than ${largest_bytes}`);
      }
      return { statusCode, text: await body.text() };
    } catch (error) {
      throw new HttpError(error);
    }
  };
}

async function patientConnections({
  timeoutMs = 10_000,
  retries = 3,
  retryDelayMs = 500,
  largest_bytes = usuallyLargest_bytes,
}: HttpOptions): Promise<Dispatcher> {
  const { Agent, interceptors } = await import("undici");
  const agent = new Agent({
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: largest_bytes,
  });
  if (retries === 0) return agent;
  return agent.compose(
    interceptors.retry({
      maxRetries: retries,
      minTimeout: retryDelayMs,
      maxTimeout: 10_000,
      errorCodes: retriedErrors,
    }),
  );
}

function statusOf(error: unknown): number | undefined {
  // A body that broke off came with a good status.
  return error instanceof Error &&
    "statusCode" in error &&
    typeof error.statusCode === "number" &&
    error.statusCode >= 400
    ? error.statusCode
    : undefined;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ("code" in error ? String(error.code) : error.name);
}
