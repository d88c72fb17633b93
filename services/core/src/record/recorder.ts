/** The one writer of every series: what happens becomes points in the store. */
import {
  actuatorPoint,
  baselinePoint,
  type ComfortBandInForce,
  type ComfortRequests,
  comfortPoint,
  comfortRequestsPoint,
  estimatePoint,
  type MpcPlan,
  modePoint,
  mpcPoint,
  type Point,
  planPoints,
  type Rate,
  rateMessage,
  type StateResponse,
  savingsPoint,
  sensorPoint,
  sentenceOf,
  tariffPoint,
  type ValveCommand,
  type ZoneEstimate,
} from "@azru/contracts";
import type { NoiseEvidence } from "@azru/identification";
import type { Clock, Logger } from "@azru/runtime";
import type { TimeSeriesStore } from "@azru/timeseries";
import type { ComfortKeeper } from "../comfort/comfort-keeper.ts";
import type { Optimisation } from "../decision/decision.ts";
import { type Mode, modeState } from "../decision/mode.ts";
import type { BaselineStep } from "../home/baseline.ts";
import type { Cost } from "../home/energy-meter.ts";
import type { Reading } from "../home/reading.ts";
import { zoneEstimate } from "../home/zone-estimate.ts";
import type { CoreEvent } from "./core-event.ts";

export interface Recorder {
  /** A reading; of `cost` what the sensor does not measure. */
  reading(reading: Reading, cost: Cost): void;
  command(room: string, command: ValveCommand, timeMs: number): void;
  optimisation(plan: MpcPlan, roundTrip_ms: number, timeMs: number): void;
  rate(rate: Rate, timeMs: number): void;
  mode(mode: Mode, timeMs: number): void;
  comfort(band: ComfortBandInForce, timeMs: number): void;
  comfortRequests(requests: ComfortRequests, timeMs: number): void;
  estimate(room: string, estimate: ZoneEstimate, noise: NoiseEvidence, timeMs: number): void;
  baseline(room: string, steps: readonly BaselineStep[]): void;
  savings(savings: Omit<NonNullable<StateResponse["savings"]>, "against">, timeMs: number): void;
  /** Points handed to the store, and those that no store could keep. */
  readonly counts: { readonly recorded: number; readonly refused: number };
}

/** Points of a time that is not known yet, kept until it is; beyond, the oldest are given up and counted. */
const mostUndated = 20_000;

const alwaysKnown = { isKnown: true, onChange: () => () => undefined };

/** Times are home time, Unix ms; what happens while that is not known is dated when it is. A point that the store refuses is counted and logged. */
export function createRecorder(
  store: Pick<TimeSeriesStore, "write">,
  log: Logger,
  clock: Pick<Clock, "isKnown" | "onChange"> = alwaysKnown,
): Recorder {
  let recorded = 0;
  let refused = 0;
  /** What happened while nobody knew when. */
  let undated: readonly Point[] = [];
  clock.onChange(({ fromMs, toMs }) => {
    const dated = undated.map((point) => ({ ...point, timeMs: point.timeMs + toMs - fromMs }));
    undated = [];
    if (dated.length > 0) write(dated);
  });

  function write(points: readonly Point[]): void {
    if (!clock.isKnown) {
      const kept = [...undated, ...points].slice(-mostUndated);
      refused += undated.length + points.length - kept.length;
      undated = kept;
      return;
    }
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
      write([modePoint({ auto_mode, kind: mode.kind, ...manual }, whole(timeMs))]);
    },
    comfort: (band, timeMs) => write([comfortPoint(band, whole(timeMs))]),
    comfortRequests: (requests, timeMs) => write([comfortRequestsPoint(requests, whole(timeMs))]),
    estimate: (room, estimate, noise, timeMs) => write([estimatePoint(room, estimate, noise, whole(timeMs))]),
    baseline(room, steps) {
      if (steps.length === 0) return;
      write(steps.map(({ startMs, metrics }) => baselinePoint(room, metrics, whole(startMs))));
    },
    savings: (savings, timeMs) => write([savingsPoint(savings, whole(timeMs))]),
    get counts() {
      return { recorded, refused };
    },
  };
}

/** Stores keep whole milliseconds. */
function whole(timeMs: number): number {
  return Math.round(timeMs);
}

/** Where the points of events are of, and what else they say. */
export interface RecordedHome {
  readonly room: string;
  readonly comfort: Pick<ComfortKeeper, "at" | "ceilingAt_c" | "of">;
  /** What the home has saved by now. */
  readonly savings: () => StateResponse["savings"];
}

/** @returns records each event in its series */
export function recordEvents(recorder: Recorder, home: RecordedHome): (event: CoreEvent) => void {
  const { room, comfort } = home;
  return (event) => {
    switch (event.kind) {
      case "reading":
        return recorder.reading(event.reading, event.cost);
      case "step": {
        const { startMs, baseline, estimate } = event;
        recorder.baseline(room, baseline);
        if (estimate) recorder.estimate(room, zoneEstimate(estimate), estimate.evidence, startMs);
        return undefined;
      }
      case "forecast": {
        const { startMs, rates, backOff_k } = event.forecast;
        const band = { ...comfort.at(startMs), max_c: comfort.ceilingAt_c(startMs), of: comfort.of };
        recorder.comfort({ ...band, margin_k: backOff_k }, startMs);
        const rate = rates.find(({ endMs }) => endMs > event.timeMs);
        if (rate) recorder.rate(rateMessage(rate), startMs);
        const savings = home.savings();
        if (savings) recorder.savings(savings, startMs);
        return undefined;
      }
      case "decision":
        if (event.optimisation) recordOptimisation(recorder, event.id, event.optimisation);
        return recorder.command(room, event.command, event.timeMs);
      case "mode":
        return recorder.mode(event.mode, event.timeMs);
      case "comfortRequests":
        return recorder.comfortRequests(event.requests, event.timeMs);
      case "comfort": {
        const { in_force, max_c, of } = event.response;
        return recorder.comfort({ ...in_force, max_c, of }, event.timeMs);
      }
    }
  };
}

function recordOptimisation(recorder: Recorder, id: string, optimisation: Optimisation): void {
  const { roundTrip_ms, answeredMs } = optimisation;
  const plan =
    "plan" in optimisation
      ? optimisation.plan
      : {
          id,
          worker: "none",
          solve_ms: 0,
          status: "failed" as const,
          error: sentenceOf(optimisation.why),
        };
  recorder.optimisation(plan, roundTrip_ms, answeredMs);
}
