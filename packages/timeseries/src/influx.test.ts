import type { Point } from "@azru/contracts";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { type InfluxStoreOptions, openInfluxStore } from "./influx.ts";
import { sortSeries } from "./series-order.ts";
import type { FieldValue, Series, TimeSeriesStore, WriteProblem } from "./store.ts";
import { annotatedCsv } from "./testing/annotated-csv.ts";
import {
  type Answer,
  healthy,
  type InfluxServer,
  type Responder,
  startInfluxServer,
} from "./testing/influx-server.ts";
import { parseLines } from "./testing/line-protocol.ts";
import { arbitraryPoints } from "./testing/points.ts";

const writePath = "/api/v2/write";
const queryPath = "/api/v2/query";
const t0 = Date.UTC(2026, 1, 1);

let server: InfluxServer;
beforeEach(async () => {
  server = await startInfluxServer();
});
afterEach(() => server.close());

async function open(options: Partial<InfluxStoreOptions> = {}): Promise<TimeSeriesStore> {
  return openInfluxStore({
    url: server.url,
    token: "secret",
    org: "azru",
    bucket: "home-energy",
    minRetryDelayMs: 1,
    ...options,
  });
}

function readings(count: number, first = 0): Point[] {
  return Array.from({ length: count }, (_, i) => ({
    measurement: "sensors",
    tags: { location: "living-room" },
    fields: { temperature: 19 + first + i },
    timeMs: t0 + first + i,
  }));
}

/** Answers the first writes as given, in turn, and the others as a healthy server. */
function writesAnswered(...answers: ReturnType<Responder>[]): Responder {
  return (request) => (request.path === writePath ? (answers.shift() ?? healthy(request)) : healthy(request));
}

/** The points of all writes, or of those from a request on. */
function written(from = 0): Point[] {
  return server.requests
    .slice(from)
    .filter(({ path }) => path === writePath)
    .flatMap(({ body }) => parseLines(body));
}

const unavailable: Answer = { status: 503, body: { code: "unavailable", message: "starting up" } };

