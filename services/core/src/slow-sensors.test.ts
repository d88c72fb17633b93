/** A running core whose thermometer reports seldom, in coarse steps, or at changes only: it decides each quarter of an hour. */
import { join } from "node:path";
import { isoTimeOf, topics } from "@azru/contracts";
import { brokers } from "@azru/messaging/testing";
import { airTemperature_c, nextMassTemperature_c } from "@azru/physics";
import { disturbances } from "@azru/simulation";
import { referenceYearSource, stepMeans } from "@azru/weather";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auto } from "./decision/mode.ts";
import { noHabit, type SensorHabit, withReport } from "./home/sensor-habit.ts";
import { readMemoryFile, writeMemoryFile } from "./record/memory-file.ts";
import {
  building,
  type Device,
  model,
  room,
  startMs,
  startTestHome,
  stepMs,
  type TestHome,
} from "./testing/test-home.ts";

const broker = brokers.find(({ available }) => available)!;
const minute_ms = 60_000;
const hour_ms = 60 * minute_ms;
const { min_c, max_c } = building.comfort;

let home: TestHome;
let device: Device;
beforeAll(async () => {
  home = await startTestHome(broker);
  device = await home.device();
  await home.optimiser(device.messenger);
});
afterAll(() => home.stop());

/** The habit that reports show, each a temperature and how long after the one before. */
function habitOf(reports: readonly (readonly [temperature_c: number, after_ms: number])[]): SensorHabit {
  return reports
    .slice(1)
    .reduce(
      (habit, [temperature_c, after_ms], k) =>
        withReport(habit, { temperature_c, before_c: reports[k][0], after_ms, held_ms: after_ms }),
      noHabit,
    );
}

/** Lives sixteen hours with a sensor that says something or nothing at each step. */
async function live(
  habit: SensorHabit,
  says: (now_c: number, last_c: number, silent_ms: number) => number | undefined,
) {
  const memoryFile = join(home.folder, `${Math.round(1e9 * habit.reports[0].after_ms)}.json`);
  writeMemoryFile(memoryFile, { mode: auto, readings: [], habits: { [room]: habit } });
  const running = await home.core({ memoryFile, mpcTimeout_ms: 600_000 });
  const steps = (16 * hour_ms) / stepMs;
  const series = await referenceYearSource().series(startMs, startMs + steps * stepMs);
  const weather = disturbances(building, stepMeans(series, startMs, stepMs / 1000, steps));
  let [theta_m_c, air_c, last_c, silent_ms] = [20, 20, Number.NaN, Number.POSITIVE_INFINITY];
  const life = [];
  for (let k = 0; k < steps; k++) {
    const timeMs = startMs + k * stepMs;
    const due = device.commands.next(({ sim_time = "" }) => Date.parse(sim_time) >= timeMs);
    const temperature = k === 0 ? Math.round(air_c) : says(air_c, last_c, silent_ms);
    silent_ms = temperature === undefined ? silent_ms + stepMs : stepMs;
    if (temperature === undefined) await device.messenger.publish(topics.clock, {}, isoTimeOf(timeMs));
    else await device.publish(timeMs, { temperature });
    last_c = temperature ?? last_c;
    const { valve_position, source } = await due;
    await running.core.idle();
    const reason = running.core.state().rooms[0].reason ?? "";
    const heat_w = (valve_position / 100) * building.heating.maxPower_w;
    const acting = [heat_w, weather.theta_e_c[k], weather.phi_sol_w[k], weather.phi_int_w[k]] as const;
    air_c = airTemperature_c(model, theta_m_c, ...acting);
    theta_m_c = nextMassTemperature_c(model, theta_m_c, ...acting);
    life.push({ k, source, reason, air_c, isReported: temperature !== undefined });
  }
  const state = running.core.state();
  const metrics = await running.registry.metrics();
  await running.stop();
  const kept = readMemoryFile(memoryFile);
  return { life, state, metrics, kept: kept && "memory" in kept ? kept.memory.habits?.[room] : undefined };
}

const hours = (reports: readonly (readonly [number, number])[]) =>
  habitOf(reports.map(([temperature_c, after_h]) => [temperature_c, after_h * hour_ms]));

test.each([
  {
    name: "of 1 K on change",
    habit: hours([
      [20, 0],
      [21, 3],
      [20, 2.2],
      [19, 6],
      [20, 1.5],
      [21, 2],
      [20, 7],
      [19, 5],
    ]),
    says: (now_c: number, last_c: number) => (Math.abs(now_c - last_c) >= 1 ? Math.round(now_c) : undefined),
    shown: { kind: "on_change", threshold: 1, resolution: 1 },
  },
  {
    name: "of 0.1 K each hour",
    habit: hours([
      [20, 0],
      [20.3, 1],
      [20.1, 1.01],
      [20.1, 0.99],
      [19.8, 1],
      [19.9, 1],
      [20.2, 1.01],
    ]),
    says: (now_c: number, _: number, silent_ms: number) =>
      silent_ms >= hour_ms ? Number(now_c.toFixed(1)) : undefined,
    shown: { kind: "periodic", resolution: 0.1 },
  },
])(
  "a thermometer $name is enough to decide by the optimiser at every step",
  async ({ habit, says, shown }) => {
    const { life, state, metrics, kept } = await live(habit, says);
    expect(life.filter(({ source }) => source !== "mpc")).toEqual([]);
    expect(life.filter(({ isReported }) => isReported).length).toBeLessThan(life.length / 3);
    const settled = life.slice(24).map((step) => step.air_c);
    expect(Math.min(...settled)).toBeGreaterThan(min_c - 1);
    expect(Math.max(...settled)).toBeLessThan(max_c + 1);
    expect(state.rooms[0]).toMatchObject({ status: "fresh", habit: shown });
    expect(metrics).toContain(`azru_temperature_resolution_kelvin{room="${room}"} ${shown.resolution}`);
    expect(kept!.reports.length).toBeGreaterThan(habit.reports.length);
  },
  120_000,
);
