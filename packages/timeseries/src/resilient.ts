/** The embedded store of a program that must go on whatever became of its file. */
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type EmbeddedStoreOptions, openEmbeddedStore } from "./embedded.ts";
import type { TimeSeriesStore } from "./store.ts";
import { StoreError } from "./store-error.ts";

const headerBytes = 100; // of an SQLite file, https://sqlite.org/fileformat.html 1.3

/** What belongs to a database file, beside itself. */
const companions = ["-wal", "-shm", "-journal"];

/**
 * Opens the store in a file. A file that is damaged, of another program or of a newer version is set aside under
 * another name, never deleted, and a new one is made. Where the file is locked, or its folder takes no more (a full
 * disk), it stays, and a file in the system's folder for temporary files serves until the next start, which does not
 * read it again.
 *
 * @returns the store, and what is the matter with the file, undefined where nothing is
 * @throws StoreError where not even a temporary file can be had
 */
export function openResilientStore(
  options: EmbeddedStoreOptions,
  nowMs: number,
): { readonly store: TimeSeriesStore; readonly matter: string | undefined } {
  const { filePath } = options;
  try {
    if (isCutShort(filePath))
      throw new StoreError("not-a-store", `${filePath} is a damaged database: cut short`);
    return { store: openEmbeddedStore(options), matter: undefined };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    try {
      const mayBeSound =
        error.code === "busy" || (error.code === "unwritable" && !takesMore(dirname(filePath)));
      const kept = mayBeSound ? undefined : setAside(filePath, nowMs);
      if (kept !== undefined)
        return {
          store: openEmbeddedStore(options),
          matter: `${error.message}: it is kept as ${kept}, and a new file is started`,
        };
    } catch {
      // The folder cannot be written either; the first reason stands.
    }
    const temporary = join(mkdtempSync(join(tmpdir(), "azru-store-")), "azru.db");
    return {
      store: openEmbeddedStore({ ...options, filePath: temporary }),
      matter: `${error.message}: storing in ${temporary} until the next start, which does not read it again`,
    };
  }
}

/** What SQLite writes beside a database to open it: on a full disk it cannot open a sound one. */
const toOpen_bytes = 65_536;

/** Whether a folder takes what opening a database in it needs. */
function takesMore(folder: string): boolean {
  const probe = join(folder, `azru-${process.pid}.probe`);
  try {
    writeFileSync(probe, Buffer.alloc(toOpen_bytes));
    return true;
  } catch {
    return false; // whatever the reason, it is the folder's and not the database's
  } finally {
    rmSync(probe, { force: true });
  }
}

/** Whether a database is shorter than its header says, and no log holds the rest; SQLite notices when it reads there. */
function isCutShort(filePath: string): boolean {
  const entry = statSync(filePath, { throwIfNoEntry: false });
  const size = entry?.isFile() ? entry.size : 0;
  if (size < headerBytes || (statSync(`${filePath}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0)
    return false;
  const header = Buffer.alloc(headerBytes);
  const file = openSync(filePath, "r");
  try {
    readSync(file, header, 0, headerBytes, 0);
  } finally {
    closeSync(file);
  }
  if (!header.toString("latin1").startsWith("SQLite format 3")) return false; // said when it is opened
  const pageSize = header.readUInt16BE(16);
  return header.readUInt32BE(28) * (pageSize === 1 ? 65_536 : pageSize) > size;
}

/**
 * Renames a damaged file, or the folder in its place, so that a new one can be started.
 *
 * @returns its new path; undefined where there is none
 * @throws the errors of the file system
 */
export function setAside(filePath: string, nowMs: number): string | undefined {
  if (!existsSync(filePath)) return undefined;
  const kept = `${filePath}.damaged-${new Date(nowMs).toISOString().replace(/[:.]/g, "-")}`;
  renameSync(filePath, kept);
  for (const suffix of companions)
    if (existsSync(filePath + suffix)) renameSync(filePath + suffix, kept + suffix);
  return kept;
}
