/** On a thread of its own: reads the home's history, and corrects the building in use by it. */
import { HistoryError, readMeasurements, toHistory } from "@azru/history";
import {
  calibrate,
  type Findings,
  type History,
  learnHouse,
  type ParameterRow,
  parameterRows,
} from "@azru/identification";
import { homeHour } from "@azru/runtime";
import { type Building, houseAfter, type KnownHouse } from "@azru/simulation";
import { type OpenStoreOptions, openStore, storeOf } from "@azru/timeseries";
import type { DoubtedTime } from "../home/doubt.ts";

/** What is asked of the thread. */
export interface CalibrationJob {
  readonly building: Building;
  /** Whether a house of several states is learnt; else the 5R1C zone is corrected. */
  readonly hasStates: boolean;
  readonly store: Pick<OpenStoreOptions, "influx" | "filePath">;
  /** Whether the home is the digital twin; a real one is not learnt from what was simulated before it. */
  readonly simulated: boolean;
  /** Whose sensors are learnt from: those that decide, and the heated one's. */
  readonly rooms: readonly string[];
  readonly startMs: number; // home time
  readonly endMs: number;
  /** Times in which thermometer or heating were doubted: nothing is learnt of them. */
  readonly doubted: readonly DoubtedTime[];
  readonly weather: string;
  readonly cacheFolder: string;
}

/** What it answers. */
export type CalibrationOutcome =
  | { readonly accepted: false; readonly reason: string; readonly found?: Found | undefined }
  | {
      readonly accepted: true;
      readonly building: Building;
      /** The house of several states. */
      readonly known?: KnownHouse;
      readonly found: Found;
    };

/** What was found in the history. */
export interface Found {
  /** A day ahead on the same held-out days, K: of the building in use and of the new one. */
  readonly rmse_before_k: number;
  readonly rmse_after_k: number;
  readonly parameters: readonly ParameterRow[];
}

export default async function recalibrated(job: CalibrationJob): Promise<CalibrationOutcome> {
  const { building, startMs, endMs, weather, cacheFolder } = job;
  const { store, reason } = await openStore(job.store);
  try {
    const own = job.simulated ? store : storeOf(store, "real");
    const measured = await readMeasurements(own, { rooms: job.rooms, startMs, endMs }, reason);
    const request = { heat: "auto", weather, cacheFolder, nowMs: endMs } as const;
    const history = without(await toHistory(measured, building, request), job.doubted);
    if (job.hasStates) return learnt(history, building);
    const result = calibrate(building, history);
    return result.accepted
      ? { accepted: true, building: result.building, found: foundIn(building, result.findings) }
      : {
          accepted: false,
          reason: result.reason,
          found: result.findings && foundIn(building, result.findings),
        };
  } catch (error) {
    if (error instanceof HistoryError) return { accepted: false, reason: error.message };
    throw error;
  } finally {
    await store.close();
  }
}

/** The history without the temperatures of some times. */
function without(history: History, times: readonly DoubtedTime[]): History {
  const { startMs: fromMs, dtSeconds } = history;
  const isLeftOut = (timeMs: number) =>
    times.some(({ startMs, endMs }) => timeMs >= startMs && timeMs < endMs);
  const theta_air_c = history.theta_air_c.map((theta, k) =>
    isLeftOut(fromMs + k * dtSeconds * 1000) ? Number.NaN : theta,
  );
  return { ...history, theta_air_c };
}

/** Whoever learns a house of several states says why a refusal is one, and keeps the file's where that is better. */
function learnt(history: History, building: Building): CalibrationOutcome {
  const learning = learnHouse(history, building, { hourOfDay: homeHour });
  const { accepted, reason, advice, validation } = learning;
  const found = validation && {
    rmse_before_k: validation.file.rms_k,
    rmse_after_k: validation.learnt.rms_k,
    parameters: [],
  };
  if (accepted && found) return { accepted, building, known: houseAfter(learning), found };
  const why = [reason ?? "Nothing could be learnt.", ...advice].join(" ");
  return { accepted: false, reason: why, ...(found && { found }) };
}

function foundIn(building: Building, findings: Findings): Found {
  const { file, calibrated } = findings.validation;
  return {
    rmse_before_k: file.rmse_k,
    rmse_after_k: calibrated.rmse_k,
    parameters: parameterRows(building, findings),
  };
}
