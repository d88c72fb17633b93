import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openEmbeddedStore } from "./embedded.ts";
import { openResilientStore } from "./resilient.ts";
import type { TimeSeriesStore } from "./store.ts";

const nowMs = Date.UTC(2026, 0, 15, 6);
const point = { measurement: "mpc", tags: {}, timeMs: nowMs, fields: { solve_ms: 1 } };

let folder: string;
let filePath: string;
const open: TimeSeriesStore[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "azru-resilient-"));
  filePath = join(folder, "azru.db");
});
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
  rmSync(folder, { recursive: true });
});

function opened() {
  const { store, matter } = openResilientStore({ filePath, busyTimeoutMs: 50 }, nowMs);
  open.push(store);
  return { store, matter };
}

async function works(store: TimeSeriesStore): Promise<boolean> {
  store.write([point]);
  await store.flush();
  return (await store.last({ measurement: "mpc" })).length > 0;
}

const kept = () =>
  readdirSync(folder).filter((name) => /^azru\.db\.damaged-2026-01-15T06-00-00-000Z$/.test(name));

test("a sound file is opened as it is, and one of no length is filled", async () => {
  await openEmbeddedStore({ filePath }).close();
  const first = opened();
  expect(first.matter).toBeUndefined();
  await first.store.close();
  open.pop();
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  writeFileSync(filePath, "");
  const { store, matter } = opened();
  expect(matter).toBeUndefined();
  expect(await works(store)).toBe(true);
});

test.each<[string, () => void | Promise<void>]>([
  ["random bytes", () => writeFileSync(filePath, Buffer.from("no database ".repeat(1000)))],
  [
    "a newer version",
    async () => {
      await openEmbeddedStore({ filePath }).close();
      const db = new Database(filePath);
      db.exec("PRAGMA user_version = 9999");
      db.close();
    },
  ],
  [
    "another program's database",
    () => {
      const db = new Database(filePath);
      db.exec("CREATE TABLE theirs (a); PRAGMA application_id = 77");
      db.close();
    },
  ],
  ["a folder in its place", () => mkdirSync(filePath)],
])("%s: set aside under another name, and a new file is made", async (_, damage) => {
  await damage();
  const { store, matter } = opened();
  expect(matter).toContain(filePath);
  expect(matter).toContain("is kept as");
  expect(kept()).toHaveLength(1);
  expect(await works(store)).toBe(true);
  expect(existsSync(filePath)).toBe(true);
});

test("what is set aside is whole", () => {
  const content = Buffer.from("no database ".repeat(1000));
  writeFileSync(filePath, content);
  opened();
  expect(readFileSync(join(folder, kept()[0])).equals(content)).toBe(true);
});

test("a file that was cut short is set aside too", async () => {
  const before = openEmbeddedStore({ filePath });
  before.write([point]);
  await before.close();
  truncateSync(filePath, 6000);
  const { store, matter } = opened();
  expect(matter).toContain("cut short");
  expect(await works(store)).toBe(true);
});

// The longest file that a process may write stands for a disk without room, which only root could mount.
test("on a full disk, where SQLite cannot open it, a sound file stays", async () => {
  const store = openEmbeddedStore({ filePath });
  store.write([point]);
  await store.flush();
  for (const name of ["azru.db", "azru.db-wal"])
    copyFileSync(join(folder, name), join(folder, `killed-${name}`));
  await store.close();
  const killed = join(folder, "killed-azru.db"); // as a process leaves it that was killed
  const program = `import { openResilientStore } from ${JSON.stringify(new URL("./resilient.ts", import.meta.url).href)};
    openResilientStore({ filePath: ${JSON.stringify(killed)} }, 0);`;
  const { stderr } = spawnSync(
    "bash",
    [
      "-c",
      'ulimit -f 0; exec "$@"',
      "bash",
      process.execPath,
      "--import",
      "tsx",
      "--input-type=module",
      "-e",
      program,
    ],
    { encoding: "utf8" },
  );
  expect(stderr).toContain("StoreError"); // no temporary file can be had either
  expect(readdirSync(folder).filter((name) => /damaged|probe/.test(name))).toEqual([]);
  filePath = killed;
  expect(await opened().store.last({ measurement: "mpc" })).toHaveLength(1);
});

test("where another process has locked the file, a temporary one serves, and the file stays", async () => {
  const other = new Database(filePath);
  other.exec("BEGIN EXCLUSIVE");
  const { store, matter } = opened();
  expect(matter).toContain("until the next start");
  expect(await works(store)).toBe(true);
  expect(kept()).toEqual([]);
  other.exec("ROLLBACK");
  other.close();
});
