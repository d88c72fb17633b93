/** One program at a time keeps a home's memory and points in a folder. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";

export interface FolderClaim {
  release(): void;
}

/**
 * Claims a folder for this process, as SQLite locks a file: the system gives the claim up when the process ends, however
 * that comes. Where the folder cannot be written, or its file system has no locks, nothing is claimed.
 *
 * @param patience_ms how long to wait for a process that is ending
 * @returns nothing when another process has the folder
 */
export function claimFolder(folder: string, patience_ms: number): FolderClaim | undefined {
  let db: Database.Database | undefined;
  try {
    mkdirSync(folder, { recursive: true });
    const lock = new Database(join(folder, "core.lock"), { timeout: patience_ms });
    db = lock;
    lock.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return { release: () => lock.close() };
  } catch (error) {
    db?.close();
    const isTaken = error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY");
    return isTaken ? undefined : { release() {} };
  }
}
