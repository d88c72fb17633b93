/** Points on their way to an InfluxDB that is down, slow, full or cut off: they wait on disk. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Point } from "@azru/contracts";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type InfluxStoreOptions, openPatientInfluxStore, type PatientStore } from "./influx.ts";
import type { WriteProblem } from "./store.ts";
import {
  type Answer,
  healthy,
  type InfluxServer,
  type Responder,
  startInfluxServer,
} from "./testing/influx-server.ts";
import { parseLines } from "./testing/line-protocol.ts";
import { numberedPoints as readings } from "./testing/points.ts";

const writePath = "/api/v2/write";

let folder: string;
let queueFile: string;
let server: InfluxServer;
let problems: WriteProblem[];
let acknowledged: Point[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "azru-influx-queue-"));
  queueFile = join(folder, "queue.db");
  server = await startInfluxServer();
  server.respond(acknowledging());
  problems = [];
  acknowledged = [];
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Answers the first writes as given, in turn, and takes the others. */
function acknowledging(...answers: ReturnType<Responder>[]): Responder {
  return (request) => {
    if (request.path !== writePath) return healthy(request);
    const answer = answers.shift();
    if (answer !== undefined) return answer;
    acknowledged.push(...parseLines(request.body));
    return { status: 204 };
  };
}

function open(options: Partial<InfluxStoreOptions & { queueFile: string }> = {}): Promise<PatientStore> {
  return openPatientInfluxStore({
    url: server.url,
    token: "secret",
    org: "azru",
    bucket: "home-energy",
    queueFile,
    minRetryDelayMs: 1,
    maxRetryDelayMs: 10,
    onProblem: (problem) => problems.push(problem),
    ...options,
  });
}

/** Stops the server and gives its port, to come back at. */
async function stopServer(): Promise<number> {
  const port = Number(new URL(server.url).port);
  await server.close();
  return port;
}

it("brings every point, in order and once, through every kind of trouble", async () => {
  const full: Answer = { status: 413, body: { code: "request too large", message: "too large" } };
  const { store } = await open({ batchSize: 50, timeoutMs: 300 });
  const troubles = [
    "reset",
    "hang",
    full,
    ...[429, 500, 502, 503, 504].map((status) => ({ status, body: "no" })),
  ];
  server.respond(acknowledging(...(troubles as Answer[])));
  for (let i = 0; i < 40; i++) store.write(readings(25, i * 25));
  await store.flush();
  expect(acknowledged).toEqual(readings(1_000));
  expect(store.stats).toMatchObject({ accepted: 1_000, written: 1_000, pending: 0, lost: 0 });
  await store.close();
});

it("starts without a server, and sends what waits when it is there, the oldest first", async () => {
  const port = await stopServer();
  const { store, absence } = await open();
  expect(absence).toMatchObject({ code: "unreachable" });
  store.write(readings(10));
  server = await startInfluxServer(port);
  server.respond(acknowledging());
  store.write(readings(5, 10));
  await store.flush();
  expect(acknowledged).toEqual(readings(15));
  await store.close();
});

it("loses nothing when it ends while the server is away, and sends it first at the next start", async () => {
  const port = await stopServer();
  const { store } = await open();
  store.write(readings(10));
  await store.close();
  expect(store.stats).toMatchObject({ written: 0, pending: 10, lost: 0 });

  const { store: second } = await open({ flushIntervalMs: 1 });
  second.write(readings(10, 10));
  await second.close();
  server = await startInfluxServer(port);
  server.respond(acknowledging());

  const { store: third, found } = await open();
  expect(found).toBe(20);
  third.write(readings(10, 20));
  await third.flush();
  expect(acknowledged).toEqual(readings(30));
  expect(third.stats).toMatchObject({ accepted: 30, written: 30, pending: 0, lost: 0 });
  await third.close();
});

it("does not wait for a server that hangs when it ends", async () => {
  const hanging = await startInfluxServer(); // one of its own: what is on its way may arrive after the end
  const { store } = await open({ url: hanging.url, timeoutMs: 3_600_000, closeTimeoutMs: 1 });
  hanging.respond(() => "hang");
  store.write(readings(3));
  await store.close();
  expect(store.stats).toMatchObject({ written: 0, pending: 3, lost: 0 });
  const { store: next } = await open();
  await next.flush();
  expect(acknowledged).toEqual(readings(3));
  await next.close();
  await hanging.close();
});

