/** The embedded store: one libsql (SQLite) file, nothing to install. */
import type { Point } from "@azru/contracts";
import { type DatabaseHandle, databaseError, openDatabase, rollback } from "./database.ts";
import { embeddedSchema } from "./embedded-schema.ts";
import { EmbeddedTables, type FieldColumn, matchingSeries } from "./embedded-tables.ts";
import { Ledger } from "./ledger.ts";
import { checkPoint } from "./point-rules.ts";
import { checkQuery, checkRange, checkSelection, type TimeRange } from "./query-rules.ts";
import { sortSeries } from "./series-order.ts";
import type {
  Aggregate,
  FieldValue,
  LastValue,
  PurgeSelection,
  Series,
  SeriesQuery,
  SeriesSelection,
  StoreStats,
  TimeSeriesStore,
  WriteProblem,
} from "./store.ts";
import { messageOf, StoreError } from "./store-error.ts";

export interface EmbeddedStoreOptions {
  readonly filePath: string;
  /** Points are stored at the latest this long after `write`. */
  readonly flushIntervalMs?: number;
  /** Points of one transaction; so many pending ones are stored at once. */
  readonly batchSize?: number;
  /** Points kept while the file cannot be written; beyond, the oldest are given up. */
  readonly maxPendingPoints?: number;
  /** How long to wait, blocking, for another process that writes to the file. */
  readonly busyTimeoutMs?: number;
  readonly onProblem?: (problem: WriteProblem) => void;
}

const sqlOfAggregate: Record<Exclude<Aggregate, "last">, string> = {
  mean: "avg",
  min: "min",
  max: "max",
  sum: "sum",
};

/**
 * Opens or creates the store in a file. Several processes may have the same file open.
 *
 * @throws StoreError "unwritable", "not-a-store", "newer" or "busy"
 */
export function openEmbeddedStore(options: EmbeddedStoreOptions): TimeSeriesStore {
  return new EmbeddedStore(
    openDatabase(options.filePath, embeddedSchema, options.busyTimeoutMs ?? 2_000),
    options,
  );
}

class EmbeddedStore implements TimeSeriesStore {
  readonly description: string;
  readonly #filePath: string;
  readonly #flushIntervalMs: number;
  readonly #batchSize: number;
  readonly #maxPendingPoints: number;
  readonly #db: DatabaseHandle;
  readonly #tables: EmbeddedTables;
  readonly #ledger: Ledger;
  readonly #pending: Point[] = [];
  #timer: NodeJS.Timeout | undefined;
  #failing = false;
  #closed = false;

  constructor(db: DatabaseHandle, options: EmbeddedStoreOptions) {
    this.description = `file ${options.filePath}`;
    this.#filePath = options.filePath;
    this.#flushIntervalMs = options.flushIntervalMs ?? 1_000;
    this.#batchSize = options.batchSize ?? 5_000;
    this.#maxPendingPoints = options.maxPendingPoints ?? 100_000;
    this.#db = db;
    this.#tables = new EmbeddedTables(db);
    this.#ledger = new Ledger(options.onProblem);
  }

  get stats(): StoreStats {
    return this.#ledger.stats;
  }