describe("writing to InfluxDB", () => {
  it("sends compressed line protocol with the token, to organisation and bucket, in milliseconds", async () => {
    const store = await open();
    store.write([
      {
        measurement: "room sensors",
        tags: { location: "living room", run: "a=b,c" },
        fields: { temperature: 19, "valve position": 40.5, on: true, note: 'say "hi"\n\\' },
        timeMs: t0,
      },
      ...readings(100),
    ]);
    await store.flush();
    await store.close();
    const request = await server.request(writePath, 1);
    expect(request.parameters).toEqual({ org: "azru", bucket: "home-energy", precision: "ms" });
    expect(request.headers).toMatchObject({ authorization: "Token secret", "content-encoding": "gzip" });
    expect(request.body.split("\nsensors")[0]).toBe(
      String.raw`room\ sensors,location=living\ room,run=a\=b\,c ` +
        `note="say \\"hi\\"\n\\\\",on=T,temperature=19,valve\\ position=40.5 ${t0}`,
    );
  });

  it("writes line protocol from which any name, tag, text and number is read exactly", async () => {
    const store = await open();
    await fc.assert(
      fc.asyncProperty(arbitraryPoints(), async (points) => {
        const before = server.requests.length;
        store.write(points);
        await store.flush();
        expect(written(before)).toEqual(points);
      }),
      { numRuns: 100 },
    );
    await store.close();
  });

  it("sends full batches at once, and the rest by the flush, in order", async () => {
    const store = await open({ batchSize: 10, flushIntervalMs: 3_600_000 });
    store.write(readings(25));
    await server.request(writePath, 2);
    await store.flush();
    expect(
      server.requests.filter(({ path }) => path === writePath).map(({ body }) => parseLines(body).length),
    ).toEqual([10, 10, 5]);
    expect(written()).toEqual(readings(25));
    expect(store.stats).toMatchObject({ accepted: 25, written: 25, pending: 0, lost: 0 });
    await store.close();
  });

  it("sends what is pending when the interval has passed, without a flush", async () => {
    const store = await open({ flushIntervalMs: 1 });
    store.write(readings(3));
    const { body } = await server.request(writePath, 1);
    expect(parseLines(body)).toEqual(readings(3));
    await store.close();
  });

  it("waits as long as Retry-After asks, in seconds, before it sends a batch again", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    let failed: () => void;
    const failure = new Promise<void>((resolve) => {
      failed = resolve;
    });
    const store = await open({ onProblem: () => failed() });
    server.respond(writesAnswered({ ...unavailable, headers: { "retry-after": "7" } }));
    store.write(readings(3));
    const flushed = store.flush();
    await failure;
    await vi.advanceTimersByTimeAsync(6_990);
    await store.query({ measurement: "sensors", startMs: 0, stopMs: 1 }); // a write would have come before it
    expect(written().length).toBe(3);
    await vi.advanceTimersByTimeAsync(20);
    await flushed;
    expect(written()).toEqual([...readings(3), ...readings(3)]);
    expect(store.stats).toMatchObject({ written: 3, pending: 0, lost: 0 });
    await store.close();
  });

  it.each<[string, ReturnType<Responder>]>([
    ["an answer 503", unavailable],
    ["an answer 429", { status: 429, body: { code: "too many requests", message: "slow down" } }],
    ["an answer 500 that is no JSON", { status: 500, body: "<html>oops</html>" }],
    ["a cut connection", "reset"],
  ])("repeats a batch after %s, keeps the order, and reports it", async (_, answer) => {
    const problems: WriteProblem[] = [];
    const store = await open({ batchSize: 2, onProblem: (problem) => problems.push(problem) });
    server.respond(writesAnswered(answer, answer));
    store.write(readings(6));
    await store.flush();
    expect(written().slice(-6)).toEqual(readings(6));
    expect(store.stats).toMatchObject({ written: 6, pending: 0, lost: 0 });
    expect(problems.map(({ reason, points }) => [reason, points])).toEqual([
      ["retrying", 6],
      ["retrying", 6],
    ]);
    await store.close();
  });

  it("fails a flush at once where the token is refused, keeps the points, and sends them when it is accepted", async () => {
    const store = await open();
    server.respond(
      writesAnswered({ status: 401, body: { code: "unauthorized", message: "unauthorized access" } }),
    );
    store.write(readings(2));
    await expect(store.flush()).rejects.toMatchObject({
      code: "unauthorized",
      message: `2 points are still waiting: InfluxDB ${server.url}, bucket home-energy refuses the token (HTTP 401: unauthorized access)`,
    });
    await store.flush();
    expect(written().slice(-2)).toEqual(readings(2));
    expect(store.stats).toMatchObject({ written: 2, pending: 0, lost: 0 });
    await store.close();
  });

  it("counts the points that the server leaves out of a batch", async () => {
    const problems: WriteProblem[] = [];
    const store = await open({ onProblem: (problem) => problems.push(problem) });
    const message =
      'failure writing points to database: partial write: field type conflict: input field "temperature" on ' +
      'measurement "sensors" is type string, already exists as type float dropped=1';
    server.respond(writesAnswered({ status: 422, body: { code: "unprocessable entity", message } }));
    store.write(readings(3));
    await expect(store.flush()).rejects.toThrow(/^1 point is lost: .*HTTP 422.*field type conflict/);
    await store.flush();
    expect(store.stats).toMatchObject({ written: 2, pending: 0, lost: 1, lossesByReason: { rejected: 1 } });
    expect(problems.map(({ reason, points }) => [reason, points])).toEqual([["rejected", 1]]);
    await store.close();
  });

  describe("counts the points that the server leaves out of several shards, of which it names the first", () => {
    const dayMs = 86_400_000;
    const conflict = ({ body }: { body: string }): Answer => {
      const refused = parseLines(body).filter(({ fields }) => fields.temperature === "warm");
      const [first] = refused;
      if (!first) return { status: 204 };
      const weekOf = ({ timeMs }: Point): number => Math.floor((timeMs - monday) / (7 * dayMs));
      const dropped = refused.filter((point) => weekOf(point) === weekOf(first)).length;
      const message =
        "failure writing points to database: partial write: field type conflict: input field " +
        `"temperature" on measurement "a dropped=7" is type string, already exists as type float dropped=${dropped}`;
      return { status: 422, body: { code: "unprocessable entity", message } };
    };
    const monday = Date.UTC(2026, 0, 26);
    const points = [0, 1, 6.9, 7, 13, 14, 20].flatMap((day): Point[] => {
      const at = { measurement: "a dropped=7", tags: {}, timeMs: monday + day * dayMs };
      return [
        { ...at, fields: { temperature: day } },
        { ...at, timeMs: at.timeMs + 1, fields: { temperature: day < 14 ? "warm" : day } },
      ];
    });

    it.each<[string, Responder, number]>([
      ["by the weeks that its bucket has", healthy, 4],
      [
        "by the hour where it has none",
        () => ({ status: 403, body: { code: "forbidden", message: "no" } }),
        8,
      ],
    ])("%s", async (_, bucket, requests) => {
      const store = await open();
      server.respond((request) => {
        if (request.path === writePath) return conflict(request);
        return request.path === "/api/v2/buckets" ? bucket(request) : healthy(request);
      });
      store.write(points);
      await expect(store.flush()).rejects.toThrow(/^5 points are lost: .*field type conflict/);
      expect(store.stats).toMatchObject({ written: 9, pending: 0, lost: 5, lossesByReason: { rejected: 5 } });
      expect(server.requests.filter(({ path }) => path === writePath).length).toBe(requests);
      await store.close();
    });
  });

  it("gives up the one point that spoils a batch, and repeats neither it nor the others", async () => {
    const problems: WriteProblem[] = [];
    const store = await open({ batchSize: 5, onProblem: (problem) => problems.push(problem) });
    const acknowledged: Point[] = [];
    server.respond((request) => {
      if (request.path !== writePath) return healthy(request);
      const points = parseLines(request.body);
      if (points.some(({ timeMs }) => timeMs === t0 + 6))
        return { status: 400, body: { code: "invalid", message: "unable to parse" } };
      acknowledged.push(...points);
      return { status: 204 };
    });
    store.write(readings(12));
    await expect(store.flush()).rejects.toThrow(/^1 point is lost: .*HTTP 400: unable to parse/);
    expect(acknowledged).toEqual(readings(12).filter(({ timeMs }) => timeMs !== t0 + 6));
    expect(store.stats).toMatchObject({ written: 11, pending: 0, lossesByReason: { rejected: 1 } });
    expect(problems.map(({ reason, points }) => [reason, points])).toEqual([["rejected", 1]]);
    await store.close();
  });

  it("sends what is too large for one request in smaller ones", async () => {
    const store = await open();
    server.respond((request) =>
      request.path === writePath && parseLines(request.body).length > 3
        ? { status: 413, body: { code: "request too large", message: "too large" } }
        : healthy(request),
    );
    store.write(readings(10));
    await store.flush();
    const taken = server.requests.filter(
      ({ path, body }) => path === writePath && parseLines(body).length <= 3,
    );
    expect(taken.flatMap(({ body }) => parseLines(body))).toEqual(readings(10));
    expect(store.stats).toMatchObject({ written: 10, pending: 0, lost: 0 });
    await store.close();
  });

  it("keeps the latest points within the limit while the server is away, and counts the others", async () => {
    const problems: WriteProblem[] = [];
    const store = await open({
      batchSize: 10,
      maxPendingPoints: 20,
      onProblem: (problem) => problems.push(problem),
    });
    server.respond(writesAnswered("reset", "reset", "reset"));
    store.write(readings(10)); // on their way
    store.write(readings(30, 10));
    await expect(store.flush()).rejects.toThrow(/^10 points are lost: /);
    expect(written().slice(-20)).toEqual(readings(20, 20));
    expect(store.stats).toMatchObject({
      accepted: 40,
      written: 30,
      pending: 0,
      lossesByReason: { "buffer-full": 10 },
    });
    expect(problems.filter(({ reason }) => reason === "buffer-full").map(({ points }) => points)).toEqual([
      10,
    ]);
    await store.close();
  });

  it("does not wait longer for a server that hangs than it may, closes the connection, and keeps the points", async () => {
    const store = await open({ timeoutMs: 400, flushTimeoutMs: 1_000 });
    server.respond((request) => (request.path === writePath ? "hang" : healthy(request)));
    store.write(readings(1));
    await expect(store.flush()).rejects.toThrow(
      /^1 point is still waiting: InfluxDB .* does not answer in time$/,
    );
    expect(store.stats).toMatchObject({ pending: 1, lost: 0 });
    await server.request(writePath, 3);
    expect(server.connections).toBeLessThanOrEqual(2);
    server.respond(healthy);
    await server.request(writePath, 4);
    await store.flush();
    expect(store.stats).toMatchObject({ written: 1, pending: 0, lost: 0 });
    await store.close();
  });

  it("tries once more when it is closed, and says what is lost then", async () => {
    let failed: () => void;
    const failure = new Promise<void>((resolve) => {
      failed = resolve;
    });
    const store = await open({ minRetryDelayMs: 3_600_000, batchSize: 2, onProblem: () => failed() });
    server.respond(writesAnswered(unavailable, unavailable));
    store.write(readings(4));
    await failure;
    await expect(store.close()).rejects.toThrow(/^4 points are lost: .*HTTP 503: starting up/);
    expect(written()).toEqual([...readings(2), ...readings(2)]);
    expect(store.stats).toMatchObject({ written: 0, pending: 0, lossesByReason: { closed: 4 } });
  });

  it("takes points that are written as soon as a flush ends", async () => {
    const store = await open({ flushIntervalMs: 3_600_000 });
    for (let i = 0; i < 5; i++) {
      store.write(readings(1, i));
      await store.flush();
    }
    expect(written()).toEqual(readings(5));
    await store.close();
  });
});

