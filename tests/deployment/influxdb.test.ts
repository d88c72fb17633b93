/** The dashboards' and alert rules' queries on a real InfluxDB, over points that the contracts' functions make. */
import {
  actuatorPoint,
  baselinePoint,
  comfortPoint,
  estimatePoint,
  isoTimeOf,
  mpcPoint,
  type Point,
  planPoints,
  type SensorMetrics,
  savingsPoint,
  sensorPoint,
  tariffPoint,
} from "@azru/contracts";
import { openInfluxStore, storeOf, type TimeSeriesStore } from "@azru/timeseries";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alertQueries, dashboards, queriesOf, substitute } from "./grafana.ts";

const {
  AZRU_TEST_INFLUXDB_URL: url,
  AZRU_TEST_INFLUXDB_TOKEN: token = "",
  AZRU_TEST_INFLUXDB_ORG: org = "azru",
  AZRU_TEST_INFLUXDB_BUCKET: bucket = "home-energy",
} = process.env;

// A time that no home has points of, so that these are removed by their time.
const startMs = Date.UTC(2001, 0, 8);
const hours = 48;
const stop = new Date(startMs + (hours + 24) * 3_600_000).toISOString();
const start = new Date(startMs).toISOString();
const room = "influxdb-test";

it("the points have each field that a query names", () => {
  const written = points().flatMap(({ fields }) => Object.keys(fields));
  const named = [...dashboards.flatMap(queriesOf), ...alertQueries].flatMap(({ place, query }) =>
    [...query.matchAll(/r\._field == "(\w+)"/g)].map(([, field]) => ({ place, field })),
  );
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter(({ field }) => !written.includes(field))).toEqual([]);
});

describe.skipIf(!url)(
  `queries on a real InfluxDB${url ? "" : " (skipped: AZRU_TEST_INFLUXDB_URL is not set)"}`,
  () => {
    let store: TimeSeriesStore;

    beforeAll(async () => {
      store = await openInfluxStore({ url: url!, token, org, bucket });
      store.write(points());
      await store.flush();
    });
    afterAll(async () => {
      await store.close();
      const response = await call("delete", { start, stop: new Date(Date.UTC(2001, 1)).toISOString() });
      expect(response.status).toBe(204);
    });

    const variables = {
      home: "not exists r.simulated",
      room,
      run_a: "test-mpc",
      run_b: "test-manual",
      comfort_min: "19",
      comfort_max: "28",
    };
    it.each([...dashboards.flatMap(queriesOf), ...alertQueries])("answers: $place", async ({ query }) => {
      const response = await call("query", {
        query: substitute(query, { bucket, start, stop, variables }),
        type: "flux",
      });
      const text = await response.text();
      expect([response.status, text]).toEqual([200, expect.stringMatching(/^,result,table,/)]);
      expect(text.trim().split("\n").length).toBeGreaterThan(1);
    });

    describe("alerts with a simulated home's points ahead of now", () => {
      const minute_ms = 60_000;
      const nowMs = Date.now();
      const aheadMs = nowMs + 365 * 86_400_000;
      const valve = { valve_position: 40, source: "mpc" } as const;

      afterAll(async () => {
        const body = {
          start: new Date(nowMs - 3_600_000).toISOString(),
          stop: new Date(aheadMs + 1).toISOString(),
        };
        expect((await call("delete", body)).status).toBe(204);
      });

      /** What an alert's query gives for the test's room, or for the home. */
      async function alertValue(uid: string): Promise<number | undefined> {
        const { query } = alertQueries.find(({ place }) => place.startsWith(uid))!;
        const month = {
          start: new Date(nowMs - 30 * 86_400_000).toISOString(),
          stop: new Date(nowMs).toISOString(),
        };
        const response = await call("query", {
          query: substitute(query, { bucket, ...month, variables: {} }),
          type: "flux",
        });
        const [header = "", ...rows] = (await response.text()).trim().split(/\r?\n/);
        const column = (name: string) => header.split(",").indexOf(name);
        const row = rows
          .map((line) => line.split(","))
          .find((cells) => [room, "home"].includes(cells[column("location")]));
        return row && Number(row[column("_value")]);
      }

      const write = async (origin: "simulated" | "real", points: readonly Point[]) => {
        storeOf(store, origin).write(points);
        await store.flush();
      };

      it("are silent while the home is only simulated", async () => {
        await write("simulated", [
          sensorPoint(room, { temperature: 20 }, aheadMs),
          actuatorPoint(room, valve, aheadMs),
        ]);
        expect(await alertValue("azru-no-fresh-temperature")).toBeUndefined();
        expect(await alertValue("azru-fail-safe")).toBeUndefined();
      });

      it("see that a real home has no temperature", async () => {
        const rate = {
          start: isoTimeOf(nowMs),
          end: isoTimeOf(aheadMs),
          price: 0.2,
          period: "peak",
        } as const;
        await write("real", [tariffPoint(rate, nowMs - 5 * minute_ms)]);
        expect(await alertValue("azru-no-fresh-temperature")).toBe(43_200);
      });

      it("see a real temperature that is old, then one that is fresh", async () => {
        await write("real", [sensorPoint(room, { temperature: 19 }, nowMs - 45 * minute_ms)]);
        expect(await alertValue("azru-no-fresh-temperature")).toBeGreaterThan(44.9);
        await write("real", [sensorPoint(room, { temperature: 19 }, nowMs - minute_ms)]);
        const age_min = (await alertValue("azru-no-fresh-temperature"))!;
        expect(age_min).toBeGreaterThan(0.9);
        expect(age_min).toBeLessThan(30);
      });

      it("see a real home's fail-safe", async () => {
        await write("real", [actuatorPoint(room, { ...valve, source: "failsafe" }, nowMs - 2 * minute_ms)]);
        expect(await alertValue("azru-fail-safe")).toBe(1);
        await write("real", [actuatorPoint(room, valve, nowMs - minute_ms)]);
        expect(await alertValue("azru-fail-safe")).toBe(0);
      });
    });

    function call(what: "query" | "delete", body: object): Promise<Response> {
      return fetch(`${url}/api/v2/${what}?${new URLSearchParams({ org, bucket })}`, {
        method: "POST",
        headers: {
          authorization: `Token ${token}`,
          "content-type": "application/json",
          accept: "application/csv",
        },
        body: JSON.stringify(body),
      });
    }
  },
);

