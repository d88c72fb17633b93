import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openDatabase } from "./database.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "azru-database-"));
  file = join(folder, "state.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

const applicationId = 7;
const first = "CREATE TABLE kept (name TEXT NOT NULL)";
const second = "ALTER TABLE kept ADD COLUMN note TEXT NOT NULL DEFAULT 'old'";

function open(...migrations: string[]) {
  return openDatabase(file, { applicationId, migrations }, 100);
}

function given(...migrations: string[]): void {
  const db = open(...migrations);
  db.exec("INSERT INTO kept (name) VALUES ('from before')");
  db.close();
}

it("brings a file of an older version up to date, and keeps what is in it", () => {
  given(first);
  const db = open(first, second);
  expect(db.prepare("SELECT name, note FROM kept").raw().all()).toEqual([["from before", "old"]]);
  db.close();
  open(first, second).close(); // the second time there is nothing to do
});

it("refuses a file of a newer version, and leaves it as it is", () => {
  given(first, second);
  expect(() => open(first)).toThrow(
    expect.objectContaining({
      code: "newer",
      message: expect.stringContaining("schema 2, this one knows 1"),
    }),
  );
  open(first, second).close();
});

it("leaves the file at its version where a migration fails", () => {
  given(first);
  expect(() => open(first, "ALTER TABLE missing ADD COLUMN note TEXT")).toThrow();
  const db = open(first);
  expect(db.prepare("SELECT name FROM kept").raw().all()).toEqual([["from before"]]);
  db.close();
});
