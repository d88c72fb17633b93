/** `pnpm start` through a Sunday and the red Monday after it, seen from outside. */
import { join } from "node:path";
import {
  forecastStateSchema,
  historyResponseSchema,
  isoTimeOf,
  planResponseSchema,
  readyResponseSchema,
  stateResponseSchema,
  tariffStateSchema,
  timeMsOf,
} from "@azru/contracts";
import { openEmbeddedStore, type TimeSeriesStore } from "@azru/timeseries";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  addressesOf,
  cleanUp,
  type RunningSystem,
  startCommand,
  startSystem,
  temporaryFolder,
  whenRunning,
} from "./running-system.ts";
import { listenToSite, type SiteListener } from "./site-listener.ts";

const quarterMs = 900_000;
const minuteMs = 60_000;
const startMs = Date.parse("2026-01-18T00:00+01:00");
const endMs = Date.parse("2026-01-20T00:00+01:00");
const offPeakStartMs = Date.parse("2026-01-18T22:00+01:00");
const redStartMs = Date.parse("2026-01-19T06:00+01:00");
const redPeakEndMs = Date.parse("2026-01-19T22:00+01:00");

/** The instants of the two days. */
const every = (interval_ms: number) =>
  Array.from({ length: (endMs - startMs) / interval_ms }, (_, k) => isoTimeOf(startMs + k * interval_ms));
const isWithin = (timeMs: number, fromMs = startMs, toMs = endMs) => timeMs >= fromMs && timeMs < toMs;
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

let system: RunningSystem;
let site: SiteListener;
let api: string;
let hasEnded = false;
const folder = temporaryFolder();

beforeAll(async () => {
  const options = ["--speed", "100000", "--start", "2026-01-17T23:00", "--data", folder];
  system = startSystem([...options, "--http-port", "0", "--mqtt-port", "0"], { command: startCommand });
  const addresses = await addressesOf(system);
  api = addresses.api;
  site = await listenToSite(addresses.mqtt);
  await whenRunning(system);
  await site.until("clock", ({ payload }) => timeMsOf(payload) >= endMs);
});
afterAll(() => cleanUp(!hasEnded));

describe("an MQTT subscriber", () => {
  it("gets valid messages only", () => {
    expect(site.invalid).toEqual([]);
  });

  it("sees every service online", () => {
    const online = site.received.status.map(({ topic, payload }) => `${topic.service} ${payload}`);
    expect(online.sort()).toEqual([
      "core online",
      "mpc online",
      "sensor-simulator online",
      "standalone online",
    ]);
  });

  it("sees the optimiser decide at every quarter of an hour of home time, once", () => {
    const commands = site.received.valveSet
      .map(({ payload }) => payload)
      .filter(({ sim_time }) => isWithin(timeMsOf(sim_time!)));
    expect(commands.map(({ sim_time }) => sim_time)).toEqual(every(quarterMs));
    expect(new Set(commands.map(({ source }) => source))).toEqual(new Set(["mpc"]));
  });

  it("sees a plan for each of these decisions", () => {
    const planned = site.received.mpcPlan.flatMap(({ payload }) =>
      payload.status === "optimal" && isWithin(timeMsOf(payload.time[0])) ? [payload] : [],
    );
    expect(planned.map(({ time }) => time[0])).toEqual(every(quarterMs));
    expect(new Set(planned.map(({ time }) => time.length))).toEqual(new Set([192]));
  });

  it("sees a measurement every minute", () => {
    const measured = measurements().map(({ sim_time }) => sim_time);
    expect(measured).toEqual(every(minuteMs));
  });

  it("has the red day the day before", () => {
    const messages = site.received.tariff.map(({ payload }) => payload);
    const first = messages.find(
      ({ tomorrow }) => tomorrow.date === "2026-01-19" && tomorrow.colour === "red",
    );
    expect(timeMsOf(first!.issued_at)).toBeLessThan(redStartMs - 12 * 3_600_000);
  });

  it("sees the house warm its walls before the red hours, and spend them on that heat", () => {
    const wallsAt = (timeMs: number) =>
      measurements().find(({ sim_time }) => sim_time === isoTimeOf(timeMs))!.mass_temperature!;
    expect(wallsAt(redStartMs) - wallsAt(offPeakStartMs)).toBeGreaterThan(3);

    const power = measurements(redStartMs, redPeakEndMs).map(({ power_consumption }) => power_consumption!);
    const before = measurements(offPeakStartMs, redStartMs).map(
      ({ power_consumption }) => power_consumption!,
    );
    expect(mean(power)).toBeLessThan(0.2 * mean(before));
  });

  it("sees nobody freeze", () => {
    const coldest = Math.min(...measurements().map(({ temperature }) => temperature));
    expect(coldest).toBeGreaterThan(18.5);
  });
});