  write(points: readonly Point[]): void {
    this.#assertOpen();
    for (const point of points) checkPoint(point);
    for (const point of points) this.#pending.push(point);
    this.#ledger.accept(points.length);
    // While the file cannot be written, only the timer tries again: an attempt may block for busyTimeoutMs.
    if (this.#pending.length >= this.#batchSize && !this.#failing) this.#storeInBackground();
    else this.#schedule();
  }

  async flush(): Promise<void> {
    this.#assertOpen();
    this.#storePending();
    this.#ledger.throwUnreported();
  }

  async query(query: SeriesQuery): Promise<Series[]> {
    this.#assertOpen();
    const range = checkQuery(query);
    const everyMs = query.everyMs;
    const aggregate = query.aggregate ?? "mean";
    const numbersOnly = everyMs !== undefined && aggregate !== "last";
    return this.#read(query, (table, seriesId, column, head) => {
      if (numbersOnly && column.kind !== "number") return undefined;
      const rows = this.#db
        .prepare(
          everyMs === undefined
            ? valuesSql(table, column.name)
            : windowsSql(table, column.name, everyMs, range, aggregate),
        )
        .raw()
        .all(seriesId, range.startMs, range.stopMs, query.limit ?? -1) as [number, number | string][];
      if (rows.length === 0) return undefined;
      rows.reverse(); // the limit is on the latest ones
      return {
        ...head,
        timesMs: rows.map((row) => row[0]),
        values: rows.map((row) => fromColumn(column, row[1])),
      };
    });
  }

  async last(selection: SeriesSelection): Promise<LastValue[]> {
    this.#assertOpen();
    checkSelection(selection);
    return this.#read(selection, (table, seriesId, column, head) => {
      const row = this.#db
        .prepare(
          `SELECT time_ms, ${column.name} FROM ${table} WHERE series = ? AND ${column.name} IS NOT NULL
           ORDER BY time_ms DESC LIMIT 1`,
        )
        .raw()
        .get(seriesId) as [number, number | string] | undefined;
      return row && { ...head, timeMs: row[0], value: fromColumn(column, row[1]) };
    });
  }

  async tagValues(measurement: string, tag: string): Promise<string[]> {
    this.#assertOpen();
    return this.#translateErrors(() => {
      const table = this.#tables.find(measurement);
      if (!table) return [];
      const values = new Set<string>();
      const anyPoint = this.#db.prepare(`SELECT 1 FROM ${table.name} WHERE series = ? LIMIT 1`).raw();
      for (const { id, tags } of this.#tables.series(table)) {
        const value = Object.hasOwn(tags, tag) ? tags[tag] : undefined;
        if (value !== undefined && !values.has(value) && anyPoint.get(id)) values.add(value);
      }
      return [...values].sort();
    });
  }

  async purge(selection: PurgeSelection): Promise<number> {
    this.#assertOpen();
    const range = checkRange("purge", selection.startMs, selection.stopMs);
    this.#storePending();
    return this.#translateErrors(() => {
      let points = 0;
      this.#transaction(() => {
        for (const table of this.#tables.all()) {
          if (selection.measurement !== undefined && table.measurement !== selection.measurement) continue;
          const remove = this.#db.prepare(
            `DELETE FROM ${table.name} WHERE series = ? AND time_ms >= ? AND time_ms < ?`,
          );
          for (const { id } of matchingSeries(this.#tables.series(table), selection.tags)) {
            points += remove.run(id, range.startMs, range.stopMs).changes;
          }
        }
      });
      this.#db.exec("PRAGMA incremental_vacuum");
      return points;
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    try {
      this.#storePending();
    } catch (error) {
      this.#ledger.lose(this.#pending.length, "closed", messageOf(error));
    }
    this.#closed = true;
    clearTimeout(this.#timer);
    try {
      this.#translateErrors(() => this.#db.exec("PRAGMA wal_checkpoint(TRUNCATE)"));
    } finally {
      this.#db.close();
    }
    this.#ledger.throwUnreported();
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreError("closed", `${this.description} is closed`);
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.#storeInBackground(), this.#flushIntervalMs);
  }

  /** A failure leaves the points pending, for the next attempt or for `flush` to say. */
  #storeInBackground(): void {
    try {
      this.#storePending();
    } catch (error) {
      this.#failing = true;
      this.#ledger.retrying(this.#pending.length, messageOf(error));
      const excess = this.#pending.length - this.#maxPendingPoints;
      if (excess > 0) {
        this.#pending.splice(0, excess);
        this.#ledger.lose(excess, "buffer-full", messageOf(error));
      }
      this.#schedule();
    }
  }

  #storePending(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#translateErrors(() => {
      while (this.#pending.length > 0) {
        const batch = this.#pending.slice(0, this.#batchSize);
        const conflicts = this.#transaction(() => this.#tables.insert(batch));
        this.#pending.splice(0, batch.length);
        this.#ledger.wrote(batch.length - conflicts.length);
        for (const conflict of conflicts) this.#ledger.lose(1, "rejected", conflict);
      }
      this.#failing = false;
    });
  }

  #transaction<T>(work: () => T): T {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#db.exec("COMMIT");
      return result;
    } catch (error) {
      rollback(this.#db);
      this.#tables.forget(); // ids that were given out in the transaction do not exist
      throw error;
    }
  }

  #translateErrors<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw databaseError(error, this.#filePath);
    }
  }

  /** Calls `readColumn` for every series and field that is selected. */
  #read<T extends Pick<Series, "tags" | "field">>(
    selection: SeriesSelection,
    readColumn: (
      table: string,
      seriesId: number,
      column: FieldColumn,
      head: Pick<Series, "measurement" | "tags" | "field">,
    ) => T | undefined,
  ): T[] {
    return this.#translateErrors(() => {
      const { measurement, fields } = selection;
      const table = this.#tables.find(measurement);
      if (!table) return [];
      const columns = this.#tables.fields(table).filter(({ field }) => fields?.includes(field) ?? true);
      const results: T[] = [];
      for (const { id, tags } of matchingSeries(this.#tables.series(table), selection.tags)) {
        for (const column of columns) {
          const result = readColumn(table.name, id, column, { measurement, tags, field: column.field });
          if (result !== undefined) results.push(result);
        }
      }
      return sortSeries(results);
    });
  }
}

function valuesSql(table: string, column: string): string {
  return `SELECT time_ms, ${column} FROM ${table}
          WHERE series = ?1 AND time_ms >= ?2 AND time_ms < ?3 AND ${column} IS NOT NULL
          ORDER BY time_ms DESC LIMIT ?4`;
}

/** As Flux's `aggregateWindow(every, fn, createEmpty: false, timeSrc: "_start")`. */
function windowsSql(
  table: string,
  column: string,
  everyMs: number,
  range: TimeRange,
  aggregate: Aggregate,
): string {
  // SQL's % keeps the sign of the time, which is negative before 1970.
  const windowStart = `max(time_ms - ((time_ms % ${everyMs}) + ${everyMs}) % ${everyMs}, ${range.startMs})`;
  // SQLite takes the other columns from the row that max() found.
  const value = aggregate === "last" ? `${column}, max(time_ms)` : `${sqlOfAggregate[aggregate]}(${column})`;
  return `SELECT ${windowStart} AS window_start, ${value} FROM ${table}
          WHERE series = ?1 AND time_ms >= ?2 AND time_ms < ?3 AND ${column} IS NOT NULL
          GROUP BY window_start ORDER BY window_start DESC LIMIT ?4`;
}

function fromColumn(column: FieldColumn, value: number | string): FieldValue {
  return column.kind === "boolean" ? value !== 0 : value;
}
