/** What every store promises; run on the embedded store, and on an InfluxDB where one is given. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Point } from "@azru/contracts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEmbeddedStore } from "./embedded.ts";
import { openInfluxStore } from "./influx.ts";
import { maxTimeMs, minTimeMs } from "./point-rules.ts";
import type { Aggregate, Series, SeriesQuery, TimeSeriesStore } from "./store.ts";
import { createInfluxBucket } from "./testing/influx-bucket.ts";
import { arbitraryPoints } from "./testing/points.ts";
import { thinned } from "./thin.ts";

const hour = 3_600_000;
const day = 24 * hour;
const t0 = Date.UTC(2026, 1, 1);

const {
  AZRU_TEST_INFLUXDB_URL: influxUrl,
  AZRU_TEST_INFLUXDB_TOKEN: token = "",
  AZRU_TEST_INFLUXDB_ORG: org = "azru",
} = process.env;

interface Backend {
  readonly name: string;
  readonly absent: boolean;
  /** Of random points. */
  readonly times: { readonly min: number; readonly max: number };
  /** Makes a place for one store, which `open` opens. */
  setUp(): Promise<{ open(): Promise<TimeSeriesStore>; tearDown(): Promise<void> }>;
}

const backends: Backend[] = [
  {
    name: "embedded file",
    absent: false,
    times: { min: minTimeMs, max: maxTimeMs - 1 },
    async setUp() {
      const folder = mkdtempSync(join(tmpdir(), "azru-store-"));
      return {
        open: async () => openEmbeddedStore({ filePath: join(folder, "contract.db") }),
        tearDown: async () => rmSync(folder, { recursive: true }),
      };
    },
  },
  {
    name: influxUrl ? "InfluxDB" : "InfluxDB (skipped: AZRU_TEST_INFLUXDB_URL is not set)",
    absent: !influxUrl,
    times: { min: t0, max: t0 + 15 * day }, // every week of another time would cost the server a shard
    async setUp() {
      const bucket = await createInfluxBucket(influxUrl!, token, org);
      return {
        open: () => openInfluxStore({ url: influxUrl!, token, org, bucket: bucket.name }),
        tearDown: () => bucket.drop(),
      };
    },
  },
];

