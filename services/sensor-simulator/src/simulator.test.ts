import type { SensorMetrics } from "@azru/contracts";
import { referenceYearSource } from "@azru/weather";
import { describe, expect, it } from "vitest";
import { createDecisions, type Decisions } from "./lockstep.ts";
import { createPrices } from "./prices.ts";
import { createSensors } from "./sensors.ts";
import { createSimulator, type Pacing, type Simulator } from "./simulator.ts";
import { createSurroundings } from "./surroundings.ts";
import { building, keptLog } from "./testing/home.ts";
import { createTwin } from "./twin.ts";
import { createValve } from "./valve.ts";
import type { Wall } from "./wall.ts";

const startMs = Date.UTC(2026, 0, 11);
const minuteMs = 60_000;
const quarterMs = 15 * minuteMs;

/** Wall time that passes only while somebody waits for it, or is made to by `take`. */
class PatientWall implements Wall {
  #nowMs = 0;

  now(): number {
    return this.#nowMs;
  }

  take(ms: number): void {
    this.#nowMs += ms;
  }

  async wait(ms: number, signal: AbortSignal): Promise<void> {
    // Others have their turn first: a command that is on its way comes before time passes.
    await new Promise((resolve) => setImmediate(resolve));
    if (!signal.aborted) this.#nowMs += ms;
  }
}

interface Said {
  readonly wallMs: number;
  readonly clockMs?: number;
  readonly metrics?: SensorMetrics;
}

interface World {
  readonly wall: PatientWall;
  readonly said: Said[];
  readonly valve: ReturnType<typeof createValve>;
  readonly prices: ReturnType<typeof createPrices>;
  readonly decisions: Decisions;
  readonly stop: AbortController;
  readonly logged: ReturnType<typeof keptLog>;
  readonly simulator: Simulator;
  clocks(): number[];
  metrics(): SensorMetrics[];
}

interface WorldOptions {
  readonly pacing: (decisions: Decisions) => Pacing;
  readonly seed?: number;
  /** Called when the time is published, after it was noted. */
  readonly onClock: (timeMs: number, world: World) => void;
}

function worldOf({ pacing, seed = 1, onClock }: WorldOptions): World {
  const wall = new PatientWall();
  const said: Said[] = [];
  const decisions = createDecisions();
  const stop = new AbortController();
  const logged = keptLog();
  const { log } = logged;
  const valve = createValve({
    startMs,
    maxAge_ms: 60 * minuteMs,
    tolerance_ms: minuteMs,
    safePosition: 0.3,
    log,
  });
  const prices = createPrices();
  const simulator = createSimulator({
    twin: createTwin(building, 60),
    startMs,
    theta_start_c: 20,
    surroundings: createSurroundings({ source: referenceYearSource(), building, dtSeconds: 60, log }),
    prices,
    valve,
    sensors: createSensors(0.05, seed),
    pacing: pacing(decisions),
    publish: {
      metrics: (metrics) => said.push({ wallMs: wall.now(), metrics }),
      clock(clockMs) {
        said.push({ wallMs: wall.now(), clockMs });
        onClock(clockMs, world);
      },
    },
    wall,
    log,
    signal: stop.signal,
  });
  const world: World = {
    wall,
    said,
    valve,
    prices,
    decisions,
    stop,
    logged,
    simulator,
    clocks: () => said.flatMap(({ clockMs }) => (clockMs === undefined ? [] : [clockMs])),
    metrics: () => said.flatMap(({ metrics }) => (metrics === undefined ? [] : [metrics])),
  };
  return world;
}

const free = (speed: number) => (): Pacing => ({ kind: "free", speed });
const lockstep =
  (speed = Number.POSITIVE_INFINITY) =>
  (decisions: Decisions): Pacing => ({
    kind: "lockstep",
    speed,
    step_ms: quarterMs,
    timeout_ms: 60_000,
    decisions,
  });

/** What a controller would do at the instant: opens the valve in the odd quarters. */
function decide({ valve, decisions }: World, timeMs: number): void {
  const odd = (timeMs / quarterMs) % 2;
  valve.command({ valve_position: odd * 100, source: "mpc" }, timeMs);
  decisions.arrived(timeMs);
}

