/** Answers that many ask for at the same time, made once for all of them. */
import { serializerCompiler } from "fastify-type-provider-zod";

/**
 * Gives what `make` gave up to `maxAge_ms` ago.
 *
 * @param now milliseconds from any origin, never going back
 * @returns `get`, and `forget` for when something has changed
 */
export function recent<T extends object>(make: () => T, maxAge_ms: number, now: () => number) {
  let last: { value: T; atMs: number } | undefined;
  return {
    get(): T {
      const nowMs = now();
      if (!last || nowMs - last.atMs >= maxAge_ms) last = { value: make(), atMs: nowMs };
      return last.value;
    },
    forget(): void {
      last = undefined;
    },
  };
}

/** Checks and writes each answer once, as long as it is the same object. */
export const writeOnce: typeof serializerCompiler = (route) => {
  const write = serializerCompiler(route);
  const written = new WeakMap<object, string>();
  return (answer) => {
    const known = written.get(answer);
    if (known !== undefined) return known;
    const text = write(answer);
    written.set(answer, text);
    return text;
  };
};
