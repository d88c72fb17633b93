import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  estimatePoint,
  mpcPoint,
  type OptimalPlan,
  planPoints,
  savingsPoint,
  sensorPoint,
} from "@azru/contracts";
import { openEmbeddedStore, type TimeSeriesStore } from "@azru/timeseries";
import { afterEach, beforeEach, expect, test } from "vitest";
import { auto, type Mode, manual } from "../decision/mode.ts";
import type { BaselineStep } from "../home/baseline.ts";
import { flatPlan } from "../testing/plans.ts";
import { silent } from "../testing/test-home.ts";
import { createRecorder, type Recorder, recordEvents } from "./recorder.ts";
import { readStoredMemory } from "./stored-memory.ts";

const startMs = Date.UTC(2026, 0, 15, 5);
const stepMs = 900_000;
const dayMs = 86_400_000;
const room = "living-room";

let folder: string;
let store: TimeSeriesStore;
let recorder: Recorder;
let record: ReturnType<typeof recordEvents>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "azru-memory-"));
  store = openEmbeddedStore({ filePath: join(folder, "azru.db") });
  recorder = createRecorder(store, silent);
  const at = { setpoint_c: 19, rule: "schedule", preset: null } as const;
  const comfort = { at: () => at, ceilingAt_c: () => 28, of: "air" } as const;
  record = recordEvents(recorder, { room, comfort, savings: () => null });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const home = { room, step_ms: stepMs, comfort: { min_c: 19, max_c: 28 } };
const step = { kind: "step", startMs, estimate: undefined, newModel: undefined } as const;
function writePlan(plan: OptimalPlan, timeMs: number) {
  recorder.write([mpcPoint(plan, 15, timeMs), ...planPoints(plan)]);
}

async function remembered() {
  await store.flush();
  return readStoredMemory(store, home);
}

function baselineStep(atMs: number, cost_eur: number, total_eur: number): BaselineStep {
  const state = { theta_m_c: 20.5, theta_air_c: 20.1, heating: true, cost_eur: total_eur };
  return {
    startMs: atMs,
    next: { ...state, atMs: atMs + stepMs },
    metrics: {
      temperature: state.theta_air_c,
      mass_temperature: state.theta_m_c,
      valve_position: 100,
      heating_cost_step: cost_eur,
      heating_cost_cumulative: total_eur,
    },
  };
}

test("an empty store remembers nothing", async () => {
  expect(await remembered()).toEqual({ mode: auto, readings: [] });
});

test("the last mode, whichever came last", async () => {
  const byHand: Mode = manual(0.35, startMs, 3_600_000);
  record({ kind: "mode", mode: byHand, timeMs: startMs });
  expect((await remembered()).mode).toEqual(byHand);
  record({ kind: "mode", mode: auto, timeMs: startMs + 60_000 });
  expect((await remembered()).mode).toEqual(auto);
  const again = manual(0, startMs + 120_000, 60_000);
  record({ kind: "mode", mode: again, timeMs: startMs + 120_000 });
  expect((await remembered()).mode).toEqual(again);
  for (const [i, kind] of (["thermostat", "off"] as const).entries()) {
    record({ kind: "mode", mode: { kind }, timeMs: startMs + (i + 3) * 60_000 });
    expect((await remembered()).mode).toEqual({ kind });
  }
});

/** A plan in which every step differs. */
function variedPlan(id: string, atMs: number, steps = 96): OptimalPlan {
  const plan = flatPlan({ id, startMs: atMs, steps });
  const rising = (from: number, by: number) => plan.time.map((_, k) => from + by * k);
  const temperature = rising(18, 0.125);
  const under = temperature.map((theta) => Math.max(0, 19 - theta) / 4);
  const over = temperature.map((theta) => Math.max(0, theta - 28) / 4);
  const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);
  return {
    ...plan,
    valve_position: rising(0, 1),
    temperature,
    mass_temperature: rising(20, 0.01),
    discomfort_below: total(under),
    discomfort_above: total(over),
  };
}

test("the last plan, whole, though longer and older ones lie around it", async () => {
  writePlan(variedPlan("old", startMs - stepMs, 192), startMs - stepMs);
  const plan = variedPlan("new", startMs);
  writePlan(plan, startMs);
  const failed = { id: "failed", worker: "none", solve_ms: 0, status: "failed", error: "no answer" } as const;
  recorder.write([mpcPoint(failed, 20_000, startMs + stepMs)]);
  const { plan: kept } = await remembered();
  expect(kept).toEqual({ requestedMs: startMs, plan });
});

