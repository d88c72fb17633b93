/**
 * The way of points to an InfluxDB: one batch after the other, in order, each repeated until the server
 * answers for it. With a queue file every point is on disk before it is sent, and until it is acknowledged. The client does encoding, compression and transport; its own retries would send batches
 * out of order (an old plan over a new one), take Retry-After's seconds for milliseconds, and forget a batch
 * after a while although there is room to keep it.
 */

import type { Point } from "@azru/contracts";
import { type InfluxDB, Point as InfluxPoint, type WriteApi } from "@influxdata/influxdb-client";
import { droppedPoints, influxError, isTooLarge, retryAfterMs } from "./influx-error.ts";
import { groupByShard, readShardMs, shortestShardMs } from "./influx-shards.ts";
import { countPoints, type Ledger } from "./ledger.ts";
import { LineQueue } from "./line-queue.ts";
import { StoreError } from "./store-error.ts";

export interface InfluxWriterOptions {
  /** Points are brought to the disk, and sent, at the latest this long after `write`, or when a batch is full. */
  readonly flushIntervalMs?: number;
  /** Points of one request. */
  readonly batchSize?: number;
  /** Where points wait that the server has not taken; in memory alone where absent; a file of this process alone. */
  readonly queueFile?: string | undefined;
  /** Points kept in that file while the server does not take them; beyond, the oldest are given up. */
  readonly maxQueuedPoints?: number;
  /** The same of points in memory, where there is no file or its disk takes none. */
  readonly maxPendingPoints?: number;
  /** Delay before a failed batch is sent again: doubled from the first to the last, where the server names none. */
  readonly minRetryDelayMs?: number;
  readonly maxRetryDelayMs?: number;
  /** How long `flush` waits for a server that does not take points; they stay pending. */
  readonly flushTimeoutMs?: number;
  /** How long `close` goes on sending what is safe on disk. */
  readonly closeTimeoutMs?: number;
}

const maxBatchCharacters = 8_000_000;

interface Waiter {
  readonly settled: number; // of the ledger
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

export class InfluxWriter {
  readonly #api: WriteApi;
  readonly #description: string;
  readonly #readShardMs: () => Promise<number>;
  readonly #ledger: Ledger;
  readonly #options: Required<Omit<InfluxWriterOptions, "queueFile">>;
  readonly #queue: LineQueue;
  #waiters: Waiter[] = [];
  #flushTimer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #endDelay: (() => void) | undefined;
  #lastFailure: StoreError | undefined;
  #shardMs: number | undefined;
  #closing = false;
  #closed = false;

