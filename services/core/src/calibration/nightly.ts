/** Learns the house anew every night and when asked, beside everything else. */
import { rm } from "node:fs/promises";
import {
  type CalibrationBegun,
  type CalibrationResponse,
  type CalibrationResult,
  isoTimeOf,
  type ModelState,
  sentenceOf,
} from "@azru/contracts";
import { type Clock, homeMinute, type Logger } from "@azru/runtime";
import type { Building } from "@azru/simulation";
import { Piscina } from "piscina";
import { Counter, type Registry } from "prom-client";
import { type HouseModel, houseModel } from "../home/house-model.ts";
import type { ModelInForce } from "../home/model-in-force.ts";
import type { CalibrationJob, CalibrationOutcome, Found } from "./calibrate-worker.ts";
import { beyondBounds, identityOf, keepCalibration, type Paused } from "./calibrated-building.ts";
import { comparedParameters, foundParameters } from "./parameters.ts";

export interface NightlyOptions extends Omit<CalibrationJob, "startMs" | "endMs" | "building"> {
  readonly filePath: string;
  /** Of the building file. */
  readonly original: Building;
  readonly model: ModelInForce;
  /** Somebody went back to the building file in an earlier life. */
  readonly paused: Paused | undefined;
  readonly isOn: boolean;
  readonly history_ms: number;
  readonly clock: Pick<Clock, "now" | "scheduleEvery">;
  readonly registry: Registry;
  readonly log: Logger;
}

export interface Nightly {
  /** The model in force, and what came of the last calibration. */
  readonly state: ModelState;
  readonly response: CalibrationResponse;
  /** Learns now, and every night again where somebody had gone back to the building file; undefined where it is off. */
  begin(): CalibrationBegun | undefined;
  /** Back to the building file, which stays until somebody asks to learn again; false where it is off. */
  goBack(): Promise<boolean>;
  close(): Promise<void>;
}

const halfHour_ms = 1_800_000;
const time = "03:30"; // Europe/Paris; nobody cooks, the sun is down
const workerFile = new URL("./calibrate-worker.ts", import.meta.url);

/**
 * Every night at half past three the recorded history is held against the building that is in use, or about to be.
 * A new one is kept only where it foretells held-out days better (`calibrate`) and can be the house of the file; it
 * comes into force with the next decision. A refusal and a failure are logged, counted and told; neither changes
 * anything.
 */
