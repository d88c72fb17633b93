/** What messaging asks of a logger; a pino logger is one. */
export interface Log {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

const interval_ms = 60_000;

/** Lets one line a minute and key through, with the number of those held back. */
export class ThrottledLog {
  readonly #log: Log;
  readonly #seen = new Map<string, { atMs: number; suppressed: number }>();

  constructor(log: Log) {
    this.#log = log;
  }

  warn(key: string, details: object, message: string): void {
    const nowMs = performance.now();
    const seen = this.#seen.get(key);
    if (seen && nowMs - seen.atMs < interval_ms) {
      seen.suppressed++;
      return;
    }
    this.#seen.set(key, { atMs: nowMs, suppressed: 0 });
    const suppressed = seen?.suppressed;
    this.#log.warn(suppressed ? { ...details, suppressed } : details, message);
  }
}
