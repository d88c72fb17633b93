/** Learns the house anew every night and when asked, beside everything else. */
import { rm } from "node:fs/promises";
import {
  type CalibrationResponse,
  type CalibrationResult,
  type CalibrationStart,
  isoTimeOf,
  type ModelState,
  sentenceOf,
} from "@azru/contracts";
import { type Clock, homeMinute, type Logger } from "@azru/runtime";
import { createThreads } from "@azru/runtime/threads";
import { type Building, unprovedHouse } from "@azru/simulation";
import { Counter, type Registry } from "prom-client";
import type { DoubtedTime } from "../home/doubt.ts";
import { type CalibratedBuilding, type HouseModel, houseModel } from "../home/house-model.ts";
import type { ModelInForce } from "../home/model-in-force.ts";
import type { CalibrationJob, CalibrationOutcome, Found } from "./calibrate-worker.ts";
import { beyondBounds, identityOf, keepCalibration, type Paused } from "./calibrated-building.ts";
import { comparedParameters, foundParameters } from "./parameters.ts";

export interface NightlyOptions
  extends Omit<CalibrationJob, "startMs" | "endMs" | "doubted" | "building" | "hasStates" | "simulated"> {
  readonly filePath: string;
  /** Of the building file. */
  readonly original: Building;
  readonly model: ModelInForce;
  /** Somebody went back to the building file before the start. */
  readonly paused: Paused | undefined;
  readonly isOn: boolean;
  readonly history_ms: number;
  readonly clock: Pick<Clock, "now" | "scheduleEvery" | "simulated">;
  readonly registry: Registry;
  readonly log: Logger;
}

const halfHour_ms = 1_800_000;
const time = "03:30"; // Europe/Paris; nobody cooks, the sun is down
const workerFile = new URL("./calibrate-worker.ts", import.meta.url);

/**
 * Learns the house from the recorded history every night at half past three, starting from the building that is in use,
 * or about to be. A new one is kept only where it predicts held-out days better (`calibrate`) and can be the house of
 * the file; it comes into force with the next decision. A refusal and a failure are logged, counted and published;
 * neither changes anything.
 */
export class NightlyCalibration {
  readonly #options: NightlyOptions;
  /** Of the building file. */
  readonly #fileModel: HouseModel;
  readonly #outcomes: Counter<"outcome">;
  #paused: Paused | undefined;
  #isGoingBack = false;
  #doubted: () => readonly DoubtedTime[] = () => [];
  #last: CalibrationResponse["last"] = null;
  #running: { readonly abort: AbortController; readonly done: Promise<void> } | undefined;

