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
  /** Say what is so, without waiting for anybody. */
  readonly say: {
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
  /** Lives on until the signal; rejects only with what the first day's weather rejects with. */
  run(): Promise<void>;
}

/** The clock is told this often, also while it waits or a step takes longer. */
const tick_ms = 1_000;
/** Lag that is caught up with; more of it means that the machine is too slow. */
const tolerableLag_ms = 1_000;
const warnEvery_ms = 60_000;

/**
 * A simulated home. After each step it announces what its sensors say and then the time. In free pacing the
 * time follows the wall clock, as far as the machine keeps up; in lockstep it stands still at each decision
 * until the command has come. A command takes effect with the next step.
 */
export function createSimulator(options: SimulatorOptions): Simulator {
  const { twin, surroundings, prices, valve, sensors, pacing, say, wall, log, signal } = options;
  const { dtSeconds } = twin.model;
  const dtMs = dtSeconds * 1000;
  const progress: Progress = { timeMs: options.startMs, steps: 0, missedDecisions: 0, slowdowns: 0 };
  let pace: Pace = { wallMs: wall.now(), simulatedMs: options.startMs, speed: pacing.speed };
  let warnedMs = Number.NEGATIVE_INFINITY;

  async function conditionsAt(timeMs: number): Promise<Conditions> {
    const outside = await surroundings.at(timeMs);
    return { ...outside, price_eur_kwh: prices.over(timeMs, dtSeconds) };
  }

  function tell(timeMs: number): void {
    progress.timeMs = Math.max(progress.timeMs, timeMs);
    say.clock(progress.timeMs);
  }

  function announce(moment: Moment): SensorMetrics {
    const metrics = sensors(moment);
    say.metrics(metrics);
    tell(moment.timeMs);
    return metrics;
  }

  /** Waits until the step that ends at `endMs` is due. */
  async function passUntil(endMs: number): Promise<void> {
    let left_ms = dueMs(pace, endMs) - wall.now();
    await wall.wait(Math.max(0, Math.min(left_ms, tick_ms)), signal);
    for (;;) {
      const nowMs = wall.now();
      left_ms = dueMs(pace, endMs) - nowMs;
      if (left_ms <= 0 || signal.aborted) break;
      tell(Math.floor(Math.min(simulatedAt(pace, nowMs), endMs - 1)));
      await wall.wait(Math.min(left_ms, tick_ms), signal);
    }
    if (pacing.kind === "lockstep" || -left_ms <= tolerableLag_ms) return;
    const nowMs = wall.now();
    progress.slowdowns++;
    if (nowMs - warnedMs >= warnEvery_ms) {
      warnedMs = nowMs;
      const reached = (endMs - pace.simulatedMs) / (nowMs - pace.wallMs);
      log.warn({ speed: pace.speed, reached }, "the machine does not keep up, simulated time slows down");
    }
    pace = { ...pace, wallMs: nowMs, simulatedMs: endMs };
  }

  /** Stands still until the command for `moment` has come, telling the time to those who come late. */
  async function waitForDecision(moment: Moment, metrics: SensorMetrics): Promise<void> {
    if (pacing.kind === "free" || moment.timeMs % pacing.step_ms !== 0) return;
    const arrived = pacing.decisions.until(moment.timeMs).then(() => true);
    const untilMs = wall.now() + pacing.timeout_ms;
    const again: SensorMetrics = { ...metrics };
    if (metrics.heating_cost_step !== undefined) again.heating_cost_step = 0;
    for (;;) {
      const left_ms = untilMs - wall.now();
      const waiting = new AbortController();
      const passed = wall.wait(Math.min(left_ms, tick_ms), waiting.signal).then(() => false);
      const decided = await Promise.race([arrived, passed]);
      waiting.abort();
      if (decided || signal.aborted) break;
      if (left_ms <= tick_ms) {
        progress.missedDecisions++;
        log.warn(
          { time: metrics.sim_time, waited_ms: pacing.timeout_ms },
          "no command came, going on without",
        );
        break;
      }
      say.metrics(again);
      tell(moment.timeMs);
    }
    pace = { ...pace, wallMs: wall.now(), simulatedMs: moment.timeMs };
  }

  return {
    progress,
    async run() {
      if (pacing.kind === "lockstep") {
        signal.addEventListener("abort", () => pacing.decisions.arrived(Number.POSITIVE_INFINITY));
      }
      let outside = await conditionsAt(options.startMs);
      let moment = firstMoment(options.startMs, options.theta_start_c, outside);
      pace = { ...pace, wallMs: wall.now() };
      let metrics = announce(moment);
      while (!signal.aborted) {
        await waitForDecision(moment, metrics);
        const position = valve.positionAt(moment.timeMs);
        await passUntil(moment.timeMs + dtMs);
        if (signal.aborted) break;
        outside = await conditionsAt(moment.timeMs);
        moment = nextMoment(twin, moment, position, outside);
        progress.steps++;
        metrics = announce(moment);
      }
    },
  };
}
