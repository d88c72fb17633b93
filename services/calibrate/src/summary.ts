import type { BuildingFile } from "@azru/contracts";
import { type Calibration, type History, parameterRows } from "@azru/identification";
import { homeMinute } from "@azru/runtime";
import Table from "cli-table3";

/** A calibration with what went into it. */
export interface Study {
  readonly source: string; // of the measurements, for people
  readonly building: BuildingFile;
  readonly history: History;
  readonly result: Calibration<BuildingFile>;
}

/** What was learned from how much, in one sentence; a refusal's reason. */
export function verdict({ result }: Study): string {
  if (!result.accepted) return `Refused. ${result.reason}`;
  const { file, calibrated } = result.findings.validation;
  return `Calibrated. On held-out days the air temperature a day ahead is predicted to ${calibrated.rmse_k.toFixed(2)} K, with the file as it was to ${file.rmse_k.toFixed(2)} K.`;
}

/** The result as text for a terminal. */
export function summaryText(study: Study): string {
  const { source, building, history, result } = study;
  const steps = history.theta_air_c.length;
  const endMs = history.startMs + steps * history.dtSeconds * 1000;
  const lines = [
    `${homeMinute(history.startMs)} to ${homeMinute(endMs)} (Europe/Paris), steps of ${history.dtSeconds / 60} min`,
    `measurements: ${source}`,
  ];
  if (result.findings) {
    const { validation, identification, notes } = result.findings;
    const parameters = table(["", "file", "history", "95 % interval", ""]);
    for (const { label, unit, decimals, file, value, low, high } of parameterRows(
      building,
      result.findings,
    )) {
      const text = (number: number) => number.toFixed(decimals);
      parameters.push([label, text(file), text(value), `${text(low)} to ${text(high)}`, unit]);
    }
    const errors = table(["a day ahead, on held-out days", "RMSE, K"]);
    errors.push(
      ["this file", validation.file.rmse_k.toFixed(3)],
      ["calibrated", validation.calibrated.rmse_k.toFixed(3)],
      ["the mean of the day before", validation.persistence.rmse_k.toFixed(3)],
    );
    lines.push(
      `${identification.samples} measurements until ${homeMinute(history.startMs + validation.heldOutFrom * history.dtSeconds * 1000)}; ${validation.calibrated.predictions} predictions after it`,
      "",
      parameters.toString(),
      "",
      errors.toString(),
      ...notes,
    );
  }
  return [...lines, "", verdict(study)].join("\n");
}

function table(head: string[]) {
  return new Table({
    head,
    style: { head: [], border: [], compact: true },
    colAligns: head.map((_, i) => (i === 0 || i === 4 ? "left" : "right")),
  });
}

/** The result as plain data for `--json`. */
export function summaryJson({ source, building, history, result }: Study): unknown {
  const { findings } = result;
  return {
    accepted: result.accepted,
    ...(!result.accepted && { reason: result.reason }),
    source,
    start: new Date(history.startMs).toISOString(),
    steps: history.theta_air_c.length,
    step_s: history.dtSeconds,
    ...(findings && {
      parameters: parameterRows(building, findings),
      validation: {
        held_out_from: new Date(
          history.startMs + findings.validation.heldOutFrom * history.dtSeconds * 1000,
        ).toISOString(),
        predictions: findings.validation.calibrated.predictions,
        file_rmse_k: findings.validation.file.rmse_k,
        calibrated_rmse_k: findings.validation.calibrated.rmse_k,
        persistence_rmse_k: findings.validation.persistence.rmse_k,
      },
      residual_k: findings.identification.residual_k,
      autocorrelation: findings.identification.autocorrelation,
      outliers: findings.identification.outliers,
      notes: findings.notes,
    }),
    ...(result.accepted && { building: result.building }),
  };
}
