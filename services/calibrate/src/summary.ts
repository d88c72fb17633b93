import type { BuildingFile } from "@azru/contracts";
import { type Calibration, type History, type Learning, parameterRows } from "@azru/identification";
import { homeMinute } from "@azru/runtime";
import Table from "cli-table3";

/** What a history taught, with what went into it. */
export interface Study {
  readonly source: string; // of the measurements, for people
  readonly building: BuildingFile;
  readonly history: History;
  /** The house of several states. */
  readonly learning: Learning;
  /** The zone of ISO 13790. */
  readonly result: Calibration<BuildingFile>;
}

/** Whether there is something to write into a building file. */
export function isAccepted({ learning, result }: Study): boolean {
  return learning.accepted || result.accepted;
}

/** What was learned from how much; a refusal's reason. */
export function verdict({ learning, result }: Study): string {
  const zone = result.accepted
    ? `The file's zone (ISO 13790) was corrected: its error a day ahead falls from ${result.findings.validation.file.rmse_k.toFixed(2)} to ${result.findings.validation.calibrated.rmse_k.toFixed(2)} K.`
    : undefined;
  if (learning.accepted) {
    const { learnt, file, yesterday } = learning.validation!;
    const house = `Learnt. On held-out days the air temperature a day ahead is predicted to ${learnt.rms_k.toFixed(2)} K; by the building file to ${file.rms_k.toFixed(2)} K, by the mean of the day before to ${yesterday.rms_k.toFixed(2)} K.`;
    return zone === undefined ? house : `${house} ${zone}`;
  }
  return zone === undefined
    ? `Refused. ${learning.reason}`
    : `${zone} The house of several states was refused. ${learning.reason}`;
}

/** The result as text for a terminal. */
export function summaryText(study: Study): string {
  const { source, history, learning } = study;
  const steps = history.theta_air_c.length;
  const endMs = history.startMs + steps * history.dtSeconds * 1000;
  return [
    `${homeMinute(history.startMs)} to ${homeMinute(endMs)} (Europe/Paris), steps of ${history.dtSeconds / 60} min`,
    `measurements: ${source}`,
    ...houseLines(study),
    ...zoneLines(study),
    ...learning.advice,
    "",
    verdict(study),
  ].join("\n");
}

function houseLines({ history, learning }: Study): string[] {
  const { learnt, validation } = learning;
  if (!learnt || !validation) return [];
  const { value, low, high } = learnt.heatLoss_w_k;
  const minuteOf = (k: number) => homeMinute(history.startMs + k * history.dtSeconds * 1000);
  const errors = table(["on held-out days, K", "1 h ahead", "6 h", "24 h", "all day"]);
  for (const [name, { byLead_k, rms_k }] of [
    ["the house as learnt", validation.learnt],
    ["this file", validation.file],
    ["the mean of the day before", validation.yesterday],
  ] as const) {
    const at = (hours: number) => byLead_k[Math.round((hours * 3600) / history.dtSeconds) - 1];
    errors.push([name, ...[at(1), at(6), at(24), rms_k].map((error) => error.toFixed(2))]);
  }
  return [
    "",
    `house: ${learnt.form}; heat loss ${value.toFixed(0)} W a kelvin between indoor and outdoor air (95 % interval ${low.toFixed(0)} to ${high.toFixed(0)})`,
    `held out: from ${minuteOf(validation.heldOutFrom)} to ${minuteOf(validation.heldOutTo)}, ${validation.learnt.predictions} predictions`,
    errors.toString(),
  ];
}

/** What was found of the zone; left out where the zone stays and a house of several states was learnt. */
function zoneLines({ building, learning, result }: Study): string[] {
  if (!result.findings || (learning.accepted && !result.accepted)) return [];
  const { validation, identification, notes } = result.findings;
  const parameters = table(["zone of ISO 13790", "file", "history", "95 % interval", ""]);
  for (const { label, unit, decimals, file, value, low, high } of parameterRows(building, result.findings)) {
    const text = (number: number) => number.toFixed(decimals);
    parameters.push([label, text(file), text(value), `${text(low)} to ${text(high)}`, unit]);
  }
  const errors = table(["the zone a day ahead, on held-out days", "RMSE, K"]);
  errors.push(
    ["this file", validation.file.rmse_k.toFixed(3)],
    ["calibrated", validation.calibrated.rmse_k.toFixed(3)],
  );
  return [
    "",
    `${identification.samples} measurements`,
    parameters.toString(),
    errors.toString(),
    ...(result.accepted ? [] : [`The zone of the file stays. ${result.reason}`]),
    ...notes,
  ];
}

function table(head: string[]) {
  return new Table({
    head,
    style: { head: [], border: [], compact: true },
    colAligns: head.map((text, i) => (i === 0 || text === "" ? "left" : "right")),
  });
}

/** The result as plain data for `--json`. */
export function summaryJson(study: Study, building: BuildingFile): unknown {
  const { source, history, learning, result } = study;
  const { findings } = result;
  const accepted = isAccepted(study);
  return {
    accepted,
    ...(!accepted && { reason: learning.reason }),
    source,
    start: new Date(history.startMs).toISOString(),
    steps: history.theta_air_c.length,
    step_s: history.dtSeconds,
    house: houseJson(study),
    ...(findings && {
      parameters: parameterRows(study.building, findings),
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
    ...(accepted && { building }),
  };
}

function houseJson({ learning }: Study): unknown {
  const { accepted, reason, learnt, validation, advice } = learning;
  return {
    accepted,
    ...(reason !== undefined && { reason }),
    advice,
    ...(learnt && { form: learnt.form, heat_loss_w_k: learnt.heatLoss_w_k }),
    ...(validation && {
      learnt_rms_k: validation.learnt.rms_k,
      file_rms_k: validation.file.rms_k,
      yesterday_rms_k: validation.yesterday.rms_k,
    }),
  };
}
