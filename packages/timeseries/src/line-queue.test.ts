import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openDatabase } from "./database.ts";
import { LineQueue, type LineQueueOptions } from "./line-queue.ts";

let folder: string;
let failures: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "azru-queue-"));
  failures = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(name: string, bounds: Partial<LineQueueOptions> = {}): LineQueue {
  return new LineQueue({
    filePath: join(folder, name),
    maxOnDisk: Number.POSITIVE_INFINITY,
    maxInMemory: Number.POSITIVE_INFINITY,
    onDiskFailure: (lines, reason) => failures.push(`${lines} in memory: ${reason}`),
    onUnreadable: (lines, reason) => failures.push(`${lines} unreadable: ${reason}`),
    ...bounds,
  });
}

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom("push", "push", "take", "persist", "settle", "drop", "restart"),
    count: fc.integer({ min: 1, max: 300 }),
  }),
  { maxLength: 40 },
);

it("gives back every line once and in order, whatever happens between, but the oldest beyond its bound", () => {
  let runs = 0;
  fc.assert(
    fc.property(steps, fc.integer({ min: 0, max: 400 }), (sequence, maxOnDisk) => {
      const file = `${runs++}.db`;
      let queue = open(file, { maxOnDisk });
      let waiting: string[] = [];
      let taken: string[] = [];
      let persisted = 0;
      let next = 0;
      for (const step of sequence) {
        if (step.kind === "push") {
          for (let i = 0; i < step.count; i++) {
            const line = `line ${next++}\nsecond, "quoted" ${"é".repeat(i % 7)}`;
            queue.push(line);
            waiting.push(line);
          }
        } else if (step.kind === "persist") {
          queue.persist();
          persisted = waiting.length;
        } else if (step.kind === "take" && taken.length === 0) {
          const expected = waiting.slice(0, Math.min(step.count, persisted > 0 ? persisted : step.count));
          taken = queue.take(step.count, Number.POSITIVE_INFINITY);
          expect(taken).toEqual(expected);
          waiting = waiting.slice(taken.length);
          persisted = Math.max(0, persisted - taken.length);
        } else if (step.kind === "settle") {
          queue.settle();
          taken = [];
        } else if (step.kind === "drop") {
          const excess = Math.max(0, persisted - maxOnDisk);
          expect(queue.dropExcess()).toBe(excess);
          waiting = waiting.slice(excess);
          persisted -= excess;
        } else if (step.kind === "restart" && taken.length === 0) {
          expect(queue.close()).toBe(0);
          queue = open(file, { maxOnDisk });
          expect(queue.found).toBe(waiting.length);
          persisted = waiting.length;
        }
        expect(queue.length).toBe(waiting.length);
      }
      queue.close();
      expect(failures).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

it("still has after a restart what was taken and not settled", () => {
  const queue = open("queue.db");
  for (const line of ["a", "b", "c", "d"]) queue.push(line);
  queue.persist();
  queue.take(2, 100);
  queue.settle();
  queue.take(1, 100);
  queue.close();
  const again = open("queue.db");
  expect(again.take(10, 100)).toEqual(["c", "d"]);
  again.close();
});

it("keeps lines in memory, and says why, where the file cannot be opened", () => {
  writeFileSync(join(folder, "file"), "");
  writeFileSync(join(folder, "damaged.db"), "not a database, but long enough to be looked at ".repeat(100));
  for (const [name, reason] of [
    ["file/queue.db", /cannot be created: a part of its folder is a file/],
    ["damaged.db", /is not a database/],
  ] as const) {
    failures = [];
    const queue = open(name, { maxInMemory: 2 });
    for (const line of ["a", "b", "c"]) queue.push(line);
    queue.persist();
    expect(queue.dropExcess()).toBe(1);
    expect(queue.take(10, 100)).toEqual(["b", "c"]);
    expect(failures).toEqual([expect.stringMatching(reason)]);
    expect(queue.close()).toBe(2);
  }
});

it("refuses a file of a newer version", () => {
  const newer = { applicationId: 0x417a7251, migrations: ["CREATE TABLE line (id INTEGER)", "SELECT 1"] };
  openDatabase(join(folder, "queue.db"), newer, 100).close();
  expect(() => open("queue.db")).toThrow(
    /queue\.db was written by a newer version \(schema 2, this one knows 1\)/,
  );
});
