import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createThreads } from "./threads.ts";

let folder: string;
let module: URL;
let loads: () => number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "azru-threads-"));
  module = pathToFileURL(join(folder, "slow-worker.mjs"));
  const record = join(folder, "loads");
  writeFileSync(record, "");
  loads = () => readFileSync(record, "utf8").length;
  const source = `
    import { appendFileSync } from "node:fs";
    import { threadId } from "node:worker_threads";
    for (const end = performance.now() + 150; performance.now() < end; ) Math.random();
    appendFileSync(${JSON.stringify(record)}, "x");
    export default (job) => {
      while (job === "for ever") Math.random();
      return threadId;
    };`;
  writeFileSync(module, source);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Of one that loads a module as a program of plain JavaScript does, by `require`. */
const threads = () =>
  createThreads<string, number>({
    module,
    minThreads: 1,
    maxThreads: 1,
    execArgv: [],
    onError: (error) => expect.fail(String(error)),
  });

test("a job that is given up while its thread loads does not end the thread", async () => {
  const pool = threads();
  const abort = new AbortController();
  const givenUp = pool.run("soon", { signal: abort.signal });
  abort.abort("too late");
  await expect(givenUp).rejects.toThrow("aborted");
  await pool.run("next", { signal: new AbortController().signal });
  expect(loads()).toBe(1);
  await pool.end();
});

test("threads end when they have loaded", async () => {
  const pool = threads();
  await pool.end();
  expect(loads()).toBe(1);
});

test("a thread that has loaded is ended under a job that is given up, and the one in its place loads before it ends", async () => {
  const pool = threads();
  const { signal } = new AbortController();
  const thread = await pool.run("first", { signal });
  const abort = new AbortController();
  const givenUp = pool.run("for ever", { signal: abort.signal });
  const next = pool.run("next", { signal });
  await setImmediate(); // the thread has the first in hand
  abort.abort("too late");
  await expect(givenUp).rejects.toThrow();
  expect(await next).not.toBe(thread);
  await expect(pool.run("for ever", { signal: AbortSignal.timeout(50) })).rejects.toThrow();
  await pool.end();
  expect(loads()).toBe(3);
});