export function nightlyCalibration(options: NightlyOptions): Nightly {
  const { original, model, filePath, clock, log, history_ms } = options;
  const dtSeconds = model.now.step.dtSeconds;
  const fileModel = model.now.calibrated ? houseModel(original, dtSeconds) : model.now;
  const outcomes = new Counter({
    name: "azru_calibrations_total",
    help: "Calibrations by outcome",
    labelNames: ["outcome"],
    registers: [options.registry],
  });
  let paused = options.paused;
  let isGoingBack = false;
  let last: CalibrationResponse["last"] = null;
  let running: { readonly abort: AbortController; readonly done: Promise<void> } | undefined;

  function run(nowMs: number): Promise<void> {
    const abort = new AbortController();
    const done = learn(nowMs, abort.signal, paused !== undefined)
      .catch((error: unknown) => {
        if (abort.signal.aborted) return;
        log.error({ err: error }, "the calibration failed; the model in use stays");
        tell(nowMs, "failed", "The calibration failed; the log says why.");
      })
      .finally(() => {
        running = undefined;
      });
    paused = undefined;
    running = { abort, done };
    return done;
  }

  async function learn(nowMs: number, signal: AbortSignal, wasPaused: boolean): Promise<void> {
    if (wasPaused) await rm(filePath, { force: true });
    const { store, weather, cacheFolder } = options;
    const { building: inUse } = model.next ?? model.now;
    const job = { building: inUse, store, weather, cacheFolder, startMs: nowMs - history_ms, endMs: nowMs };
    const outcome = await onThread(job, signal);
    const reason = outcome.accepted ? beyondBounds(original, outcome.building) : outcome.reason;
    signal.throwIfAborted();
    if (!outcome.accepted || reason !== undefined) {
      log.info(`calibration refused: ${reason}`);
      tell(nowMs, "refused", reason ?? "", outcome.found);
      return;
    }
    const { building, found } = outcome;
    const learnt = learntModel(building, found, nowMs);
    await keepCalibration(filePath, learnt.calibrated!);
    signal.throwIfAborted();
    const text = `On held-out days ${predicts(found)}; it comes into force with the next decision.`;
    log.info({ file: filePath }, `calibration accepted: ${text}`);
    tell(nowMs, "accepted", text, found);
    model.propose(learnt, "the house has been learnt anew");
  }

  function learntModel(building: Building, found: Found, nowMs: number): HouseModel {
    const { rmse_before_k, rmse_after_k } = found;
    const intervals = foundParameters(found.parameters).map(({ name, low, high }) => ({ name, low, high }));
    return houseModel(building, dtSeconds, {
      calibrated_at: isoTimeOf(nowMs),
      corrects: identityOf(original),
      rmse_before_k,
      rmse_after_k,
      intervals,
      building,
    });
  }

  function tell(timeMs: number, outcome: CalibrationResult["outcome"], reason: string, found?: Found): void {
    outcomes.inc({ outcome });
    last = {
      time: isoTimeOf(timeMs),
      outcome,
      reason: sentenceOf(reason),
      ...(found && { rmse_before: found.rmse_before_k, rmse_after: found.rmse_after_k }),
      parameters: found ? foundParameters(found.parameters) : [],
    };
  }

  function inForce(): CalibrationResponse["model"] {
    const { building, calibrated } = model.now;
    const parameters = comparedParameters(original, building, calibrated?.intervals ?? []);
    if (!calibrated) {
      return { source: "file", since: paused?.paused_at ?? null, reason: whyTheFile(), parameters };
    }
    const { calibrated_at, rmse_before_k, rmse_after_k } = calibrated;
    return {
      source: "calibrated",
      since: calibrated_at,
      reason: `Learnt from what was recorded: on held-out days ${predicts(calibrated)}.`,
      rmse_before: rmse_before_k,
      rmse_after: rmse_after_k,
      parameters,
    };
  }

  function whyTheFile(): string {
    if (!options.isOn) return "The house is not learnt: AZRU_CALIBRATE is off.";
    if (paused) return "Somebody went back to the building file; POST /calibration learns again.";
    return "No calibration has been accepted yet.";
  }

  if (options.isOn) {
    clock.scheduleEvery(halfHour_ms, (dueMs) => {
      if (running || isGoingBack || paused || !homeMinute(dueMs).endsWith(time)) return undefined;
      return run(dueMs);
    });
  }

  return {
    get state() {
      const { calibrated } = model.now;
      return {
        source: calibrated ? ("calibrated" as const) : ("file" as const),
        ...(calibrated && {
          calibrated_at: calibrated.calibrated_at,
          rmse_before: calibrated.rmse_before_k,
          rmse_after: calibrated.rmse_after_k,
        }),
        last_calibration: last,
      };
    },
    get response() {
      return {
        mode: !options.isOn ? ("off" as const) : paused ? ("paused" as const) : ("nightly" as const),
        running: running !== undefined,
        model: inForce(),
        next: model.next ? (model.next.calibrated ? ("calibrated" as const) : ("file" as const)) : null,
        last,
      };
    },
    begin() {
      if (!options.isOn) return undefined;
      if (running || isGoingBack) return { status: "in_progress" };
      void run(clock.now());
      return { status: "started" };
    },
    async goBack() {
      if (!options.isOn) return false;
      isGoingBack = true;
      try {
        const asked = { paused_at: isoTimeOf(clock.now()) };
        running?.abort.abort(new Error("back to the building file"));
        await running?.done;
        await keepCalibration(filePath, asked);
        paused = asked;
      } finally {
        isGoingBack = false;
      }
      log.info("back to the building file: somebody asked for it");
      model.propose(fileModel, "back to the building file");
      return true;
    },
    async close() {
      running?.abort.abort(new Error("stopping"));
      await running?.done;
    },
  };
}

function predicts({ rmse_before_k, rmse_after_k }: Pick<Found, "rmse_before_k" | "rmse_after_k">): string {
  return `it predicts a day ahead to ${rmse_after_k.toFixed(2)} K instead of ${rmse_before_k.toFixed(2)} K`;
}

/** A thread for one night: none waits through the day. */
async function onThread(job: CalibrationJob, signal: AbortSignal): Promise<CalibrationOutcome> {
  const pool = new Piscina<CalibrationJob, CalibrationOutcome>({ filename: workerFile.href, maxThreads: 1 });
  try {
    return await pool.run(job, { signal });
  } finally {
    await pool.destroy();
  }
}
