/** What happens, for whoever listens. */
export interface Events<T> {
  publish(event: T): void;
  /** @returns stops listening */
  listen(listener: (event: T) => void): () => void;
  readonly listeners: number;
}

export function createEvents<T>(): Events<T> {
  const listeners = new Set<(event: T) => void>();
  return {
    publish(event) {
      for (const listener of listeners) listener(event);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get listeners() {
      return listeners.size;
    },
  };
}
