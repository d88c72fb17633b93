import { topics } from "@azru/contracts";
import type { Messenger } from "@azru/messaging";

/** Resolves when each of the services is online, or the signal comes. */
export function whenOnline(
  messenger: Messenger,
  services: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const missing = new Set(services);
    const subscription = messenger.subscribe(topics.status, ({ params, payload }) => {
      if (payload === "online") missing.delete(params.service);
      else if (services.includes(params.service)) missing.add(params.service);
      if (missing.size === 0) done();
    });
    const done = () => {
      signal.removeEventListener("abort", done);
      subscription.close();
      resolve();
    };
    if (signal.aborted) done();
    else signal.addEventListener("abort", done, { once: true });
  });
}
