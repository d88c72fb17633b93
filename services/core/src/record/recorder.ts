/** The one writer of every series: what happens becomes points in the store. */
import {
  actuatorPoint,
  baselinePoint,
  type ComfortInForce,
  type ComfortWishes,
  comfortPoint,
  estimatePoint,
  type MpcPlan,
  modePoint,
  mpcPoint,
  type Point,
  planPoints,
  type Rate,
  type SensorMetrics,
  sensorPoint,
  tariffPoint,
  type ValveCommand,
  wishesPoint,
  type ZoneEstimate,
} from "@azru/contracts";
import type { NoiseEvidence } from "@azru/identification";
import type { Logger } from "@azru/runtime";
import type { TimeSeriesStore } from "@azru/timeseries";
import { type Mode, modeState } from "../decision/mode.ts";
import type { BaselineStep } from "../home/baseline.ts";
import type { Reading } from "../home/reading.ts";

/** What a reading cost, where the sensor does not tell. */
export type Cost = Pick<SensorMetrics, "electricity_price" | "heating_cost_step" | "heating_cost_cumulative">;

/** Points handed to the store, and those that no store could keep. */
export interface RecorderCounts {
  readonly recorded: number;
  readonly refused: number;
}

export interface Recorder {
  /** A reading; of `cost` what the sensor does not tell. */
  reading(reading: Reading, cost: Cost): void;
  command(room: string, command: ValveCommand, timeMs: number): void;
  optimisation(plan: MpcPlan, roundTrip_ms: number, timeMs: number): void;
  rate(rate: Rate, timeMs: number): void;
  mode(mode: Mode, timeMs: number): void;
  comfort(
    wish: Pick<ComfortInForce, "setpoint_c" | "rule" | "preset">,
    max_c: number,
    margin_k: number | undefined,
    timeMs: number,
  ): void;
  wishes(wishes: ComfortWishes, timeMs: number): void;
  estimate(room: string, estimate: ZoneEstimate, noise: NoiseEvidence, timeMs: number): void;
  baseline(room: string, steps: readonly BaselineStep[]): void;
  readonly counts: RecorderCounts;
}

/** Times are home time, Unix ms. A point that the store refuses is counted and logged. */
export function createRecorder(store: Pick<TimeSeriesStore, "write">, log: Logger): Recorder {
  let recorded = 0;
  let refused = 0;

  function write(points: readonly Point[]): void {
    try {
      store.write(points);
      recorded += points.length;
    } catch (error) {
      refused += points.length;
      log.error({ err: error, points: points.length }, "points refused by the store");
    }
  }

  return {
    reading: ({ room, metrics, timeMs }, cost) =>
      write([sensorPoint(room, { ...cost, ...metrics }, whole(timeMs))]),
    command: (room, command, timeMs) => write([actuatorPoint(room, command, whole(timeMs))]),
    optimisation: (plan, roundTrip_ms, timeMs) =>
      write([
        mpcPoint(plan, roundTrip_ms, whole(timeMs)),
        ...(plan.status === "optimal" ? planPoints(plan) : []),
      ]),
    rate: (rate, timeMs) => write([tariffPoint(rate, whole(timeMs))]),
    mode(mode, timeMs) {
      const { auto_mode, manual } = modeState(mode);
      write([
        modePoint(
          { auto_mode, valve_position: manual?.valve_position, expires_at: manual?.expires_at },
          whole(timeMs),
        ),
      ]);
    },
    comfort: (wish, max_c, margin_k, timeMs) => write([comfortPoint(wish, max_c, margin_k, whole(timeMs))]),
    wishes: (wishes, timeMs) => write([wishesPoint(wishes, whole(timeMs))]),
    estimate: (room, estimate, noise, timeMs) => write([estimatePoint(room, estimate, noise, whole(timeMs))]),
    baseline(room, steps) {
      if (steps.length === 0) return;
      write(steps.map(({ startMs, metrics }) => baselinePoint(room, metrics, whole(startMs))));
    },
    get counts() {
      return { recorded, refused };
    },
  };
}

/** Stores keep whole milliseconds. */
function whole(timeMs: number): number {
  return Math.round(timeMs);
}
