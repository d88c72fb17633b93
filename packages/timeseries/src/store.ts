/** What every time-series store is: points in, series out. */
import type { Point } from "@azru/contracts";

export type FieldValue = Point["fields"][string];

/** What becomes of the values of one window; all but `last` need numbers and leave text and booleans out. */
export type Aggregate = "mean" | "last" | "min" | "max" | "sum";

/** Which series are meant: those of the measurement that carry at least these tags. */
export interface SeriesSelection {
  readonly measurement: string;
  /** `null` asks for series without that tag (live data beside batch runs: `{ run: null }`). */
  readonly tags?: Readonly<Record<string, string | null>>;
  /** All fields when absent. */
  readonly fields?: readonly string[];
}

export interface SeriesQuery extends SeriesSelection {
  readonly startMs: number; // Unix time, included
  readonly stopMs: number; // Unix time, excluded
  /** Length of a window; every single value when absent. */
  readonly everyMs?: number;
  /** How a window is summed up; "mean" when absent. */
  readonly aggregate?: Aggregate;
  /** At most this many values a series, the latest ones. */
  readonly limit?: number;
}

/** The values of one field of one tag set, in order of time. */
export interface Series {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly field: string;
  readonly timesMs: readonly number[]; // Unix time
  readonly values: readonly FieldValue[];
}

/** The latest value of one field of one tag set. */
export interface LastValue {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly field: string;
  readonly timeMs: number; // Unix time
  readonly value: FieldValue;
}

/** What is to be deleted: everything that matches all that is given. */
export interface PurgeSelection {
  readonly measurement?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly startMs?: number; // Unix time, included
  readonly stopMs?: number; // Unix time, excluded
}

/**
 * Why a point was given up: no room left, refused for what it is, the store closed before it was stored, or the
 * disk does not give back what was queued there.
 */
export type LossReason = "buffer-full" | "rejected" | "closed" | "unreadable";

/** Every accepted point is in exactly one of written, pending and lost. */
export interface StoreStats {
  readonly accepted: number;
  readonly written: number;
  readonly pending: number;
  readonly lost: number;
  readonly lossesByReason: Readonly<Record<LossReason, number>>;
}

/**
 * Something that an operator should know: points given up, an attempt that failed and will be repeated, or points
 * that wait in memory alone, as the disk does not take them.
 */
export interface WriteProblem {
  readonly reason: LossReason | "retrying" | "memory-only";
  readonly points: number;
  readonly message: string;
}

export interface TimeSeriesStore {
  /** For people: "InfluxDB http://localhost:8086, bucket home-energy" or "file data/azru.db". */
  readonly description: string;

  readonly stats: StoreStats;

  /**
   * Accepts points to be stored in batches soon; all of them or, on an error, none. A point of the same
   * measurement, tags and time as an earlier one overwrites the fields that both have. The room for pending
   * points is limited: who writes very many awaits `flush` now and then.
   *
   * @throws RangeError naming the field and the value of a point that no store could keep
   * @throws StoreError "closed"
   */
  write(points: readonly Point[]): void;

  /**
   * Resolves when every point accepted so far is stored.
   *
   * @throws StoreError when points were lost since the last flush, or cannot be stored now (they stay pending)
   */
  flush(): Promise<void>;

  /**
   * The values of `[startMs, stopMs)`, one series a field and tag set, ordered by tags, then field. With
   * `everyMs`, one value a window: windows are aligned to the Unix epoch, cut to the range, named by their
   * start, and absent where empty. Sees what was flushed.
   *
   * @throws RangeError naming a bad parameter
   * @throws StoreError when the store cannot answer
   */
  query(query: SeriesQuery): Promise<Series[]>;

  /** The latest value of each series and field, wherever in time it is. */
  last(selection: SeriesSelection): Promise<LastValue[]>;

  /** The values that a tag has in a measurement, sorted: `tagValues("sensors", "run")` lists the runs. */
  tagValues(measurement: string, tag: string): Promise<string[]>;

  /** Deletes points, pending ones included, and returns how many, where the store knows. */
  purge(selection: PurgeSelection): Promise<number | undefined>;

  /**
   * Stores what is pending, by one last attempt, and lets go of file or connections; what is queued on disk stays
   * there for the next start. May be called twice.
   *
   * @throws StoreError when points were lost
   */
  close(): Promise<void>;
}
