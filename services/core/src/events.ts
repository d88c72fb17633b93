/** What happens in the core, for whoever listens. */
import type { ServerEvent } from "@azru/contracts";

export interface Events {
  publish(event: ServerEvent): void;
  /** @returns stops listening */
  listen(listener: (event: ServerEvent) => void): () => void;
}

export function createEvents(): Events {
  const listeners = new Set<(event: ServerEvent) => void>();
  return {
    publish(event) {
      for (const listener of listeners) listener(event);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