it("has on disk what came while it was sending, before that is sent", async () => {
  const hanging = await startInfluxServer();
  const { store } = await open({ url: hanging.url, timeoutMs: 3_600_000, closeTimeoutMs: 1 });
  let writes = 0;
  hanging.respond(({ path }) => {
    if (path !== writePath || ++writes > 1) return "hang";
    store.write(readings(2, 3));
    return { status: 204 };
  });
  store.write(readings(3));
  const flushed = store.flush().catch(() => undefined);
  await hanging.request(writePath, 2);
  await store.close();
  await flushed;
  expect(store.stats).toMatchObject({ written: 3, pending: 2, lost: 0 });
  const { store: next } = await open();
  await next.flush();
  expect(acknowledged).toEqual(readings(2, 3));
  await next.close();
  await hanging.close();
});

it("gives up the oldest points beyond its bound, and counts them", async () => {
  const port = await stopServer();
  const { store } = await open({ maxQueuedPoints: 20, batchSize: 10, minRetryDelayMs: 3_600_000 });
  store.write(readings(10)); // on their way
  for (let i = 1; i < 5; i++) store.write(readings(10, i * 10));
  expect(store.stats).toMatchObject({ accepted: 50, pending: 30, lossesByReason: { "buffer-full": 20 } });
  expect(problems.filter(({ reason }) => reason === "buffer-full").map(({ points }) => points)).toEqual([
    10, 10,
  ]);
  await expect(store.close()).rejects.toThrow(/^20 points are lost: /);
  server = await startInfluxServer(port);
  server.respond(acknowledging());
  const { store: next } = await open();
  await next.flush();
  expect(acknowledged).toEqual([...readings(10), ...readings(20, 30)]);
  await next.close();
});

it("goes on in memory, and says why, where the disk cannot be used", async () => {
  writeFileSync(join(folder, "file"), "");
  const { store } = await open({ queueFile: join(folder, "file", "queue.db") });
  server.respond(acknowledging("reset", { status: 503, body: "no" }));
  store.write(readings(10));
  await store.flush();
  expect(acknowledged).toEqual(readings(10));
  expect(problems[0]).toEqual({
    reason: "memory-only",
    points: 0,
    message: expect.stringMatching(
      /wait in memory alone: .*queue\.db cannot be created: a part of its folder is a file$/,
    ),
  });
  await store.close();
});

it.each([
  ["a token that is refused", 401, "unauthorized"],
  ["a bucket that is missing", 404, "not-found"],
])("does not start with %s", async (_, status, code) => {
  server.respond((request) =>
    request.path === "/api/v2/query" ? { status, body: { code: "x", message: "no" } } : healthy(request),
  );
  await expect(open()).rejects.toMatchObject({ code });
});

/** Runs the writing process until it has written. */
async function killedAfterWriting(batches: number, batchSize: number, rest: number): Promise<void> {
  const program = fileURLToPath(new URL("./testing/writing-process.ts", import.meta.url));
  const counts = [batches, batchSize, rest].map(String);
  const child = spawn(process.execPath, ["--import", "tsx", program, server.url, queueFile, ...counts], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  expect(await exit).toEqual([null, "SIGKILL"]);
}

it("loses what was written in the last flush interval, and nothing else, when it is killed while the server is away", async () => {
  const port = await stopServer();
  await killedAfterWriting(40, 50, 49);
  server = await startInfluxServer(port);
  server.respond(acknowledging());
  const { store, found } = await open();
  expect(found).toBe(2_000);
  store.write(readings(1, 5_000));
  await store.flush();
  expect(acknowledged).toEqual([...readings(2_000), ...readings(1, 5_000)]);
  await store.close();
});

it("loses nothing that was on its way when it is killed", async () => {
  const stuck: ReturnType<Responder>[] = ["hang"];
  server.respond(acknowledging({ status: 503, body: "no" }, ...stuck));
  await killedAfterWriting(8, 25, 0);
  server.respond(acknowledging());
  const { store } = await open();
  await store.flush();
  expect(acknowledged).toEqual(readings(200));
  await store.close();
});