  constructor(options: NightlyOptions) {
    const { model, original, clock } = options;
    this.#options = options;
    this.#fileModel = model.now.calibrated ? this.#modelOf(original) : model.now;
    this.#paused = options.paused;
    this.#outcomes = new Counter({
      name: "azru_calibrations_total",
      help: "Calibrations by outcome",
      labelNames: ["outcome"],
      registers: [options.registry],
    });
    if (!options.isOn) return;
    clock.scheduleEvery(halfHour_ms, (dueMs) => {
      const isDue = homeMinute(dueMs).endsWith(time) && !this.#paused;
      return isDue && !this.#isBusy ? this.#run(dueMs) : undefined;
    });
  }

  /** The model in force, and what came of the last calibration. */
  get state(): ModelState {
    const { calibrated } = this.#options.model.now;
    return {
      source: sourceOf(this.#options.model.now),
      ...(calibrated && {
        calibrated_at: calibrated.calibrated_at,
        rmse_before: calibrated.rmse_before_k,
        rmse_after: calibrated.rmse_after_k,
      }),
      last_calibration: this.#last,
    };
  }

  get response(): CalibrationResponse {
    const { isOn, model } = this.#options;
    return {
      mode: !isOn ? "off" : this.#paused ? "paused" : "nightly",
      running: this.#running !== undefined,
      model: this.#modelInForce(),
      next: model.next ? sourceOf(model.next) : null,
      last: this.#last,
    };
  }

  /** Learns now, and every night again where somebody had gone back to the building file; undefined where it is off. */
  begin(): CalibrationStart | undefined {
    if (!this.#options.isOn) return undefined;
    if (this.#isBusy) return { status: "in_progress" };
    void this.#run(this.#options.clock.now());
    return { status: "started" };
  }

  /** Back to the building file, which stays until somebody asks to learn again; false where it is off. */
  async goBack(): Promise<boolean> {
    const { isOn, clock, filePath, log, model } = this.#options;
    if (!isOn) return false;
    this.#isGoingBack = true;
    try {
      const paused = { paused_at: isoTimeOf(clock.now()) };
      await this.#abort("back to the building file");
      await keepCalibration(filePath, paused);
      this.#paused = paused;
    } finally {
      this.#isGoingBack = false;
    }
    log.info("back to the building file: somebody asked for it");
    model.propose(this.#fileModel, "back to the building file");
    return true;
  }

  /** Times of which nothing is to be learnt, asked for whenever something is. */
  leaveOut(times: () => readonly DoubtedTime[]): void {
    this.#doubted = times;
  }

  async close(): Promise<void> {
    await this.#abort("stopping");
  }

  get #isBusy(): boolean {
    return this.#running !== undefined || this.#isGoingBack;
  }

  async #abort(why: string): Promise<void> {
    this.#running?.abort.abort(new Error(why));
    await this.#running?.done;
  }

  #run(nowMs: number): Promise<void> {
    const abort = new AbortController();
    const done = this.#learn(nowMs, abort.signal, this.#paused !== undefined)
      .catch((error: unknown) => {
        if (abort.signal.aborted) return;
        this.#options.log.error({ err: error }, "the calibration failed; the model in use stays");
        this.#finish(nowMs, "failed", "The calibration failed; the log says why.");
      })
      .finally(() => {
        this.#running = undefined;
      });
    this.#paused = undefined;
    this.#running = { abort, done };
    return done;
  }

  async #learn(nowMs: number, signal: AbortSignal, wasPaused: boolean): Promise<void> {
    const { original, model, filePath, log, history_ms, clock } = this.#options;
    const { store, rooms, weather, cacheFolder } = this.#options;
    if (wasPaused) await rm(filePath, { force: true });
    const { building: inUse } = model.next ?? model.now;
    const hasStates = model.now.known !== undefined;
    const job = {
      building: hasStates ? original : inUse,
      hasStates,
      store,
      rooms,
      simulated: clock.simulated,
      weather,
      cacheFolder,
      startMs: nowMs - history_ms,
      endMs: nowMs,
      doubted: this.#doubted(),
    };
    const outcome = await onThread(job, signal, (error) =>
      log.error({ err: error }, "the thread of the calibration failed at rest"),
    );
    const reason = outcome.accepted ? beyondBounds(original, outcome.building) : outcome.reason;
    signal.throwIfAborted();
    if (!outcome.accepted || reason !== undefined) {
      log.info(`calibration refused: ${reason}`);
      this.#finish(nowMs, "refused", reason ?? "", outcome.found);
      return;
    }
    const { building, known, found } = outcome;
    const calibrated = { ...calibratedOf(original, building, found, nowMs), ...(known && { known }) };
    await keepCalibration(filePath, calibrated);
    signal.throwIfAborted();
    const text = `On held-out days ${predicts(found)}; it comes into force with the next decision.`;
    log.info({ file: filePath }, `calibration accepted: ${text}`);
    this.#finish(nowMs, "accepted", text, found);
    model.propose(this.#modelOf(building, calibrated), "the house has been learnt anew");
  }

  #modelOf(building: Building, calibrated?: CalibratedBuilding): HouseModel {
    const { now } = this.#options.model;
    const known = calibrated?.known ?? (now.known && unprovedHouse(building));
    return houseModel(building, now.step.dtSeconds, calibrated, known);
  }

  #finish(timeMs: number, outcome: CalibrationResult["outcome"], reason: string, found?: Found): void {
    this.#outcomes.inc({ outcome });
    this.#last = {
      time: isoTimeOf(timeMs),
      outcome,
      reason: sentenceOf(reason),
      ...(found && { rmse_before: found.rmse_before_k, rmse_after: found.rmse_after_k }),
      parameters: found ? foundParameters(found.parameters) : [],
    };
  }

  #modelInForce(): CalibrationResponse["model"] {
    const { original, model } = this.#options;
    const { building, calibrated } = model.now;
    const parameters = comparedParameters(original, building, calibrated?.intervals ?? []);
    if (!calibrated) {
      const since = this.#paused?.paused_at ?? null;
      return { source: "file", since, reason: this.#whyTheFile(), parameters };
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

  #whyTheFile(): string {
    if (!this.#options.isOn) return "The house is not learnt: AZRU_CALIBRATE is off.";
    if (this.#paused) return "Somebody went back to the building file; POST /calibration learns again.";
    return "No calibration has been accepted yet.";
  }
}

function sourceOf({ calibrated }: HouseModel): ModelState["source"] {
  return calibrated ? "calibrated" : "file";
}

function calibratedOf(
  original: Building,
  building: Building,
  { rmse_before_k, rmse_after_k, parameters }: Found,
  nowMs: number,
): CalibratedBuilding {
  return {
    calibrated_at: isoTimeOf(nowMs),
    corrects: identityOf(original),
    rmse_before_k,
    rmse_after_k,
    intervals: foundParameters(parameters).map(({ name, low, high }) => ({ name, low, high })),
    building,
  };
}

function predicts({ rmse_before_k, rmse_after_k }: Pick<Found, "rmse_before_k" | "rmse_after_k">): string {
  return `it predicts a day ahead to ${rmse_after_k.toFixed(2)} K instead of ${rmse_before_k.toFixed(2)} K`;
}

/** A thread for one night: none waits through the day. */
async function onThread(
  job: CalibrationJob,
  signal: AbortSignal,
  onError: (error: Error) => void,
): Promise<CalibrationOutcome> {
  const thread = createThreads<CalibrationJob, CalibrationOutcome>({
    module: workerFile,
    minThreads: 1,
    maxThreads: 1,
    onError,
  });
  try {
    return await thread.run(job, { signal });
  } finally {
    await thread.end();
  }
}
