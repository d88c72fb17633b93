/** The simulated home as it goes along: its clock, its sensors, its valve. */
import type { SensorMetrics } from "@azru/contracts";
import type { Log } from "@azru/messaging";
import type { Decisions } from "./lockstep.ts";
import { dueMs, type Pace, simulatedAt } from "./pacing.ts";
import type { Prices } from "./prices.ts";
import type { Sensors } from "./sensors.ts";
import type { Surroundings } from "./surroundings.ts";
import { type Conditions, firstMoment, type Moment, nextMoment, type Twin } from "./twin.ts";
import type { Valve } from "./valve.ts";
import type { Wall } from "./wall.ts";

/** How simulated time passes. */
export type Pacing =
  | { readonly kind: "free"; readonly speed: number }
  | {
      readonly kind: "lockstep";
      /** Upper bound; may be infinite. */
      readonly speed: number;
      /** A decision is due at every multiple of this. */
      readonly step_ms: number;
      /** Wall time after which the clock goes on without a decision. */
      readonly timeout_ms: number;
      readonly decisions: Decisions;
    };

export interface SimulatorOptions {
  readonly twin: Twin;
  readonly startMs: number; // Unix time
  readonly theta_start_c: number; // air and mass
  readonly surroundings: Surroundings;
  readonly prices: Prices;
  readonly valve: Valve;
  readonly sensors: Sensors;
  readonly pacing: Pacing;
  /** Publishes without waiting for the broker. */
  readonly publish: {
    metrics(metrics: SensorMetrics): void;
    clock(timeMs: number): void;
  };
  readonly wall: Wall;
  readonly log: Log;
  /** Ends the simulation. */
  readonly signal: AbortSignal;
}

/** What has happened since the start. */
interface Progress {
  /** Latest simulated time that was announced, Unix ms. */
  timeMs: number;
  steps: number;
  /** Decisions that the clock did not wait for any longer. */
  missedDecisions: number;
  /** How often the machine could not keep up with the speed. */
  slowdowns: number;
}

export interface Simulator {
  readonly progress: Readonly<Progress>;
  /** Simulates until the signal; rejects only with what the first day's weather rejects with. */
  run(): Promise<void>;
}

/** The clock is published this often, also while it waits or a step takes longer. */
const tick_ms = 1_000;
/** Lag that is caught up with; more of it means that the machine is too slow. */
const tolerableLag_ms = 1_000;
const warnEvery_ms = 60_000;

/**
 * A simulated home. After each step it publishes what its sensors measure and then the time. In free pacing the
 * time follows the wall clock, as far as the machine keeps up; in lockstep it stands still at each decision
 * until the command has come. A command takes effect with the next step.
 */
export function createSimulator(options: SimulatorOptions): Simulator {
  const { twin, startMs, surroundings, prices, valve, sensors, pacing, publish, signal } = options;
  const { dtSeconds } = twin.model;
  const progress: Progress = { timeMs: startMs, steps: 0, missedDecisions: 0, slowdowns: 0 };
  const pacer = createPacer(options, progress, publishTime);

  async function conditionsAt(timeMs: number): Promise<Conditions> {
    const outside = await surroundings.at(timeMs);
    return { ...outside, price_eur_kwh: prices.over(timeMs, dtSeconds) };
  }

  function publishTime(timeMs: number): void {
    progress.timeMs = Math.max(progress.timeMs, timeMs);
    publish.clock(progress.timeMs);
  }

  function publishMoment(moment: Moment): SensorMetrics {
    const metrics = sensors(moment);
    publish.metrics(metrics);
    publishTime(moment.timeMs);
    return metrics;
  }

  return {
    progress,
    async run() {
      if (pacing.kind === "lockstep") {
        signal.addEventListener("abort", () => pacing.decisions.arrived(Number.POSITIVE_INFINITY));
      }
      let moment = firstMoment(startMs, options.theta_start_c, await conditionsAt(startMs));
      pacer.start();
      let metrics = publishMoment(moment);
      while (!signal.aborted) {
        await pacer.waitForDecision(moment.timeMs, metrics);
        const position = valve.positionAt(moment.timeMs);
        await pacer.passUntil(moment.timeMs + dtSeconds * 1000);
        if (signal.aborted) break;
        moment = nextMoment(twin, moment, position, await conditionsAt(moment.timeMs));
        progress.steps++;
        metrics = publishMoment(moment);
      }
    },
  };
}

/** Lets wall time pass as simulated time is to follow it. */
function createPacer(
  { startMs, pacing, publish, wall, log, signal }: SimulatorOptions,
  progress: Progress,
  publishTime: (timeMs: number) => void,
) {
  let pace: Pace = { wallMs: wall.now(), simulatedMs: startMs, speed: pacing.speed };
  let warnedMs = Number.NEGATIVE_INFINITY;

  function slowDown(endMs: number): void {
    const nowMs = wall.now();
    progress.slowdowns++;
    if (nowMs - warnedMs >= warnEvery_ms) {
      warnedMs = nowMs;
      const reached = (endMs - pace.simulatedMs) / (nowMs - pace.wallMs);
      log.warn({ speed: pace.speed, reached }, "the machine does not keep up, simulated time slows down");
    }
    pace = { ...pace, wallMs: nowMs, simulatedMs: endMs };
  }

  return {
    /** Simulated time begins to pass. */
    start() {
      pace = { ...pace, wallMs: wall.now() };
    },

    /** Waits until the step that ends at `endMs` is due. */
    async passUntil(endMs: number): Promise<void> {
      let left_ms = dueMs(pace, endMs) - wall.now();
      await wall.wait(Math.max(0, Math.min(left_ms, tick_ms)), signal);
      for (;;) {
        const nowMs = wall.now();
        left_ms = dueMs(pace, endMs) - nowMs;
        if (left_ms <= 0 || signal.aborted) break;
        publishTime(Math.floor(Math.min(simulatedAt(pace, nowMs), endMs - 1)));
        await wall.wait(Math.min(left_ms, tick_ms), signal);
      }
      if (pacing.kind === "free" && -left_ms > tolerableLag_ms) slowDown(endMs);
    },

    /** Stands still until the command for `timeMs` has come, publishing the time for those who come late. */
    async waitForDecision(timeMs: number, metrics: SensorMetrics): Promise<void> {
      if (pacing.kind === "free" || timeMs % pacing.step_ms !== 0) return;
      const arrived = pacing.decisions.until(timeMs).then(() => true);
      const untilMs = wall.now() + pacing.timeout_ms;
      const again: SensorMetrics = { ...metrics };
      if (metrics.heating_cost_step !== undefined) again.heating_cost_step = 0;
      for (;;) {
        const left_ms = untilMs - wall.now();
        const waiting = new AbortController();
        const passed = wall.wait(Math.min(left_ms, tick_ms), waiting.signal).then(() => false);
        const isDecided = await Promise.race([arrived, passed]);
        waiting.abort();
        if (isDecided || signal.aborted) break;
        if (left_ms <= tick_ms) {
          progress.missedDecisions++;
          const details = { time: metrics.sim_time, waited_ms: pacing.timeout_ms };
          log.warn(details, "no command came, going on without");
          break;
        }
        publish.metrics(again);
        publishTime(timeMs);
      }
      pace = { ...pace, wallMs: wall.now(), simulatedMs: timeMs };
    },
  };
}