describe("the simulated home, on its own", () => {
  it("keeps to its speed, publishing the time at least every second", async () => {
    const world = worldOf({
      pacing: free(6),
      onClock(timeMs, { stop }) {
        if (timeMs >= startMs + 5 * minuteMs) stop.abort();
      },
    });
    await world.simulator.run();
    const clocks = world.said.filter(({ clockMs }) => clockMs !== undefined);
    for (const { wallMs, clockMs } of clocks) expect(clockMs).toBe(startMs + wallMs * 6);
    expect(clocks.at(-1)!.wallMs).toBe(50_000);
    expect(clocks).toHaveLength(51);
    expect(world.metrics()).toHaveLength(6);
    expect(world.simulator.progress).toMatchObject({ steps: 5, slowdowns: 0 });
  });

  it("measures first, then publishes the time of the measurement", async () => {
    const world = worldOf({
      pacing: free(3600),
      onClock(timeMs, { stop }) {
        if (timeMs >= startMs + 60 * minuteMs) stop.abort();
      },
    });
    await world.simulator.run();
    expect(world.said).toHaveLength(2 * 61);
    for (let i = 0; i < world.said.length; i += 2) {
      expect(Date.parse(world.said[i].metrics!.sim_time!)).toBe(world.said[i + 1].clockMs);
    }
  });

  it("slows down on a slow machine, says so, and leaves no step out", async () => {
    const world = worldOf({
      pacing: free(6000),
      onClock(timeMs, { stop, wall }) {
        wall.take(40); // a step is due every 10 ms
        if (timeMs >= startMs + 600 * minuteMs) stop.abort();
      },
    });
    await world.simulator.run();
    expect(world.clocks()).toEqual(Array.from({ length: 601 }, (_, k) => startMs + k * minuteMs));
    expect(world.wall.now()).toBeGreaterThan(600 * 40);
    expect(world.simulator.progress.slowdowns).toBeGreaterThan(10);
    expect(world.logged.lines).toEqual([
      expect.objectContaining({
        level: "warn",
        message: expect.stringMatching(/does not keep up/),
        details: { speed: 6000, reached: expect.closeTo(1500, -2) },
      }),
    ]);
  });

  it("catches up with a short stall", async () => {
    const world = worldOf({
      pacing: free(600),
      onClock(timeMs, { stop, wall }) {
        if (timeMs === startMs + 10 * minuteMs) wall.take(900);
        if (timeMs >= startMs + 30 * minuteMs) stop.abort();
      },
    });
    await world.simulator.run();
    expect(world.said.at(-1)).toEqual({ wallMs: 3_000, clockMs: startMs + 30 * minuteMs });
    expect(world.simulator.progress.slowdowns).toBe(0);
  });

  it("has a command take effect with the next step, at its full power and no more", async () => {
    const world = worldOf({
      pacing: free(60),
      onClock(timeMs, { stop, valve }) {
        if (timeMs === startMs + 2 * minuteMs)
          valve.command({ valve_position: 25, source: "manual" }, timeMs);
        if (timeMs >= startMs + 5 * minuteMs) stop.abort();
      },
    });
    await world.simulator.run();
    expect(world.metrics().map(({ valve_position }) => valve_position)).toEqual([0, 0, 0, 25, 25, 25]);
    const [before, heating] = world.metrics().slice(2);
    expect(before.power_consumption).toBe(0);
    expect(heating.power_consumption).toBeLessThan(0.25 * building.heating.maxPower_w);
    expect(heating.power_consumption).toBeGreaterThan(200);
  });
});

