/** The file behind the embedded store: opening it, its schema and its errors. */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "libsql";
import { StoreError, type StoreErrorCode } from "./store-error.ts";

export type DatabaseHandle = Database.Database;

const applicationId = 0x417a7275; // "Azru", tells our files from other programs'

/**
 * Migration `i` takes a file from version `i` (`user_version`) to `i + 1`. Points lie in one table a
 * measurement, `points_<measurement.id> (series, time_ms, f<field.id>, ...)`, created with the measurement:
 * a row a point costs a quarter of a row a value in bytes and in pages touched by a write.
 */
const migrations = [
  `CREATE TABLE measurement (
     id INTEGER PRIMARY KEY,
     name TEXT NOT NULL UNIQUE
   );
   CREATE TABLE field (
     id INTEGER PRIMARY KEY,
     measurement INTEGER NOT NULL REFERENCES measurement,
     name TEXT NOT NULL,
     kind TEXT NOT NULL CHECK (kind IN ('number', 'string', 'boolean')),
     UNIQUE (measurement, name)
   );
   CREATE TABLE series (
     id INTEGER PRIMARY KEY,
     measurement INTEGER NOT NULL REFERENCES measurement,
     tags TEXT NOT NULL, -- JSON object, keys sorted
     UNIQUE (measurement, tags)
   );
   PRAGMA application_id = ${applicationId};`,
];

/**
 * Opens or creates a store's file, its folder included, and brings its schema up to date.
 *
 * @param busyTimeoutMs how long to wait for another process that writes to the file
 * @throws StoreError "unwritable", "not-a-store" or "busy"
 */
export function openDatabase(filePath: string, busyTimeoutMs: number): DatabaseHandle {
  let db: DatabaseHandle | undefined;
  try {
    mkdirSync(dirname(filePath), { recursive: true });
    db = new Database(filePath, { timeout: busyTimeoutMs });
    checkOrigin(db, filePath);
    if (pragma(db, "user_version") === 0) {
      // Both stay with the file. The first lets a purge give space back, the second others read during a write.
      db.exec("PRAGMA auto_vacuum = INCREMENTAL");
      db.exec("PRAGMA journal_mode = WAL");
    }
    db.exec("PRAGMA synchronous = NORMAL"); // safe with WAL, and spares an SD card one sync a transaction
    migrate(db);
    return db;
  } catch (error) {
    db?.close();
    throw databaseError(error, filePath);
  }
}

/** Reads only: a file that is not ours stays as it is. */
function checkOrigin(db: DatabaseHandle, filePath: string): void {
  const tables = (db.prepare("SELECT count(*) FROM sqlite_schema").raw().get() as [number])[0];
  if (tables > 0 && pragma(db, "application_id") !== applicationId) {
    throw new StoreError("not-a-store", `${filePath} is the database of another program`);
  }
  const version = pragma(db, "user_version");
  if (version > migrations.length) {
    throw new StoreError(
      "not-a-store",
      `${filePath} was written by a newer version (schema ${version}, this one knows ${migrations.length})`,
    );
  }
}

function migrate(db: DatabaseHandle): void {
  if (pragma(db, "user_version") === migrations.length) return;
  db.exec("BEGIN IMMEDIATE");
  try {
    // Read again: another process may have done it in the meantime.
    for (const migration of migrations.slice(pragma(db, "user_version"))) db.exec(migration);
    db.exec(`PRAGMA user_version = ${migrations.length}`);
    db.exec("COMMIT");
  } catch (error) {
    rollback(db);
    throw error;
  }
}

function pragma(db: DatabaseHandle, name: "user_version" | "application_id"): number {
  return (db.prepare(`PRAGMA ${name}`).raw().get() as [number])[0];
}

/** Ends a transaction, unless the database has done so itself (a full disk does). */
export function rollback(db: DatabaseHandle): void {
  if (db.inTransaction) db.exec("ROLLBACK");
}

const codes: Record<string, [StoreErrorCode, string]> = {
  SQLITE_NOTADB: ["not-a-store", "is not a database"],
  SQLITE_CORRUPT: ["not-a-store", "is a damaged database"],
  SQLITE_BUSY: ["busy", "is locked by another process"],
  SQLITE_FULL: ["unwritable", "cannot grow: the disk is full"],
  SQLITE_READONLY: ["unwritable", "is read-only"],
  SQLITE_CANTOPEN: ["unwritable", "cannot be opened for writing"],
  SQLITE_IOERR: ["unwritable", "cannot be read or written"],
  EACCES: ["unwritable", "cannot be created: permission denied"],
  EPERM: ["unwritable", "cannot be created: permission denied"],
  EROFS: ["unwritable", "cannot be created: read-only file system"],
  EEXIST: ["unwritable", "cannot be created: a part of its folder is a file"],
  ENOTDIR: ["unwritable", "cannot be created: a part of its folder is a file"],
  ENOENT: ["unwritable", "cannot be created: no such folder"],
};

/** Says an error of the database or of the file system in one line that names the file. */
export function databaseError(error: unknown, filePath: string): unknown {
  if (error instanceof StoreError || error instanceof RangeError || !(error instanceof Error)) return error;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const known = codes[code] ?? codes[code.split("_").slice(0, 2).join("_")];
  if (known) return new StoreError(known[0], `${filePath} ${known[1]}`, error);
  // libsql gives no code where the file cannot be opened at all.
  if (error.message.includes("Unable to open connection")) {
    return new StoreError("unwritable", `${filePath} cannot be opened for writing`, error);
  }
  return new StoreError("rejected", `${filePath}: ${error.message}`, error);
}
