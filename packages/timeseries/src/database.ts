/** A libsql (SQLite) file of ours: opening it, the version of its schema, and its errors. */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "libsql";
import { StoreError, type StoreErrorCode } from "./store-error.ts";

export type DatabaseHandle = Database.Database;

/** What the tables of a file are. */
export interface DatabaseSchema {
  /** Distinguishes our files from other programs'. */
  readonly applicationId: number;
  /** Migration `i` takes a file from version `i` (`user_version`) to `i + 1`; version 0 is an empty file. */
  readonly migrations: readonly string[];
}

/**
 * Opens or creates a file, its folder included, and brings its schema up to date.
 *
 * @param busyTimeoutMs how long to wait for another process that writes to the file
 * @throws StoreError "unwritable", "not-a-store", "newer" or "busy"
 */
export function openDatabase(
  filePath: string,
  schema: DatabaseSchema,
  busyTimeoutMs: number,
): DatabaseHandle {
  let db: DatabaseHandle | undefined;
  try {
    mkdirSync(dirname(filePath), { recursive: true });
    db = new Database(filePath, { timeout: busyTimeoutMs });
    checkOrigin(db, filePath, schema);
    if (pragma(db, "user_version") === 0) {
      // Both stay with the file. The first lets a purge give space back, the second others read during a write.
      db.exec("PRAGMA auto_vacuum = INCREMENTAL");
      db.exec("PRAGMA journal_mode = WAL");
    }
    db.exec("PRAGMA synchronous = NORMAL"); // safe with WAL, and spares an SD card one sync a transaction
    migrate(db, schema);
    return db;
  } catch (error) {
    db?.close();
    throw databaseError(error, filePath);
  }
}

/** Reads only: a file that is not ours stays as it is. */
function checkOrigin(
  db: DatabaseHandle,
  filePath: string,
  { applicationId, migrations }: DatabaseSchema,
): void {
  const tables = first(db, "SELECT count(*) FROM sqlite_schema");
  if (tables > 0 && pragma(db, "application_id") !== applicationId) {
    throw new StoreError("not-a-store", `${filePath} is the database of another program`);
  }
  const version = pragma(db, "user_version");
  if (version > migrations.length) {
    throw new StoreError(
      "newer",
      `${filePath} was written by a newer version (schema ${version}, this one knows ${migrations.length}): update Azru, or move the file away`,
    );
  }
}

function migrate(db: DatabaseHandle, { applicationId, migrations }: DatabaseSchema): void {
  if (pragma(db, "user_version") === migrations.length) return;
  db.exec("BEGIN IMMEDIATE");
  try {
    // Read again: another process may have done it in the meantime.
    for (const migration of migrations.slice(pragma(db, "user_version"))) db.exec(migration);
    db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}`);
    db.exec("COMMIT");
  } catch (error) {
    rollback(db);
    throw error;
  }
}

function pragma(db: DatabaseHandle, name: "user_version" | "application_id"): number {
  return first(db, `PRAGMA ${name}`);
}

function first(db: DatabaseHandle, sql: string): number {
  return (db.prepare(sql).raw().all() as [[number]])[0][0];
}

/** Ends a transaction, unless the database has done so itself (a full disk does). */
export function rollback(db: DatabaseHandle): void {
  if (db.inTransaction) db.exec("ROLLBACK");
}

const codes: Record<string, [StoreErrorCode, string]> = {
  SQLITE_NOTADB: ["not-a-store", "is not a database"],
  SQLITE_CORRUPT: ["not-a-store", "is a damaged database"],
  SQLITE_BUSY: ["busy", "is locked by another process"],
  SQLITE_FULL: ["unwritable", "cannot grow: the disk is full, make room on it"],
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