describe("the simulated home, in lockstep", () => {
  it("stands still at every decision until it has come", async () => {
    const world = worldOf({
      pacing: lockstep(),
      onClock(timeMs, w) {
        if (timeMs >= startMs + 60 * minuteMs) w.stop.abort();
        else if (timeMs % quarterMs === 0 && w.simulator.progress.steps % 15 === 0) {
          setImmediate(() => {
            expect(w.clocks().at(-1)).toBe(timeMs);
            decide(w, timeMs);
          });
        }
      },
    });
    await world.simulator.run();
    const valves = world.metrics().map(({ valve_position }) => valve_position);
    const first = startMs / quarterMs;
    expect(valves).toEqual([
      0,
      ...Array.from({ length: 60 }, (_, minute) => 100 * ((first + Math.floor(minute / 15)) % 2)),
    ]);
    expect(world.simulator.progress.missedDecisions).toBe(0);
    expect(world.wall.now()).toBeLessThan(10_000);
  });

  it("repeats the time and the measurement, once a second, for a core that comes late", async () => {
    const world = worldOf({
      pacing: lockstep(),
      onClock(timeMs, w) {
        if (w.clocks().length === 6) decide(w, timeMs);
        if (timeMs > startMs) w.stop.abort();
      },
    });
    await world.simulator.run();
    const waiting = world.said.filter(({ wallMs }) => wallMs < 5_500).slice(0, 12);
    expect(waiting.map(({ clockMs }) => clockMs).filter(Boolean)).toEqual(Array(6).fill(startMs));
    expect(new Set(waiting.map(({ metrics }) => metrics?.temperature)).size).toBe(2);
    expect(waiting.at(-1)!.wallMs).toBe(5_000);
    expect(world.metrics()[6]).toMatchObject({ sim_time: "2026-01-11T00:01:00.000Z" });
  });

  it("charges nothing again while it waits", async () => {
    const world = worldOf({
      pacing: lockstep(),
      onClock(timeMs, w) {
        const waited = w.clocks().filter((clockMs) => clockMs === timeMs).length - 1;
        if (timeMs % quarterMs === 0 && waited === 2) {
          w.valve.command({ valve_position: 50, source: "mpc" }, timeMs);
          w.decisions.arrived(timeMs);
        }
        if (timeMs >= startMs + 46 * minuteMs) w.stop.abort();
      },
    });
    const day = { date: "2026-01-11", peak_price: 0.2, off_peak_price: 0.2 };
    world.prices.update({
      issued_at: "2026-01-11T00:00:00Z",
      tariff: "flat",
      source: "test",
      today: day,
      tomorrow: day,
      rates: [{ start: "2026-01-11T00:00:00Z", end: "2026-01-12T00:00:00Z", price: 0.2, period: "peak" }],
    });
    await world.simulator.run();
    const metrics = world.metrics();
    expect(metrics).toHaveLength(47 + 4 * 2);
    const total = metrics.reduce((sum, { heating_cost_step }) => sum + heating_cost_step!, 0);
    expect(total).toBeGreaterThan(0.05);
    expect(metrics.at(-1)!.heating_cost_cumulative).toBeCloseTo(total, 12);
  });

  it("does not take a command of before for the decision that is due", async () => {
    const world = worldOf({
      pacing: lockstep(),
      onClock(timeMs, w) {
        if (timeMs === startMs) decide(w, timeMs);
        if (timeMs !== startMs + quarterMs) return;
        w.decisions.arrived(timeMs - 1);
        if (w.wall.now() >= 4_000) w.stop.abort();
      },
    });
    await world.simulator.run();
    expect(world.simulator.progress).toMatchObject({ timeMs: startMs + quarterMs, steps: 15 });
  });

  it("goes on with a warning where no decision comes for too long", async () => {
    const world = worldOf({
      pacing: lockstep(),
      onClock(timeMs, { stop }) {
        if (timeMs >= startMs + 31 * minuteMs) stop.abort();
      },
    });
    await world.simulator.run();
    expect(world.simulator.progress.missedDecisions).toBe(3);
    expect(world.wall.now()).toBe(180_000);
    expect(world.logged.messages()).toEqual(Array(3).fill("no command came, going on without"));
  });

  it("ends where it waits when it is asked to", async () => {
    const world = worldOf({
      pacing: lockstep(),
      onClock: (_, { stop }) => setImmediate(() => stop.abort()),
    });
    await world.simulator.run();
    expect(world.simulator.progress.steps).toBe(0);
  });

  it("keeps to a speed where one is set, not counting the time it waited", async () => {
    const world = worldOf({
      pacing: lockstep(900),
      onClock(timeMs, w) {
        if (timeMs >= startMs + 2 * quarterMs) w.stop.abort();
        else if (timeMs % quarterMs === 0) {
          w.wall.take(300); // the controller thinks
          decide(w, timeMs);
        }
      },
    });
    await world.simulator.run();
    expect(world.wall.now()).toBeCloseTo(2_600, 6);
  });

  it("says the same again for the same seed and the same commands, whatever the machine's speed", async () => {
    const runWith = async (seed: number, stall_ms: number) => {
      const world = worldOf({
        pacing: lockstep(),
        seed,
        onClock(timeMs, w) {
          w.wall.take(stall_ms);
          if (timeMs >= startMs + 1500 * minuteMs) w.stop.abort();
          else if (timeMs % quarterMs === 0) decide(w, timeMs);
        },
      });
      await world.simulator.run();
      return world.metrics();
    };
    const metrics = await runWith(5, 0);
    expect(metrics).toHaveLength(1501);
    expect(await runWith(5, 250)).toEqual(metrics);
    expect((await runWith(6, 0)).map(({ temperature }) => temperature)).not.toEqual(
      metrics.map(({ temperature }) => temperature),
    );
  });
});