test("the last reading of each room, with what was measured together, and no batch run", async () => {
  record({
    kind: "reading",
    reading: { room, timeMs: startMs, metrics: { temperature: 20, battery: 80 } },
    cost: {},
  });
  record({
    kind: "reading",
    reading: { room, timeMs: startMs + 1, metrics: { temperature: 21, mass_temperature: 22 } },
    cost: {},
  });
  record({
    kind: "reading",
    reading: { room: "bedroom", timeMs: startMs, metrics: { temperature: 17 } },
    cost: {},
  });
  const run = { run: "study", mode: "mpc" };
  store.write([sensorPoint("home", { temperature: 5 }, startMs + dayMs, run)]);
  const { readings } = await remembered();
  expect(readings).toHaveLength(2);
  expect(readings).toContainEqual({
    room,
    timeMs: startMs + 1,
    metrics: { temperature: 21, mass_temperature: 22 },
  });
  expect(readings).toContainEqual({ room: "bedroom", timeMs: startMs, metrics: { temperature: 17 } });
});

test("the baseline as it was left, and nothing saved where nothing was counted", async () => {
  record({ ...step, baseline: [baselineStep(startMs, 2, 4)] });
  record({ ...step, baseline: [baselineStep(startMs + stepMs, 2, 6)] });
  const { baseline, savings } = await remembered();
  expect(baseline).toEqual({
    atMs: startMs + 2 * stepMs,
    theta_m_c: 20.5,
    theta_air_c: 20.1,
    heating: true,
    cost_eur: 6,
  });
  expect(savings).toBeUndefined();
});

test("what was counted of both costs, and no time in which one of them was not known", async () => {
  const spent = { cost: 0, baseline_cost: 0 };
  const walls = { walls_heat: 0, walls_value: 0, saved: 0 };
  const savings = { ...walls, since: "2026-01-15T05:00:00.000Z", today: spent, month: spent };
  record({ ...step, baseline: [baselineStep(startMs, 2, 2)] });
  for (let step = 0; step <= 96; step++) {
    const hours = step / 4;
    const counted = { hours, cost: hours / 10, baseline_cost: hours / 5, baseline_heat: hours };
    recorder.write([savingsPoint({ ...savings, ...counted }, startMs + step * stepMs)]);
  }
  record({
    kind: "reading",
    reading: { room, timeMs: startMs, metrics: { temperature: 20 } },
    cost: { heating_cost_step: 100 },
  });
  const { savings: known } = await remembered();
  expect(known).toMatchObject({ sinceMs: startMs, counted_ms: dayMs, cost_eur: 2.4, baselineHeat_kwh: 24 });
  const [first, second] = known!.days;
  expect([first.day, second.day]).toEqual(["2026-01-15", "2026-01-16"]);
  expect(first.paid_eur + second.paid_eur).toBeCloseTo(2.4 - 0.075, 9); // but for the first window's own
  expect(second.baseline_eur).toBeCloseTo(6.25 / 5, 9);
});

test("the last estimate, and what it knows of the noise", async () => {
  const estimate = {
    mass_temperature: 20.5,
    mass_temperature_sd: 0.1,
    unknown_gains: -40,
    unknown_gains_sd: 30,
    sensor_noise: 0.1,
  };
  const evidence = { "0.1 0.02 60 0.3": 0, "0.2 0.02 60 0.3": -7.5 };
  recorder.write([estimatePoint(room, estimate, {}, startMs - stepMs)]);
  recorder.write([estimatePoint(room, estimate, evidence, startMs)]);
  expect((await remembered()).estimate).toEqual({
    atMs: startMs,
    theta_m_c: 20.5,
    theta_m_sd_k: 0.1,
    phi_u_w: -40,
    phi_u_sd_w: 30,
    evidence,
  });
});

test("an estimate of a store that did not know the noise yet", async () => {
  const fields = {
    mass_temperature: 20.5,
    mass_temperature_sd: 0.1,
    unknown_gains: -40,
    unknown_gains_sd: 30,
  };
  store.write([{ measurement: "estimate", tags: { location: room }, fields, timeMs: startMs }]);
  expect((await remembered()).estimate).toMatchObject({ theta_m_c: 20.5, phi_u_sd_w: 30 });
  expect((await remembered()).estimate).not.toHaveProperty("evidence");
});

test("what no store could keep is refused, counted, and harms nothing else", async () => {
  record({ kind: "reading", reading: { room, timeMs: Number.NaN, metrics: { temperature: 20 } }, cost: {} });
  record({ kind: "reading", reading: { room, timeMs: startMs, metrics: { temperature: 21 } }, cost: {} });
  expect(recorder.counts).toEqual({ recorded: 1, refused: 1 });
  expect((await remembered()).readings).toHaveLength(1);
});