for (const { name, absent, times, setUp } of backends) {
  describe.skipIf(absent)(`store contract: ${name}`, () => {
    let open: () => Promise<TimeSeriesStore>;
    let tearDown: () => Promise<void>;
    let store: TimeSeriesStore;
    beforeAll(async () => {
      ({ open, tearDown } = await setUp());
      store = await open();
    });
    afterAll(async () => {
      await store.close();
      await tearDown();
    });

    /** A name that no other test has used. */
    function freshMeasurement(): string {
      return `test-${randomUUID()}`;
    }

    async function given(points: readonly Point[]): Promise<void> {
      store.write(points);
      await store.flush();
    }

    function withFreshMeasurements(points: readonly Point[]): Point[] {
      const names = new Map<string, string>();
      return points.map((point) => {
        const name = names.get(point.measurement) ?? freshMeasurement() + point.measurement;
        names.set(point.measurement, name);
        return { ...point, measurement: name };
      });
    }

    /** All that the store holds of the measurements of points. */
    async function valuesOfMeasurements(points: readonly Point[]): Promise<Row[]> {
      const series: Series[] = [];
      for (const measurement of new Set(points.map((point) => point.measurement)))
        series.push(...(await store.query({ measurement, ...all })));
      return valuesOfSeries(series);
    }

    function readings(measurement: string, values: readonly number[], stepMs: number, tags = {}): Point[] {
      return values.map((value, i) => ({
        measurement,
        tags: { location: "living-room", ...tags },
        fields: { temperature: value },
        timeMs: t0 + i * stepMs,
      }));
    }

    const all = { startMs: minTimeMs, stopMs: maxTimeMs };

    it("gives back what was written, one series a tag set and field, in order of time", async () => {
      const measurement = freshMeasurement();
      await given([
        {
          measurement,
          tags: { location: "b" },
          fields: { mode: "mpc", valve: 40, on: true },
          timeMs: t0 + 1,
        },
        { measurement, tags: { location: "a" }, fields: { valve: 12.5 }, timeMs: t0 + 2 },
        { measurement, tags: { location: "b" }, fields: { valve: 0 }, timeMs: t0 },
      ]);
      expect(await store.query({ measurement, ...all })).toEqual<Series[]>([
        { measurement, tags: { location: "a" }, field: "valve", timesMs: [t0 + 2], values: [12.5] },
        { measurement, tags: { location: "b" }, field: "mode", timesMs: [t0 + 1], values: ["mpc"] },
        { measurement, tags: { location: "b" }, field: "on", timesMs: [t0 + 1], values: [true] },
        { measurement, tags: { location: "b" }, field: "valve", timesMs: [t0, t0 + 1], values: [0, 40] },
      ]);
    });

    it("gives back any name, tag, text and number exactly", async () => {
      await fc.assert(
        fc.asyncProperty(several(arbitraryPoints(times)), async (cases) => {
          const renamed = cases.map(withFreshMeasurements);
          await given(renamed.flat());
          for (const points of renamed)
            expect(await valuesOfMeasurements(points)).toEqual(valuesOfPoints(points));
        }),
        { numRuns: 8 },
      );
    });

    it("overwrites the fields that a later point of the same series and time has, and keeps the others", async () => {
      const measurement = freshMeasurement();
      const at = { measurement, tags: { location: "a" }, timeMs: t0 };
      await given([{ ...at, fields: { valve: 10, power: 450 } }]);
      await given([
        { ...at, fields: { valve: 20 } },
        { ...at, fields: { valve: 30, mode: "mpc" } },
      ]);
      const series = await store.query({ measurement, ...all });
      expect(series.map(({ field, values }) => [field, values])).toEqual([
        ["mode", ["mpc"]],
        ["power", [450]],
        ["valve", [30]],
      ]);
    });

    it("includes the start of a range and excludes its end", async () => {
      const measurement = freshMeasurement();
      await given(readings(measurement, [1, 2, 3], hour));
      const [series] = await store.query({ measurement, startMs: t0 + hour, stopMs: t0 + 2 * hour });
      expect(series.values).toEqual([2]);
    });

    it("selects fields, tags and absent tags", async () => {
      const measurement = freshMeasurement();
      await given([
        ...readings(measurement, [1], hour),
        ...readings(measurement, [2], hour, { run: "r1" }),
        ...readings(measurement, [3], hour, { run: "r2", location: "attic" }),
        { measurement, tags: { location: "living-room" }, fields: { power: 100 }, timeMs: t0 },
      ]);
      const values = async (selection: object): Promise<unknown[]> =>
        (await store.query({ measurement, ...all, ...selection })).flatMap((series) => series.values);
      expect(await values({ fields: ["temperature"] })).toEqual([3, 1, 2]);
      expect(await values({ fields: ["power", "temperature"], tags: { run: null } })).toEqual([100, 1]);
      expect(await values({ tags: { run: "r2" } })).toEqual([3]);
      expect(await values({ tags: { run: "r1", location: "attic" } })).toEqual([]);
      expect(await values({ fields: ["humidity"] })).toEqual([]);
    });

    it("keeps the latest values within a limit", async () => {
      const measurement = freshMeasurement();
      await given(readings(measurement, [1, 2, 3, 4], hour));
      const [series] = await store.query({ measurement, ...all, limit: 2 });
      expect(series.values).toEqual([3, 4]);
      const [windows] = await store.query({
        measurement,
        ...all,
        everyMs: 2 * hour,
        aggregate: "sum",
        limit: 1,
      });
      expect([windows.timesMs, windows.values]).toEqual([[t0 + 2 * hour], [7]]);
    });

    it.each([
      ["mean", [2, 5]],
      ["min", [1, 4]],
      ["max", [3, 6]],
      ["sum", [6, 15]],
      ["last", [3, 6]],
    ] as const)("sums up windows by %s", async (aggregate, expected) => {
      const measurement = freshMeasurement();
      await given(readings(measurement, [1, 2, 3, 4, 5, 6], hour));
      const range = { startMs: t0, stopMs: t0 + 6 * hour };
      const [series] = await store.query({ measurement, ...range, everyMs: 3 * hour, aggregate });
      expect([series.timesMs, series.values]).toEqual([[t0, t0 + 3 * hour], expected]);
    });

    it("aligns windows to the epoch, cuts the first to the range and leaves out empty ones", async () => {
      const measurement = freshMeasurement();
      const beforeEpoch = -2.5 * hour;
      await given(
        [beforeEpoch, -1, 0, 5.5 * hour].map((timeMs, i) => ({
          measurement,
          tags: {},
          fields: { value: i },
          timeMs,
        })),
      );
      const range = { startMs: beforeEpoch, stopMs: 6 * hour };
      const [series] = await store.query({ measurement, ...range, everyMs: hour });
      expect(series.timesMs).toEqual([beforeEpoch, -hour, 0, 5 * hour]);
      expect(series.values).toEqual([0, 1, 2, 3]);
    });

    it("sums up any values in any windows as a plain loop does", async () => {
      const windowing = fc.record({
        readings: fc.array(
          fc.record({
            offset: fc.integer({ min: -5_000, max: 5_000 }),
            value: fc.integer({ min: -50, max: 50 }),
          }),
          { minLength: 1, maxLength: 40 },
        ),
        startMs: fc.integer({ min: -6_000, max: 0 }),
        stopMs: fc.integer({ min: 1, max: 6_000 }),
        everyMs: fc.integer({ min: 1, max: 3_000 }),
      });
      await fc.assert(
        fc.asyncProperty(several(windowing), async (drawn) => {
          const cases = drawn.map((windowing) => ({ ...windowing, measurement: freshMeasurement() }));
          await given(
            cases.flatMap(({ measurement, readings }) =>
              readings.map(({ offset, value }) => ({
                measurement,
                tags: {},
                fields: { value },
                timeMs: offset,
              })),
            ),
          );
          for (const { readings, ...windows } of cases) {
            for (const aggregate of ["mean", "last", "min", "max", "sum"] as const) {
              const query = { ...windows, aggregate };
              const [series] = await store.query(query);
              const expected = windowsByHand(readings, query);
              expect(series?.timesMs ?? []).toEqual([...expected.keys()]);
              for (const [i, value] of [...expected.values()].entries()) {
                expect(series.values[i]).toBeCloseTo(value, 9);
              }
            }
          }
        }),
        { numRuns: 5 },
      );
    });

    it("takes text and booleans by `last` only", async () => {
      const measurement = freshMeasurement();
      const fields = [
        { mode: "mpc", on: true, valve: 1 },
        { mode: "manual", on: false, valve: 2 },
      ];
      await given(fields.map((f, i) => ({ measurement, tags: {}, fields: f, timeMs: t0 + i })));
      const query = { measurement, startMs: t0, stopMs: t0 + hour, everyMs: hour };
      expect((await store.query({ ...query, aggregate: "last" })).map((s) => s.values)).toEqual([
        ["manual"],
        [false],
        [2],
      ]);
      expect((await store.query(query)).map((s) => [s.field, s.values])).toEqual([["valve", [1.5]]]);
    });

    it("finds the latest value of each series and field, in the past and in the future", async () => {
      const measurement = freshMeasurement();
      await given([
        ...readings(measurement, [1, 2, 3], hour),
        {
          measurement,
          tags: { location: "attic" },
          fields: { temperature: 9 },
          timeMs: Date.UTC(1999, 0, 1),
        },
        { measurement, tags: { location: "attic" }, fields: { mode: "mpc" }, timeMs: Date.UTC(2199, 0, 1) },
      ]);
      expect(
        (await store.last({ measurement })).map((l) => [l.tags.location, l.field, l.value, l.timeMs]),
      ).toEqual([
        ["attic", "mode", "mpc", Date.UTC(2199, 0, 1)],
        ["attic", "temperature", 9, Date.UTC(1999, 0, 1)],
        ["living-room", "temperature", 3, t0 + 2 * hour],
      ]);
      const one = await store.last({ measurement, tags: { location: "attic" }, fields: ["temperature"] });
      expect(one.map((l) => l.value)).toEqual([9]);
    });

    it("lists the values of a tag, sorted, and only of points that exist", async () => {
      const measurement = freshMeasurement();
      await given(["r2", "r1", "r2", "r3"].flatMap((run) => readings(measurement, [1, 2], hour, { run })));
      expect(await store.tagValues(measurement, "run")).toEqual(["r1", "r2", "r3"]);
      await store.purge({ measurement, tags: { run: "r2" } });
      expect(await store.tagValues(measurement, "run")).toEqual(["r1", "r3"]);
      expect(await store.tagValues(measurement, "mode")).toEqual([]);
      expect(await store.tagValues(freshMeasurement(), "run")).toEqual([]);
    });

    it("purges what matches measurement, tags and range, and nothing else", async () => {
      const measurement = freshMeasurement();
      const other = freshMeasurement();
      await given([
        ...readings(measurement, [1, 2, 3], hour, { run: 'say "r"' }),
        ...readings(measurement, [4, 5], hour, { run: "r2" }),
        ...readings(other, [6], hour, { run: 'say "r"' }),
      ]);
      const values = async (name: string): Promise<unknown[]> =>
        (await store.query({ measurement: name, ...all })).flatMap((series) => series.values);

      const range = { startMs: t0 + hour, stopMs: t0 + 2 * hour };
      const removed = await store.purge({ measurement, tags: { run: 'say "r"' }, ...range });
      expect([undefined, 1]).toContain(removed);
      expect(await values(measurement)).toEqual([4, 5, 1, 3]);

      await store.purge({ measurement, stopMs: t0 + hour });
      expect(await values(measurement)).toEqual([5, 3]);

      await store.purge({ measurement });
      expect(await values(measurement)).toEqual([]);
      expect(await values(other)).toEqual([6]);
    });

    it("purges exactly the series that carry the tags, whatever the names", async () => {
      await fc.assert(
        fc.asyncProperty(several(arbitraryPoints(times), 4), async (cases) => {
          const renamed = cases.map(withFreshMeasurements);
          await given(renamed.flat());
          for (const points of renamed) {
            const { measurement, tags } = points[0];
            await store.purge({ measurement, tags });
            const others = points.filter(
              (point) =>
                point.measurement !== measurement ||
                Object.entries(tags).some(([tag, value]) => point.tags[tag] !== value),
            );
            expect(await valuesOfMeasurements(points)).toEqual(valuesOfPoints(others));
          }
        }),
        { numRuns: 3 },
      );
    });

    it("purges points that are still pending", async () => {
      const measurement = freshMeasurement();
      store.write(readings(measurement, [1, 2], hour));
      await store.purge({ measurement });
      await store.flush();
      expect(await store.query({ measurement, ...all })).toEqual([]);
    });

    it("gives the points that thin out some series of a range, once or twice alike, and leaves the source", async () => {
      const measurement = freshMeasurement();
      const tags = { location: "living-room" };
      await given([
        ...readings(measurement, [1, 2, 3, 4], hour / 2),
        ...readings(measurement, [10, 20, 30], hour / 2, { run: "r1" }),
        { measurement, tags, fields: { mode: "mpc", on: true, cost: 1 }, timeMs: t0 + 1 },
        { measurement, tags, fields: { mode: "manual", on: false, cost: 2 }, timeMs: t0 + 2 },
      ]);
      const before = await store.query({ measurement, ...all });
      const range = { measurement, startMs: t0, stopMs: t0 + 24 * hour };
      const request = { ...range, tags: { run: null }, everyMs: hour, sums: ["cost"], lasts: [] };
      const points = (await thinned(store, request))!;
      expect(await store.query({ measurement, ...all })).toEqual(before);
      await store.purge(range);
      store.write(points);
      await store.flush();
      const series = await store.query({ measurement, ...all });
      expect(series.map(({ tags, field, timesMs, values }) => [tags, field, timesMs, values])).toEqual([
        [tags, "cost", [t0], [3]],
        [tags, "mode", [t0], ["manual"]],
        [tags, "on", [t0], [false]],
        [tags, "temperature", [t0, t0 + hour], [1.5, 3.5]],
        [{ ...tags, run: "r1" }, "temperature", [t0, t0 + hour / 2, t0 + hour], [10, 20, 30]],
      ]);
      expect(await thinned(store, request)).toBeUndefined();
      await expect(thinned(store, { ...request, startMs: t0 + 1 })).rejects.toThrow(
        /startMs must be a multiple/,
      );
    });

    it("takes points again after a purge", async () => {
      const measurement = freshMeasurement();
      await given(readings(measurement, [1], hour));
      await store.purge({ measurement });
      await given(readings(measurement, [2], hour));
      expect((await store.query({ measurement, ...all })).map((s) => s.values)).toEqual([[2]]);
    });

    it("loses a point whose field holds another kind of value, says so, and keeps the others", async () => {
      const measurement = freshMeasurement();
      await given(readings(measurement, [1], hour));
      const before = store.stats;
      store.write([
        {
          measurement,
          tags: { location: "living-room" },
          fields: { temperature: "warm" },
          timeMs: t0 + hour,
        },
        { measurement, tags: { location: "living-room" }, fields: { temperature: 3 }, timeMs: t0 + 2 * hour },
      ]);
      await expect(store.flush()).rejects.toThrow(/^1 point is lost: .*temperature/);
      await store.flush();
      const after = store.stats;
      expect(after.lossesByReason.rejected - before.lossesByReason.rejected).toBe(1);
      expect(after.written - before.written).toBe(1);
      expect(after.pending).toBe(0);
      expect((await store.query({ measurement, ...all })).map((s) => s.values)).toEqual([[1, 3]]);
    });

    it("counts exactly the points that it loses, wherever in time they are", async () => {
      const measurement = freshMeasurement();
      const weeks = [0, 7, 14, 21].map((days) => t0 + days * day);
      const at = (timeMs: number, temperature: number | string) => ({
        measurement,
        tags: { location: "attic" },
        fields: { temperature },
        timeMs,
      });
      await given(weeks.map((weekMs) => at(weekMs, 1)));
      const before = store.stats;
      const [first, second, third, last] = weeks as [number, number, number, number];
      store.write([
        at(first + 1, "warm"),
        at(first + 2, 2),
        at(first + 3, "warm"),
        at(second + 1, 3),
        at(second + 2, "warm"),
        at(third + 1, 4),
        at(last + 1, "warm"),
      ]);
      await expect(store.flush()).rejects.toThrow(/^4 points are lost: .*temperature/);
      const after = store.stats;
      expect(after.lossesByReason.rejected - before.lossesByReason.rejected).toBe(4);
      expect(after.written - before.written).toBe(3);
      expect(after.pending).toBe(0);
      const [series] = await store.query({ measurement, ...all });
      expect(series.values).toEqual([1, 2, 1, 3, 1, 4, 1]);
    });

    it("refuses a point that no store could keep, and takes none of its batch", async () => {
      const measurement = freshMeasurement();
      const good = { measurement, tags: { location: "a" }, fields: { valve: 1 }, timeMs: t0 };
      const accepted = store.stats.accepted;
      for (const [change, message] of [
        [{ measurement: "" }, /point\.measurement.*got ""/],
        [{ measurement: "#comment" }, /point\.measurement.*got "#comment"/],
        [{ tags: { _field: "x" } }, /point\.tags: .*got "_field"/],
        [{ tags: { location: "" } }, /point\.tags\.location must be text/],
        [{ tags: { location: "a\nb" } }, /point\.tags\.location .*got "a\\nb"/],
        [{ tags: { path: "C:\\" } }, /point\.tags\.path .*backslash/],
        [{ fields: {} }, /point\.fields must not be empty/],
        [{ fields: { time: 1 } }, /point\.fields: .*got "time"/],
        [{ fields: { valve: Number.NaN } }, /point\.fields\.valve must be finite, got NaN/],
        [{ fields: { note: "" } }, /point\.fields\.note must not be empty .*got ""/],
        [{ fields: { note: "a\r\nb" } }, /point\.fields\.note must not .*got "a\\r\\nb"/],
        [{ fields: { note: "\ud800" } }, /point\.fields\.note must not .*half a character/],
        [
          { fields: { note: "x".repeat(70_000) } },
          /point\.fields\.note must be at most 65535 bytes, got 70000/,
        ],
        [{ timeMs: 1.5 }, /point\.timeMs .*got 1\.5/],
        [{ timeMs: maxTimeMs }, /point\.timeMs/],
      ] as const) {
        expect(() => store.write([good, { ...good, ...change }])).toThrow(message);
      }
      await store.flush();
      expect(store.stats.accepted).toBe(accepted);
      expect(await store.query({ measurement, ...all })).toEqual([]);
    });

    it("refuses a query that means nothing", async () => {
      const query = { measurement: "sensors", startMs: t0, stopMs: t0 + hour };
      await expect(store.query({ ...query, stopMs: t0 })).rejects.toThrow(/query\.stopMs must be after/);
      await expect(store.query({ ...query, startMs: Number.NaN })).rejects.toThrow(/query\.startMs .*NaN/);
      await expect(store.query({ ...query, everyMs: 0 })).rejects.toThrow(/query\.everyMs .*got 0/);
      await expect(store.query({ ...query, aggregate: "max" })).rejects.toThrow(/query\.everyMs is required/);
      await expect(store.query({ ...query, limit: 0.5 })).rejects.toThrow(/query\.limit .*got 0\.5/);
      await expect(store.query({ ...query, fields: [] })).rejects.toThrow(/query\.fields/);
      await expect(store.last({ ...query, fields: [] })).rejects.toThrow(/query\.fields/);
      await expect(store.purge({ startMs: 2, stopMs: 1 })).rejects.toThrow(/purge\.stopMs/);
    });

    it("answers nothing for a measurement that does not exist", async () => {
      const measurement = freshMeasurement();
      expect(await store.query({ measurement, ...all })).toEqual([]);
      expect(await store.last({ measurement })).toEqual([]);
    });

    it("stores what is pending when it is closed, and takes nothing afterwards", async () => {
      const measurement = freshMeasurement();
      const other = await open();
      other.write(readings(measurement, [1, 2, 3], hour));
      await other.close();
      await other.close();
      expect(() => other.write(readings(measurement, [4], hour))).toThrow(/is closed/);
      await expect(other.query({ measurement, ...all })).rejects.toThrow(/is closed/);
      expect((await store.query({ measurement, ...all })).map((s) => s.values)).toEqual([[1, 2, 3]]);
    });
  });
}