  /** @throws StoreError "newer" where the queue file is of a newer version */
  constructor(
    client: InfluxDB,
    target: { readonly org: string; readonly bucket: string; readonly description: string },
    ledger: Ledger,
    options: InfluxWriterOptions,
  ) {
    this.#description = target.description;
    this.#readShardMs = () => readShardMs(client, target.org, target.bucket);
    this.#ledger = ledger;
    this.#options = {
      flushIntervalMs: 1_000,
      batchSize: 5_000,
      maxQueuedPoints: 1_000_000,
      maxPendingPoints: 100_000,
      minRetryDelayMs: 1_000,
      maxRetryDelayMs: 30_000,
      flushTimeoutMs: 30_000,
      closeTimeoutMs: 2_000,
      ...options,
    };
    this.#queue = new LineQueue({
      filePath: options.queueFile,
      maxOnDisk: this.#options.maxQueuedPoints,
      maxInMemory: this.#options.maxPendingPoints,
      onDiskFailure: (lines, reason) =>
        ledger.memoryOnly(lines, `points for ${target.description} wait in memory alone: ${reason}`),
      onUnreadable: (lines, reason) => ledger.lose(lines, "unreadable", reason),
    });
    ledger.accept(this.#queue.found);
    this.#api = client.getWriteApi(target.org, target.bucket, "ms", {
      batchSize: this.#options.batchSize + 1, // a full buffer would be sent without a promise to wait for
      maxBatchBytes: Number.POSITIVE_INFINITY,
      flushInterval: 0,
      maxRetries: 0,
      gzipThreshold: 1_000,
      writeFailed: (error) => Promise.reject(error), // to `flush`, and not to the console
    });
  }

  /** Begins to send what an earlier run of the process has left on disk. @returns how many points */
  resume(): number {
    this.#start();
    return this.#queue.found;
  }

  write(points: readonly Point[]): void {
    for (const point of points) this.#queue.push(toLine(point));
    this.#ledger.accept(points.length);
    if (this.#queue.inMemory >= this.#options.batchSize) this.#start();
    this.#giveUpExcess();
    if (this.#queue.inMemory > 0)
      this.#flushTimer ??= setTimeout(() => this.#start(), this.#options.flushIntervalMs);
  }

  /** Resolves when all points accepted so far are settled. */
  async flush(): Promise<void> {
    const settled = this.#ledger.accepted;
    if (this.#ledger.settled < settled) {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => this.#rejectWaiters([waiter]), this.#options.flushTimeoutMs);
        const waiter = { settled, resolve, reject, timer };
        this.#waiters.push(waiter);
        this.#start();
      });
    }
  }

  /**
   * Sends what is pending, without delay, until the first failure. What is on disk stays there for the next
   * start, what is not is given up.
   */
  async close(): Promise<void> {
    this.#closing = true;
    this.#endDelay?.();
    this.#start();
    if (this.#sending && this.#queue.isDurable) {
      await Promise.race([this.#sending, elapsed(this.#options.closeTimeoutMs)]);
    } else await this.#sending;
    this.#closed = true;
    clearTimeout(this.#flushTimer);
    const inMemory = Math.min(this.#queue.close(), this.#ledger.stats.pending); // a batch may be settled in part
    this.#ledger.lose(inMemory, "closed", this.#whyWaiting().message);
    this.#rejectWaiters(this.#waiters);
  }

  #start(): void {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    this.#queue.persist();
    if (this.#queue.length > 0) this.#sending ??= this.#sendQueue();
  }

  async #sendQueue(): Promise<void> {
    while (this.#queue.length > 0 && !this.#closed) {
      this.#queue.persist(); // what came meanwhile is on disk before it is sent, too
      const lines = this.#queue.take(this.#options.batchSize, maxBatchCharacters);
      const isSettled = await this.#sendUntilSettled(lines);
      if (!isSettled) break;
      this.#queue.settle();
      this.#wakeWaiters();
    }
    this.#sending = undefined; // at once: who is woken may write, and starts again
  }

  /** @returns false where the store closes before the server has answered for the lines */
  async #sendUntilSettled(lines: string[]): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      const error = await this.#send(lines);
      if (this.#closed) return false;
      if (error === undefined) {
        this.#lastFailure = undefined;
        this.#ledger.wrote(lines.length);
        return true;
      }
      const failure = influxError(error, this.#description);
      if (isOfThePoints(failure)) return this.#settleRefused(lines, droppedPoints(error), failure.message);
      if (isTooLarge(error) && lines.length > 1) return this.#sendEach(halves(lines));
      this.#lastFailure = failure;
      if (this.#closing) return false;
      this.#ledger.retrying(this.#ledger.stats.pending, failure.message);
      if (isOfTheSettings(failure)) this.#rejectWaiters(this.#waiters); // waiting does not mend a token
      await this.#delay(retryAfterMs(error, Date.now()) ?? this.#backoffMs(attempt));
    }
  }

  /**
   * Books lines that the server has refused, or taken but for some. It answers at the first shard that leaves
   * points out, for that shard alone: what became of the others is known when each is sent again on its own.
   */
  async #settleRefused(lines: string[], dropped: number | undefined, message: string): Promise<boolean> {
    if (dropped === undefined && lines.length > 1) return this.#sendEach(halves(lines)); // one bad line spoils all
    const shards = dropped === undefined ? [lines] : groupByShard(lines, await this.#shardLengthMs());
    if (shards.length > 1) return this.#sendEach(shards);
    const lost = Math.min(dropped ?? lines.length, lines.length);
    this.#ledger.wrote(lines.length - lost);
    this.#ledger.lose(lost, "rejected", message);
    return true;
  }

  async #sendEach(parts: string[][]): Promise<boolean> {
    for (const part of parts) if (!(await this.#sendUntilSettled(part))) return false;
    return true;
  }

  /** The shortest when the server cannot say now: more requests, the same counts. */
  async #shardLengthMs(): Promise<number> {
    try {
      this.#shardMs ??= await this.#readShardMs();
      return this.#shardMs;
    } catch {
      return shortestShardMs;
    }
  }

  async #send(lines: string[]): Promise<unknown> {
    try {
      this.#api.writeRecords(lines);
      await this.#api.flush();
      return undefined;
    } catch (error) {
      return error;
    }
  }

  #giveUpExcess(): void {
    const excess = this.#queue.dropExcess();
    if (excess === 0) return;
    const why = this.#lastFailure?.message ?? `${this.#description} is slower than the points come`;
    this.#ledger.lose(excess, "buffer-full", why);
    this.#wakeWaiters();
  }

  #backoffMs(attempt: number): number {
    const { minRetryDelayMs, maxRetryDelayMs } = this.#options;
    const delayMs = Math.min(minRetryDelayMs * 2 ** (attempt - 1), maxRetryDelayMs);
    return delayMs * (0.75 + Math.random() / 4); // so that many homes do not return at once
  }

  async #delay(delayMs: number): Promise<void> {
    if (this.#closing) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      this.#endDelay = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#endDelay = undefined;
  }

  #wakeWaiters(): void {
    const settled = this.#ledger.settled;
    const ready = this.#waiters.filter((waiter) => waiter.settled <= settled);
    this.#waiters = this.#waiters.filter((waiter) => waiter.settled > settled);
    for (const { timer, resolve } of ready) {
      clearTimeout(timer);
      resolve();
    }
  }

  #whyWaiting(): StoreError {
    return this.#lastFailure ?? new StoreError("unreachable", `${this.#description} does not answer in time`);
  }

  #rejectWaiters(waiters: readonly Waiter[]): void {
    const why = this.#whyWaiting();
    const message = `${countPoints(this.#ledger.stats.pending)} still waiting: ${why.message}`;
    this.#waiters = this.#waiters.filter((waiter) => !waiters.includes(waiter));
    for (const { timer, reject } of waiters) {
      clearTimeout(timer);
      reject(new StoreError(why.code, message, why));
    }
  }
}

function elapsed(waitMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, waitMs).unref());
}

function halves(lines: string[]): string[][] {
  const middle = Math.ceil(lines.length / 2);
  return [lines.slice(0, middle), lines.slice(middle)];
}

function isOfThePoints(failure: StoreError): boolean {
  return failure.code === "rejected";
}

function isOfTheSettings(failure: StoreError): boolean {
  return failure.code === "unauthorized" || failure.code === "not-found";
}

/** A point that was checked, in line protocol. Numbers are floats always: InfluxDB fixes a field's type. */
function toLine({ measurement, tags, fields, timeMs }: Point): string {
  const point = new InfluxPoint(measurement).timestamp(timeMs);
  for (const tag of Object.keys(tags)) point.tag(tag, tags[tag]);
  for (const field of Object.keys(fields)) {
    const value = fields[field];
    if (typeof value === "number") point.floatField(field, value);
    else if (typeof value === "string") point.stringField(field, value);
    else point.booleanField(field, value);
  }
  return point.toLineProtocol({ convertTime: String })!;
}