describe("reading from InfluxDB", () => {
  function answerQueries(body: string): void {
    server.respond((request) => (request.path === queryPath ? { body } : healthy(request)));
  }

  it("reads the answer to a query, tables of several kinds and tag sets", async () => {
    const store = await open();
    answerQueries(
      [
        "#datatype,string,long,dateTime:RFC3339,double,string,string,string",
        "#group,false,false,false,false,true,true,true",
        "#default,_result,,,,,,",
        ",result,table,_time,_value,_field,_measurement,location",
        ",,0,2026-02-01T00:15:00Z,19.25,temperature,sensors,living-room",
        ",,0,2026-02-01T00:30:00.123456789Z,19.5,temperature,sensors,living-room",
        ",,1,2026-02-01T00:15:00Z,17,temperature,sensors,attic",
        "",
        "#datatype,string,long,dateTime:RFC3339,string,string,string,string,string",
        "#group,false,false,false,false,true,true,true,true",
        "#default,_result,,,,,,,",
        ",result,table,_time,_value,_field,_measurement,location,run",
        ',,2,2026-02-01T00:15:00Z,"say ""hi"", twice\r\nand again",note,sensors,living-room,r1',
        "",
        "",
      ].join("\r\n"),
    );
    const series = await store.query({ measurement: "sensors", startMs: t0, stopMs: t0 + 86_400_000 });
    expect(series).toEqual<Series[]>([
      {
        measurement: "sensors",
        tags: { location: "attic" },
        field: "temperature",
        timesMs: [t0 + 900_000],
        values: [17],
      },
      {
        measurement: "sensors",
        tags: { location: "living-room" },
        field: "temperature",
        timesMs: [t0 + 900_000, t0 + 1_800_123],
        values: [19.25, 19.5],
      },
      {
        measurement: "sensors",
        tags: { location: "living-room", run: "r1" },
        field: "note",
        timesMs: [t0 + 900_000],
        values: ['say "hi", twice\nand again'],
      },
    ]);
    await store.close();
  });

  it("reads any name, tag, text and number exactly", async () => {
    const store = await open();
    await fc.assert(
      fc.asyncProperty(arbitraryPoints(), async (points) => {
        const expected = sortSeries(seriesOf(points));
        answerQueries(annotatedCsv(expected));
        const { measurement } = points[0];
        expect(await store.query({ measurement, startMs: 0, stopMs: 1 })).toEqual(expected);
      }),
      { numRuns: 100 },
    );
    await store.close();
  });

  it("names a window by its start, cut to the range or not", async () => {
    const store = await open();
    const head = { measurement: "sensors", tags: {}, field: "temperature" };
    answerQueries(annotatedCsv([{ ...head, timesMs: [t0 - 500, t0 + 1_000], values: [1, 2] }]));
    const range = { startMs: t0 - 500, stopMs: t0 + 2_000 };
    const [series] = await store.query({ measurement: "sensors", ...range, everyMs: 1_000 });
    expect(series.timesMs).toEqual([t0 - 500, t0 + 1_000]);
    await store.close();
  });

  it("fails where the answer turns into an error halfway", async () => {
    const store = await open();
    answerQueries(
      "#datatype,string,string\r\n#group,true,true\r\n#default,,\r\n,error,reference\r\n" +
        ",runtime error: out of memory,897\r\n\r\n",
    );
    const range = { startMs: t0, stopMs: t0 + 1 };
    await expect(store.query({ measurement: "sensors", ...range })).rejects.toThrow(
      /bucket home-energy failed: runtime error: out of memory$/,
    );
    await store.close();
  });

  it("lists latest values and tag values, sorted", async () => {
    const store = await open();
    const head = { measurement: "sensors", field: "temperature", timesMs: [t0], values: [19.5] };
    answerQueries(
      annotatedCsv([
        { ...head, tags: { location: "b" } },
        { ...head, tags: { location: "a" } },
      ]),
    );
    expect(await store.last({ measurement: "sensors" })).toEqual([
      { measurement: "sensors", tags: { location: "a" }, field: "temperature", timeMs: t0, value: 19.5 },
      { measurement: "sensors", tags: { location: "b" }, field: "temperature", timeMs: t0, value: 19.5 },
    ]);
    answerQueries(
      "#datatype,string,long,string\r\n#group,false,false,false\r\n#default,_result,,\r\n,result,table,_value\r\n" +
        ",,0,r2\r\n,,0,r1\r\n\r\n",
    );
    expect(await store.tagValues("sensors", "run")).toEqual(["r1", "r2"]);
    await store.close();
  });

  it.each<[string, ReturnType<Responder>, RegExp]>([
    [
      "401",
      { status: 401, body: { message: "unauthorized access" } },
      /refuses the token \(HTTP 401: unauthorized/,
    ],
    [
      "404",
      { status: 404, body: { message: 'bucket "x" not found' } },
      /has no such organisation or bucket \(HTTP 404/,
    ],
    ["503", unavailable, /cannot serve now \(HTTP 503: starting up\)/],
    ["a cut connection", "reset", /is unreachable \(ECONNRESET\)/],
    ["silence", "hang", /does not answer in time/],
  ])("says in one line what is wrong after %s", async (_, answer, message) => {
    const store = await open({ timeoutMs: 700 });
    server.respond(() => answer);
    const error: unknown = await store
      .query({ measurement: "sensors", startMs: t0, stopMs: t0 + 1 })
      .catch((reason: unknown) => reason);
    expect(String(error)).toMatch(message);
    expect(String(error)).toMatch(/^StoreError: InfluxDB http:.*, bucket home-energy [^\n]*$/);
    await store.close();
  });

  /** The series of points, as a store gives them. */
  function seriesOf(points: readonly Point[]): Series[] {
    const series = new Map<string, Series & { timesMs: number[]; values: FieldValue[] }>();
    for (const { measurement, tags, fields, timeMs } of points) {
      for (const [field, value] of Object.entries(fields)) {
        const key = JSON.stringify([Object.entries(tags).sort(), field]);
        const known = series.get(key) ?? { measurement, tags, field, timesMs: [], values: [] };
        known.timesMs.push(timeMs);
        known.values.push(value);
        series.set(key, known);
      }
    }
    return [...series.values()];
  }
});

describe("purging an InfluxDB", () => {
  it("deletes by measurement, tags and range, the stop not included", async () => {
    const store = await open();
    store.write(readings(1));
    await store.purge({
      measurement: "sensors",
      tags: { run: 'say "r"', mode: "mpc" },
      startMs: t0,
      stopMs: t0 + 1_000,
    });
    const { parameters, body } = await server.request("/api/v2/delete", 1);
    expect(parameters).toEqual({ org: "azru", bucket: "home-energy" });
    expect(JSON.parse(body)).toEqual({
      start: "2026-02-01T00:00:00.000Z",
      stop: "2026-02-01T00:00:00.999999999Z",
      predicate: '_measurement="sensors" AND "run"="say \\"r\\"" AND "mode"="mpc"',
    });
    expect(server.requests.map(({ path }) => path).slice(-2)).toEqual([writePath, "/api/v2/delete"]);
    await store.close();
  });

  it("waits longer for a purge than for other answers", async () => {
    let purged: (answer: Answer) => void = () => {};
    const deletion = new Promise<Answer>((resolve) => {
      purged = resolve;
    });
    const store = await open({ timeoutMs: 300 });
    server.respond(({ path }) => (path === "/api/v2/delete" ? deletion : "hang"));
    const purge = store.purge({ measurement: "sensors" });
    await server.request("/api/v2/delete", 1);
    await expect(store.tagValues("sensors", "run")).rejects.toThrow(/does not answer in time$/);
    purged({ status: 204 });
    await expect(purge).resolves.toBeUndefined();
    await store.close();
  });

  it("deletes everything of all time where nothing is given", async () => {
    const store = await open();
    await store.purge({});
    const { body } = await server.request("/api/v2/delete", 1);
    expect(JSON.parse(body)).toEqual({
      start: "1678-01-01T00:00:00.000Z",
      stop: "2261-12-31T23:59:59.999999999Z",
    });
    await store.close();
  });

  it("refuses a name that would reach beyond its quotes", async () => {
    const store = await open();
    await expect(store.purge({ tags: { run: 'x\\" OR "mode"="mpc' } })).rejects.toThrow(/backslash/);
    expect(server.requests.some(({ path }) => path === "/api/v2/delete")).toBe(false);
    await store.close();
  });
});