/** A few cases, to be written together: a server that saves its disk takes a second for each flush. */
function several<T>(one: fc.Arbitrary<T>, most = 16): fc.Arbitrary<T[]> {
  return fc.array(one, { minLength: 1, maxLength: most, size: "max" });
}

type Row = [key: string, timeMs: number, value: unknown];

function sorted(rows: Row[]): Row[] {
  return rows.sort((a, b) => (a[0] === b[0] ? a[1] - b[1] : a[0] < b[0] ? -1 : 1));
}

function key(measurement: string, tags: Point["tags"], field: string): string {
  return JSON.stringify([measurement, Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1)), field]);
}

function valuesOfSeries(series: readonly Series[]): Row[] {
  return sorted(
    series.flatMap((s) =>
      s.timesMs.map((t, i): Row => [key(s.measurement, s.tags, s.field), t, s.values[i]]),
    ),
  );
}

/** What a store should hold of points, later ones overwriting earlier ones. */
function valuesOfPoints(points: readonly Point[]): Row[] {
  const values = new Map<string, Row>();
  for (const { measurement, tags, fields, timeMs } of points) {
    for (const [field, value] of Object.entries(fields)) {
      const name = key(measurement, tags, field);
      values.set(`${name} ${timeMs}`, [name, timeMs, value]);
    }
  }
  return sorted([...values.values()]);
}

/** What windows should hold of readings, by their start, in order. */
function windowsByHand(
  readings: readonly { readonly offset: number; readonly value: number }[],
  {
    startMs,
    stopMs,
    everyMs,
    aggregate,
  }: Required<Pick<SeriesQuery, "startMs" | "stopMs" | "everyMs" | "aggregate">>,
): Map<number, number> {
  const byTime = new Map(readings.map(({ offset, value }) => [offset, value])); // later ones overwrite
  const windows = new Map<number, number[]>();
  for (const [timeMs, value] of [...byTime].sort(([a], [b]) => a - b)) {
    if (timeMs < startMs || timeMs >= stopMs) continue;
    const window = Math.max(Math.floor(timeMs / everyMs) * everyMs, startMs);
    windows.set(window, [...(windows.get(window) ?? []), value]);
  }
  return new Map([...windows].map(([window, values]) => [window, summary(aggregate, values)]));
}

function summary(aggregate: Aggregate, values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  switch (aggregate) {
    case "mean":
      return sum / values.length;
    case "sum":
      return sum;
    case "last":
      return values.at(-1)!;
    case "min":
      return Math.min(...values);
    case "max":
      return Math.max(...values);
  }
}
