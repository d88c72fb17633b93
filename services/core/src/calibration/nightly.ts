/** Learns the house anew every night, beside everything else. */
import { isoTimeOf, type ModelState } from "@azru/contracts";
import { type Clock, homeMinute, type Logger } from "@azru/runtime";
import type { Building } from "@azru/simulation";
import { Piscina } from "piscina";
import { Counter, type Registry } from "prom-client";
import type { CalibrationJob, CalibrationOutcome } from "./calibrate-worker.ts";
import { beyondBounds, type CalibratedBuilding, identityOf, writeCalibrated } from "./calibrated-building.ts";

export interface NightlyOptions extends Omit<CalibrationJob, "startMs" | "endMs" | "building"> {
  readonly filePath: string;
  /** Of the building file. */
  readonly original: Building;
  /** In force since the start; absent where the building file is. */
  readonly calibrated: CalibratedBuilding | undefined;
  readonly isOn: boolean;
  readonly history_ms: number;
  readonly clock: Pick<Clock, "scheduleEvery">;
  readonly registry: Registry;
  readonly log: Logger;
}

export interface Nightly {
  /** The model in force, and what came of the last night. */
  readonly state: ModelState;
  close(): Promise<void>;
}

const halfHour_ms = 1_800_000;
const time = "03:30"; // Europe/Paris; nobody cooks, the sun is down
const workerFile = new URL("./calibrate-worker.ts", import.meta.url);

/**
 * Every night at half past three the recorded history is held against the building that is in use, or will be. A
 * new one is kept only where it foretells held-out days better (`calibrate`) and can be the house of the file; it
 * comes into force with the next start. A refusal and a failure are logged, counted and told; neither changes
 * anything.
 */
export function nightlyCalibration(options: NightlyOptions): Nightly {
  const { original, filePath, log, history_ms } = options;
  const outcomes = new Counter({
    name: "azru_calibrations_total",
    help: "Nightly calibrations by outcome",
    labelNames: ["outcome"],
    registers: [options.registry],
  });
  let kept = options.calibrated;
  let last: ModelState["last_calibration"] = null;
  let running: Promise<void> | undefined;
  const closing = new AbortController();

  async function calibrateAt(nowMs: number): Promise<void> {
    const { store, weather, cacheFolder } = options;
    const building = kept?.building ?? original;
    const job = { building, store, weather, cacheFolder, startMs: nowMs - history_ms, endMs: nowMs };
    running = judge(job, nowMs).catch((error: unknown) => {
      if (closing.signal.aborted) return;
      log.error({ err: error }, "the nightly calibration failed; the model in use stays");
      tell(nowMs, "failed", "The calibration failed; the log says why.");
    });
    await running;
    running = undefined;
  }

  async function judge(job: CalibrationJob, nowMs: number): Promise<void> {
    const outcome = await onThread(job, closing.signal);
    const reason = outcome.accepted ? beyondBounds(original, outcome.building) : outcome.reason;
    if (!outcome.accepted || reason !== undefined) {
      log.info(`nightly calibration refused: ${reason}`);
      tell(nowMs, "refused", reason ?? "");
      return;
    }
    const { building, rmse_before_k, rmse_after_k } = outcome;
    const calibrated_at = isoTimeOf(nowMs);
    kept = { calibrated_at, corrects: identityOf(original), rmse_before_k, rmse_after_k, building };
    await writeCalibrated(filePath, kept);
    const text = `On held-out days it predicts a day ahead to ${rmse_after_k.toFixed(2)} K instead of ${rmse_before_k.toFixed(2)} K; it comes into force with the next start.`;
    log.info({ file: filePath }, `nightly calibration accepted: ${text}`);
    tell(nowMs, "accepted", text);
  }

  function tell(timeMs: number, outcome: "accepted" | "refused" | "failed", reason: string): void {
    outcomes.inc({ outcome });
    last = { time: isoTimeOf(timeMs), outcome, reason: reason.slice(0, 500) };
  }

  if (options.isOn) {
    options.clock.scheduleEvery(halfHour_ms, (dueMs) => {
      if (running || !homeMinute(dueMs).endsWith(time)) return undefined;
      return calibrateAt(dueMs);
    });
  }

  const inForce = options.calibrated;
  return {
    get state() {
      return {
        source: inForce ? ("calibrated" as const) : ("file" as const),
        ...(inForce && {
          calibrated_at: inForce.calibrated_at,
          rmse_before: inForce.rmse_before_k,
          rmse_after: inForce.rmse_after_k,
        }),
        last_calibration: last,
      };
    },
    async close() {
      closing.abort();
      await running;
    },
  };
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