describe("the API", () => {
  it("has a state in which the optimiser decides and saves", async () => {
    const state = stateResponseSchema.parse(await get("/state"));
    expect(state).toMatchObject({
      site: "home",
      simulated: true,
      auto_mode: true,
      decision: { source: "mpc" },
      failsafe: { active: false },
      rooms: [{ room: "living-room", status: "fresh" }],
    });
    expect(timeMsOf(state.time)).toBeGreaterThanOrEqual(endMs);
    expect(timeMsOf(state.next_decision_at) % quarterMs).toBe(0);
    expect(state.savings!.cost).toBeLessThan(state.savings!.baseline_cost);
  });

  it("has the plan, the tariff and the forecast", async () => {
    const { plan } = planResponseSchema.parse(await get("/plan"));
    expect(site.received.mpcPlan.map(({ payload }) => payload.id)).toContain(plan.id);
    const tariff = tariffStateSchema.parse(await get("/tariff"));
    expect(tariff.today.peak_price).toBeGreaterThan(tariff.today.off_peak_price);
    const forecast = forecastStateSchema.parse(await get("/forecast"));
    expect(forecast.temperature).toHaveLength(192);
  });

  it("has history as it was measured, once it is stored", async () => {
    const range = `start=${isoTimeOf(startMs)}&stop=${isoTimeOf(endMs)}`;
    const history = async (query: string) =>
      historyResponseSchema.parse(await get(`/history?series=sensors.temperature&${range}${query}`));
    await vi.waitFor(async () => {
      const [column, ...others] = (await history("")).columns;
      expect(others).toEqual([]);
      expect(column.time).toEqual(measurements().map(({ sim_time }) => sim_time));
      expect(column.value).toEqual(measurements().map(({ temperature }) => temperature));
    }, 60_000);
    expect((await history("&every=1h")).columns[0].value).toHaveLength(48);
  });

  it("is ready, and counts", async () => {
    expect(readyResponseSchema.parse(await get("/ready")).status).toBe("ready");
    const metrics = await (await fetch(`${api}/metrics`)).text();
    const decisions = /^azru_decisions_total\{.*source="mpc".*\} (\d+)$/m.exec(metrics);
    expect(Number(decisions![1])).toBeGreaterThanOrEqual(192);
  });
});

describe("the store, after Ctrl-C", () => {
  let store: TimeSeriesStore;

  beforeAll(async () => {
    await site.close();
    system.signalGroup("SIGINT");
    expect(await system.exit).toEqual({ code: 0, signal: null });
    hasEnded = true;
    store = openEmbeddedStore({ filePath: join(folder, "azru.db") });
  });
  afterAll(() => store.close());

  /** The values of a field, which has one series. */
  async function stored(measurement: string, field: string, tags: Record<string, string> = {}) {
    const range = { startMs, stopMs: endMs };
    const [series, ...others] = await store.query({ measurement, fields: [field], tags, ...range });
    expect(others).toEqual([]);
    return series;
  }

  it("holds every measurement that was sent", async () => {
    for (const field of ["temperature", "mass_temperature", "power_consumption"] as const) {
      const { values } = await stored("sensors", field, { location: "living-room" });
      expect(values).toEqual(measurements().map((metrics) => metrics[field]));
    }
  });

  it("holds each decision, its plan and how it was found", async () => {
    const { values: positions } = await stored("actuators", "valve_position", { source: "mpc" });
    expect(positions).toHaveLength(192);
    const { values: outcomes } = await stored("mpc", "status");
    expect(outcomes).toEqual(Array(192).fill("optimal"));
    const { values: planned } = await stored("plan", "temperature", { lead: "latest" });
    expect(planned).toHaveLength(192);
  });

  it("holds an estimate of the walls that is right, though nothing measures them", async () => {
    const ofRoom = { location: "living-room" };
    const { timesMs, values } = await stored("estimate", "mass_temperature", ofRoom);
    const walls = await stored("sensors", "mass_temperature", ofRoom);
    const truth = new Map(walls.timesMs.map((timeMs, k) => [timeMs, walls.values[k] as number]));
    const off_k = timesMs.map((timeMs, k) => Math.abs((values[k] as number) - truth.get(timeMs)!));
    expect(off_k).toHaveLength(192);
    expect(Math.max(...off_k.slice(12))).toBeLessThan(0.3);
  });

  it("holds the colours as they were", async () => {
    const { timesMs, values } = await stored("tariff", "colour");
    const red = timesMs.filter((_, k) => values[k] === "red");
    expect(red.length).toBeGreaterThanOrEqual(18 * 4);
    expect(Math.min(...red)).toBe(redStartMs);
  });

  it("holds what the thermostat would have done: it heats through the red hours, where the plan does not", async () => {
    const { timesMs, values } = await stored("baseline", "power_consumption");
    const thermostat = values.map(Number).filter((_, k) => isWithin(timesMs[k], redStartMs, redPeakEndMs));
    expect(thermostat).toHaveLength(64);
    const power = measurements(redStartMs, redPeakEndMs).map(({ power_consumption }) => power_consumption!);
    expect(mean(power)).toBeLessThan(0.5 * mean(thermostat));
  });
});

async function get(path: string): Promise<unknown> {
  const response = await fetch(`${api}${path}`);
  expect(response.status).toBe(200);
  return response.json();
}

/** What the sensors said of a stretch of the two days. */
function measurements(fromMs = startMs, toMs = endMs) {
  return site.received.sensorMetrics
    .map(({ payload }) => payload)
    .filter(({ sim_time }) => isWithin(timeMsOf(sim_time!), fromMs, toMs));
}
