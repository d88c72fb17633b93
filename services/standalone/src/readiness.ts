import { setTimeout } from "node:timers/promises";
import { type ReadyResponse, readyResponseSchema } from "@azru/contracts";

const askEvery_ms = 200;

/**
 * Asks the core how it and its dependencies are, again and again, until that is what is wanted.
 *
 * @param url address of the core's API
 * @returns the answer, or the last one, if any, when the signal came first
 */
export async function whenReady(
  url: string,
  wanted: (answer: ReadyResponse) => boolean,
  signal: AbortSignal,
): Promise<ReadyResponse | undefined> {
  let last: ReadyResponse | undefined;
  while (!signal.aborted) {
    last = (await ask(url, signal)) ?? last;
    if (last && wanted(last)) break;
    await setTimeout(askEvery_ms, undefined, { signal }).catch(() => undefined);
  }
  return last;
}

/** Nothing while nobody listens there. */
async function ask(url: string, signal: AbortSignal): Promise<ReadyResponse | undefined> {
  let response: Response;
  try {
    response = await fetch(new URL("/ready", url), { signal });
  } catch {
    return undefined;
  }
  return readyResponseSchema.parse(await response.json());
}
