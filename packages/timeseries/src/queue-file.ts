/** Lines that wait on disk, the oldest first. */
import {
  type DatabaseHandle,
  type DatabaseSchema,
  databaseError,
  openDatabase,
  rollback,
} from "./database.ts";

const queueSchema: DatabaseSchema = {
  applicationId: 0x417a7251, // "AzrQ"
  migrations: ["CREATE TABLE line (id INTEGER PRIMARY KEY, text TEXT NOT NULL)"],
};

interface QueuedLine {
  readonly id: number;
  readonly text: string;
}

export interface QueueFile {
  /** Lines in the file when it was opened. */
  readonly found: number;
  /** All of them, or on an error none. */
  append(lines: readonly string[]): void;
  /** The oldest after an id. */
  read(afterId: number, limit: number): QueuedLine[];
  /** Removes lines up to and with an id. */
  removeThrough(id: number): void;
  /** Removes the oldest after an id. @returns how many there were */
  removeAfter(id: number, limit: number): number;
  /** Gives unused space back to the disk. */
  shrink(): void;
  close(): void;
}

const rowsAStatement = [128, 1];

/**
 * Opens or creates the file. It is meant for one process: of two, both send what they find, and the second that
 * appends gets an error.
 *
 * @throws StoreError "unwritable", "not-a-store", "newer" or "busy", as do the methods
 */
export function openQueueFile(filePath: string, busyTimeoutMs = 2_000): QueueFile {
  const db = openDatabase(filePath, queueSchema, busyTimeoutMs);
  try {
    return queueFile(db, filePath);
  } catch (error) {
    db.close();
    throw databaseError(error, filePath);
  }
}

function queueFile(db: DatabaseHandle, filePath: string): QueueFile {
  const [[found, lastId]] = db.prepare("SELECT count(*), coalesce(max(id), 0) FROM line").raw().all() as [
    [number, number],
  ];
  let nextId = lastId + 1;
  const inserts = rowsAStatement.map((rows) => ({
    rows,
    statement: db.prepare(`INSERT INTO line (id, text) VALUES ${Array(rows).fill("(?, ?)").join(", ")}`),
  }));
  const select = db.prepare("SELECT id, text FROM line WHERE id > ? ORDER BY id LIMIT ?");
  const remove = db.prepare("DELETE FROM line WHERE id <= ?");
  const drop = db.prepare(
    "DELETE FROM line WHERE id IN (SELECT id FROM line WHERE id > ? ORDER BY id LIMIT ?)",
  );

  function translated<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw databaseError(error, filePath);
    }
  }

  function insert(lines: readonly string[]): void {
    let done = 0;
    for (const { rows, statement } of inserts) {
      for (; lines.length - done >= rows; done += rows) {
        const values = lines.slice(done, done + rows).flatMap((text, i) => [nextId + done + i, text]);
        statement.run(values);
      }
    }
  }

  return {
    found,
    append: (lines) =>
      translated(() => {
        db.exec("BEGIN IMMEDIATE");
        try {
          insert(lines);
          db.exec("COMMIT");
        } catch (error) {
          rollback(db);
          throw error;
        }
        nextId += lines.length;
      }),
    read: (afterId, limit) => translated(() => select.all(afterId, limit) as QueuedLine[]),
    removeThrough: (id) => translated(() => void remove.run(id)),
    removeAfter: (id, limit) => translated(() => drop.run(id, limit).changes),
    shrink: () => translated(() => void db.exec("PRAGMA incremental_vacuum")),
    close: () => {
      try {
        translated(() => db.exec("PRAGMA wal_checkpoint(TRUNCATE)"));
      } finally {
        db.close();
      }
    },
  };
}
