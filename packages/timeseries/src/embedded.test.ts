import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Point } from "@azru/contracts";
import Database from "libsql";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { type EmbeddedStoreOptions, openEmbeddedStore } from "./embedded.ts";
import type { TimeSeriesStore, WriteProblem } from "./store.ts";

const packageFolder = join(import.meta.dirname, "..");
const t0 = Date.UTC(2026, 1, 1);
const all = { measurement: "sensors", startMs: 0, stopMs: 2 * t0 };

let folder: string;
let filePath: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "azru-embedded-"));
  filePath = join(folder, "azru.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(options: Partial<EmbeddedStoreOptions> = {}): TimeSeriesStore {
  return openEmbeddedStore({ filePath, ...options });
}

function readings(count: number, first = 0, fields: Point["fields"] = {}): Point[] {
  return Array.from({ length: count }, (_, i) => ({
    measurement: "sensors",
    tags: { location: "living-room" },
    fields: { temperature: first + i, ...fields },
    timeMs: t0 + first + i,
  }));
}

async function temperatures(store: TimeSeriesStore): Promise<unknown[]> {
  const series = await store.query({ ...all, fields: ["temperature"] });
  return series.flatMap(({ values }) => values);
}

/** Another process that has run a script, and waits; `release` ends it. */
async function otherProcess(
  script: string,
): Promise<{ process: ChildProcess; release: () => Promise<void> }> {
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script, filePath], {
    cwd: packageFolder,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [said] = await once(child.stdout, "data");
  expect(String(said)).toBe("ready\n");
  return {
    process: child,
    release: async () => {
      child.stdin.end();
      await once(child, "exit");
    },
  };
}

const lockTheFile = `
  import Database from "libsql";
  const db = new Database(process.argv[1]);
  db.exec("BEGIN IMMEDIATE");
  console.log("ready");
  process.stdin.on("end", () => { db.exec("COMMIT"); process.exit(); }).resume();
`;

const writeAndWait = `
  import { openEmbeddedStore } from "./src/embedded.ts";
  const store = openEmbeddedStore({ filePath: process.argv[1] });
  store.write([{ measurement: "sensors", tags: { location: "living-room" }, fields: { temperature: 21, humidity: 55 }, timeMs: ${t0 + 1_000} }]);
  await store.flush();
  console.log("ready");
  process.stdin.on("end", () => process.exit()).resume();
`;

