/** The one writer of every series: what happens becomes points in the store. */
import {
  actuatorPoint,
  baselinePoint,
  comfortPoint,
  comfortRequestsPoint,
  estimatePoint,
  modePoint,
  mpcPoint,
  type Point,
  planPoints,
  rateMessage,
  type StateResponse,
  savingsPoint,
  sensorPoint,
  sentenceOf,
  tariffPoint,
} from "@azru/contracts";
import type { Clock, Logger } from "@azru/runtime";
import type { TimeSeriesStore } from "@azru/timeseries";
import type { ComfortKeeper } from "../comfort/comfort-keeper.ts";
import type { Optimisation } from "../decision/decision.ts";
import { modeState } from "../decision/mode.ts";
import { zoneEstimate } from "../home/zone-estimate.ts";
import type { CoreEvent } from "./core-event.ts";

export interface Recorder {
  /** Takes points of one matter: where the store refuses one of them, it refuses all. */
  write(points: readonly Point[]): void;
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
    if (points.length === 0) return;
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
    // Stores keep whole milliseconds.
    write: (points) => write(points.map((point) => ({ ...point, timeMs: Math.round(point.timeMs) }))),
    get counts() {
      return { recorded, refused };
    },
  };
}

/** Where the points of events are of, and what else they say. */
export interface RecordedHome {
  readonly room: string;
  readonly comfort: Pick<ComfortKeeper, "at" | "ceilingAt_c" | "of">;
  /** What the home has saved by now. */
  readonly savings: () => StateResponse["savings"];
}

/** @returns records each event in its series */
export function recordEvents({ write }: Recorder, home: RecordedHome): (event: CoreEvent) => void {
  const { room, comfort } = home;
  return (event) => {
    switch (event.kind) {
      case "reading": {
        const { reading, cost } = event;
        return write([sensorPoint(reading.room, { ...cost, ...reading.metrics }, reading.timeMs)]);
      }
      case "step": {
        const { startMs, baseline, estimate } = event;
        write(baseline.map((step) => baselinePoint(room, step.metrics, step.startMs)));
        if (estimate) write([estimatePoint(room, zoneEstimate(estimate), estimate.evidence, startMs)]);
        return undefined;
      }
      case "forecast": {
        const { startMs, rates, backOff_k } = event.forecast;
        const band = { ...comfort.at(startMs), max_c: comfort.ceilingAt_c(startMs), of: comfort.of };
        write([comfortPoint({ ...band, margin_k: backOff_k }, startMs)]);
        const rate = rates.find(({ endMs }) => endMs > event.timeMs);
        if (rate) write([tariffPoint(rateMessage(rate), startMs)]);
        const savings = home.savings();
        if (savings) write([savingsPoint(savings, startMs)]);
        return undefined;
      }
      case "decision":
        if (event.optimisation) write(optimisationPoints(event.id, event.optimisation));
        return write([actuatorPoint(room, event.command, event.timeMs)]);
      case "mode": {
        const { auto_mode, manual } = modeState(event.mode);
        return write([modePoint({ auto_mode, kind: event.mode.kind, ...manual }, event.timeMs)]);
      }
      case "comfortRequests":
        return write([comfortRequestsPoint(event.requests, event.timeMs)]);
      case "comfort": {
        const { in_force, max_c, of } = event.response;
        return write([comfortPoint({ ...in_force, max_c, of }, event.timeMs)]);
      }
    }
  };
}

function optimisationPoints(id: string, optimisation: Optimisation): Point[] {
  const { roundTrip_ms, answeredMs } = optimisation;
  if ("plan" in optimisation)
    return [mpcPoint(optimisation.plan, roundTrip_ms, answeredMs), ...planPoints(optimisation.plan)];
  const failed = {
    id,
    worker: "none",
    solve_ms: 0,
    status: "failed",
    error: sentenceOf(optimisation.why),
  } as const;
  return [mpcPoint(failed, roundTrip_ms, answeredMs)];
}
