/** JSON over HTTP, as the sources of this package ask for it. */
import { HttpError, type HttpOptions, httpClient } from "@azru/http";
import type { z } from "zod";
import { TariffSourceError, validated } from "./tariff-source-error.ts";

export type { HttpOptions };

/** Asks a URL and checks what comes back. */
type JsonClient = <T>(url: URL, schema: z.ZodType<T>) => Promise<T>;

/**
 * A client of one source.
 *
 * @param source its name in errors
 * @returns a function that throws TariffSourceError when no answer comes in time, on any status but 2xx,
 *   on a body that is not JSON, and on a value that the schema refuses
 */
export function jsonClient(source: string, options: HttpOptions = {}): JsonClient {
  const get = httpClient(options);

  async function text(url: URL): Promise<string> {
    const fail = (reason: string, cause?: unknown) =>
      new TariffSourceError(source, `GET ${url} failed: ${reason}`, { cause, isOutage: true });
    const { statusCode, text: content } = await get(url).catch((error: unknown) => {
      if (!(error instanceof HttpError)) throw error;
      throw fail(error.message, error.cause);
    });
    if (statusCode < 200 || statusCode > 299) throw fail(`HTTP ${statusCode}`);
    return content;
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