describe("the embedded store's file", () => {
  it("is created with its folders, says where it is, and keeps what was written", async () => {
    filePath = join(folder, "data", "homes", "azru.db");
    const store = open();
    expect(store.description).toBe(`file ${filePath}`);
    store.write(readings(3));
    await store.close();
    const again = open();
    expect(await temperatures(again)).toEqual([0, 1, 2]);
    await again.close();
  });

  it("holds everything by itself once closed", async () => {
    const store = open();
    store.write(readings(1_000));
    await store.close();
    expect(statSync(`${filePath}-wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0);
    const copy = join(folder, "copy.db");
    writeFileSync(copy, readFileSync(filePath));
    filePath = copy;
    const copied = open();
    expect(await temperatures(copied)).toHaveLength(1_000);
    await copied.close();
  });

  it("takes little room, and gives it back after a purge", async () => {
    const store = open();
    const fields = {
      mass: 19.1,
      outdoor: -3.2,
      power: 2_250.5,
      solar: 12.1,
      valve: 49.9,
      price: 0.1612,
      cost: 3.3,
    };
    store.write(readings(20_000, 0, fields));
    await store.close();
    const full = statSync(filePath).size;
    expect(full / 20_000).toBeLessThan(100); // bytes a point of eight numbers
    const again = open();
    expect(await again.purge({ measurement: "sensors" })).toBe(20_000);
    await again.close();
    expect(statSync(filePath).size).toBeLessThan(full / 10);
  });

  it("keeps what was flushed when the process is killed", async () => {
    const { process: child } = await otherProcess(writeAndWait);
    child.kill("SIGKILL");
    await once(child, "exit");
    const store = open();
    expect(await temperatures(store)).toEqual([21]);
    await store.close();
  });

  it("may be open in several processes, each adding series and fields", async () => {
    const store = open();
    store.write(readings(2));
    await store.flush();
    const other = await otherProcess(writeAndWait);
    store.write(readings(1, 5_000, { humidity: 60, co2: 800 }));
    store.write([{ ...readings(1, 6_000)[0], tags: { location: "attic" } }]);
    await store.flush();
    await other.release();
    const series = await store.query(all);
    expect(series.map(({ tags, field, values }) => [tags.location, field, values])).toEqual([
      ["attic", "temperature", [6_000]],
      ["living-room", "co2", [800]],
      ["living-room", "humidity", [55, 60]],
      ["living-room", "temperature", [0, 1, 21, 5_000]],
    ]);
    await store.close();
  });

  it("notices a field that another process has made of another kind", async () => {
    const one = open();
    const two = open();
    one.write(readings(1));
    two.write(readings(1, 1));
    await one.flush();
    await two.flush();
    one.write(readings(1, 2, { mode: "mpc" }));
    await one.flush();
    two.write(readings(1, 3, { mode: 4 }));
    await expect(two.flush()).rejects.toThrow(
      "1 point is lost: field mode of sensors holds string values, got number 4",
    );
    expect(await temperatures(one)).toEqual([0, 1, 2]);
    await one.close();
    await two.close();
  });
});

describe("the embedded store and a file that it cannot use", () => {
  it.each<[string, () => void, RegExp]>([
    [
      "no database",
      () => writeFileSync(filePath, "time,value\n".repeat(200)),
      /^\S+azru\.db is not a database$/,
    ],
    ["a folder", () => mkdirSync(filePath), /azru\.db cannot be opened for writing$/],
    [
      "below a file",
      () => {
        writeFileSync(filePath, "");
        filePath = join(filePath, "azru.db");
      },
      /azru\.db cannot be created: a part of its folder is a file$/,
    ],
  ])("is reported in one line: %s", (_, prepare, message) => {
    prepare();
    expect(() => open()).toThrow(message);
  });

  it("leaves another program's database as it was", () => {
    const other = new Database(filePath);
    other.exec("CREATE TABLE recipes (name TEXT)");
    other.close();
    const before = readFileSync(filePath);
    expect(() => open()).toThrow(/azru\.db is the database of another program$/);
    expect(readFileSync(filePath).equals(before)).toBe(true);
  });

  it("does not touch a file of a newer version", async () => {
    await open().close();
    const db = new Database(filePath);
    db.exec("PRAGMA user_version = 99");
    db.close();
    expect(() => open()).toThrow(
      /azru\.db was written by a newer version \(schema 99, this one knows 1\): update Azru, or move the file away$/,
    );
  });

  it("keeps points while another process holds the file, and stores them afterwards", async () => {
    const store = open({ busyTimeoutMs: 10 });
    const { release } = await otherProcess(lockTheFile);
    store.write(readings(2));
    await expect(store.flush()).rejects.toMatchObject({
      code: "busy",
      message: /azru\.db is locked by another process$/,
    });
    expect(store.stats).toMatchObject({ accepted: 2, pending: 2, lost: 0 });
    const reader = open({ busyTimeoutMs: 10 });
    expect(await temperatures(reader)).toEqual([]);
    await reader.close();
    await release();
    await store.flush();
    expect(store.stats).toMatchObject({ written: 2, pending: 0, lost: 0 });
    expect(await temperatures(store)).toEqual([0, 1]);
    await store.close();
  });

  it("stores all of a batch or nothing, and the new series and fields in it at the next attempt", async () => {
    const store = open();
    store.write(readings(1));
    await store.flush();
    const db = new Database(filePath);
    db.exec("CREATE TRIGGER fault BEFORE INSERT ON points_1 BEGIN SELECT RAISE(ABORT, 'disk fault'); END");
    store.write([{ ...readings(1, 1, { humidity: 55 })[0], tags: { location: "attic" } }]);
    await expect(store.flush()).rejects.toThrow(/azru\.db: .*disk fault$/);
    expect(store.stats).toMatchObject({ written: 1, pending: 1, lost: 0 });
    db.exec("DROP TRIGGER fault");
    db.close();
    await store.flush();
    const series = await store.query(all);
    expect(series.map(({ tags, field, values }) => [tags.location, field, values])).toEqual([
      ["attic", "humidity", [55]],
      ["attic", "temperature", [1]],
      ["living-room", "temperature", [0]],
    ]);
    await store.close();
  });

  it("keeps the latest points within its limit, and counts the others and what is lost by closing", async () => {
    const problems: WriteProblem[] = [];
    const store = open({
      busyTimeoutMs: 10,
      batchSize: 10,
      maxPendingPoints: 15,
      onProblem: (problem) => problems.push(problem),
    });
    const { release } = await otherProcess(lockTheFile);
    store.write(readings(20));
    expect(problems.map(({ reason, points }) => [reason, points])).toEqual([
      ["retrying", 20],
      ["buffer-full", 5],
    ]);
    await expect(store.close()).rejects.toThrow(/^20 points are lost: .*locked by another process$/);
    expect(store.stats).toMatchObject({
      accepted: 20,
      written: 0,
      pending: 0,
      lossesByReason: { "buffer-full": 5, closed: 15, rejected: 0 },
    });
    await release();
  });
});

describe("the embedded store's batches", () => {
  it("are stored when full, and by the interval", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const store = open({ batchSize: 10, flushIntervalMs: 1_000 });
    store.write(readings(10));
    expect(store.stats).toMatchObject({ written: 10, pending: 0 });
    store.write(readings(5, 10));
    vi.advanceTimersByTime(999);
    expect(store.stats).toMatchObject({ written: 10, pending: 5 });
    vi.advanceTimersByTime(1);
    expect(store.stats).toMatchObject({ written: 15, pending: 0 });
    await store.close();
  });

  it("keep every point, whatever their size and mixture", async () => {
    const store = open({ batchSize: 1_000 });
    const measurements = ["sensors", "actuators", "plan"];
    const points = Array.from(
      { length: 2_777 },
      (_, i): Point => ({
        measurement: measurements[i % 3],
        tags: { location: `room ${i % 7}` },
        fields: i % 5 === 0 ? { temperature: i } : { [`extra ${i % 11}`]: i, temperature: i },
        timeMs: t0 + i,
      }),
    );
    store.write(points);
    await store.flush();
    const read = new Set<unknown>();
    for (const measurement of measurements) {
      for (const { field, values } of await store.query({ ...all, measurement })) {
        if (field === "temperature") for (const value of values) read.add(value);
      }
    }
    expect(read.size).toBe(points.length);
    await store.close();
  });
});