/** Two days of a live home with its baseline, plans and tariff, and the same two days as two batch runs. */
function points(): Point[] {
  const all: Point[] = [];
  for (let hour = 0; hour < hours; hour++) {
    const timeMs = startMs + hour * 3_600_000;
    const metrics: SensorMetrics = {
      temperature: 20 + Math.sin(hour / 4),
      mass_temperature: 20.5,
      external_temperature: 3 + Math.sin(hour / 4),
      power_consumption: 1500,
      solar_power: 200,
      valve_position: 40,
      electricity_price: 0.2,
      heating_cost_step: 0.3,
      window_open: hour % 24 === 12 ? 1 : 0,
    };
    const estimate = {
      mass_temperature: 20.5,
      mass_temperature_sd: 0.3,
      operative_temperature: 20.2,
      unknown_gains: 120,
      unknown_gains_sd: 60,
      sensor_noise: 0.1,
      outdoor_error: -0.4,
      ...(hour % 24 === 13 && { heating_fault: 1 }),
    };
    const valve = { valve_position: 40, source: hour % 5 === 0 ? "failsafe" : "mpc" } as const;
    const rate = {
      start: isoTimeOf(timeMs),
      end: isoTimeOf(timeMs + 3_600_000),
      price: 0.2,
      period: "peak",
      colour: "red",
    } as const;
    const time = Array.from({ length: 24 }, (_, k) => isoTimeOf(timeMs + k * 3_600_000));
    const each = (value: number) => time.map(() => value);
    const answer = { id: `plan-${hour}`, worker: "test", solve_ms: 12 };
    const plan = {
      ...answer,
      status: "optimal",
      objective: 3,
      storage_saving: 0.4,
      energy_cost: 2,
      discomfort_below: 0,
      discomfort_above: 0,
      step_s: 3600,
      time,
      valve_position: each(40),
      heating_power: each(1500),
      planned_power: each(1500),
      temperature: each(20),
      mass_temperature: each(20),
      external_temperature: each(3),
      electricity_price: each(0.2),
    } as const;
    all.push(
      sensorPoint(room, metrics, timeMs),
      baselinePoint(room, { ...metrics, heating_cost_step: 0.4 }, timeMs),
      actuatorPoint(room, valve, timeMs),
      estimatePoint(room, estimate, { sensor: 1 }, timeMs),
      savingsPoint(
        {
          since: isoTimeOf(timeMs),
          hours: hour,
          cost: hour,
          baseline_cost: 1.5 * hour,
          baseline_heat: 8 * hour,
          walls_heat: 2,
          walls_value: 0.3,
          saved: hour / 2,
        },
        timeMs,
      ),
      comfortPoint(
        { setpoint_c: 19, max_c: 28, of: "air", margin_k: 0.2, rule: "schedule", preset: "comfort" },
        timeMs,
      ),
      tariffPoint(rate, timeMs),
      ...planPoints(plan),
      mpcPoint(hour % 7 === 3 ? { ...answer, status: "failed", error: "too late" } : plan, 30, timeMs),
    );
    for (const mode of ["mpc", "manual"]) {
      const run = { run: `test-${mode}`, mode };
      all.push(sensorPoint("home", metrics, timeMs, run), tariffPoint(rate, timeMs, run));
    }
  }
  return all;
}
