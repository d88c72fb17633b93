/** Calibration: a building file and a history in, a better file or a reason out. Pure; nightly or by hand. */
import { createZone } from "@azru/physics";
import {
  type DayAhead,
  type DayAheadErrors,
  dayAheadErrors,
  daysAhead,
  persistence,
  stepsADay,
} from "./day-ahead.ts";
import { excitationGap } from "./excitation.ts";
import { checkHistory, type History, historyBetween } from "./history.ts";
import {
  type CalibratableBuilding,
  type Corrections,
  correctedBuilding,
  heatLoss_w_k,
  noCorrections,
} from "./house.ts";
import { houseModel } from "./house-model.ts";
import type { CorrectionName, Identification, Interval } from "./identification.ts";
import { identify } from "./identify.ts";

/** How the held-out days were predicted, a day ahead, from four origins a day. */
export interface Validation {
  /** First step of the history that the identification did not see. */
  readonly heldOutFrom: number;
  readonly file: DayAheadErrors;
  readonly calibrated: DayAheadErrors;
  /** Taking the mean air temperature of the day before for all of the day. */
  readonly persistence: DayAheadErrors;
  /** The predictions from each beginning of a held-out day, for plots. */
  readonly days: { readonly file: readonly DayAhead[]; readonly calibrated: readonly DayAhead[] };
}

/** What was found on the way to accepting or refusing. */
export interface Findings {
  readonly identification: Identification;
  readonly validation: Validation;
  /** Of the whole house as the file has it, W/K. */
  readonly fileHeatLoss_w_k: number;
  /** What a person should know, one sentence each. */
  readonly notes: readonly string[];
}

/** What came of a calibration; a refusal says why in one sentence. */
export type Calibration<B> =
  | { readonly accepted: true; readonly building: B; readonly findings: Findings }
  | { readonly accepted: false; readonly reason: string; readonly findings?: Findings };

const heldOutShare = 0.25; // of the days, the last ones
const originsADay = 4;
const widest = 0.25; // half-width of the 95 % interval of what is worth writing into a file
const leastGain = 0.05; // of the error of prediction
const leastShrinkage = 0.75; // `shrinkage` below which a value is rather the file's than the data's
const tied = 0.95; // correlation of two estimates that only together make sense
const coloured = 0.3; // autocorrelation of residuals

/**
 * Calibrates a building file: identifies its corrections on the first three quarters of the days, and accepts
 * them only where they predict the air temperature of the last quarter a day ahead at least 5 % better than the
 * file does, and better than taking it to be as it was. Takes of the order of a second for a month of 15 min steps.
 *
 * @throws RangeError naming a field of the history or building that makes no sense
 */
export function calibrate<B extends CalibratableBuilding>(building: B, history: History): Calibration<B> {
  checkHistory(history);
  const fileHeatLoss_w_k = heatLoss_w_k(createZone(building.zone));
  const gap = excitationGap(history);
  if (gap) return { accepted: false, reason: gap };

  const perDay = stepsADay(history);
  const days = Math.floor(history.theta_air_c.length / perDay);
  const heldOutFrom = (days - Math.max(2, Math.round(heldOutShare * days))) * perDay;
  const identification = identify(building, historyBetween(history, 0, heldOutFrom));
  const { corrections } = identification;
  const validation = validate(building, history, corrections, heldOutFrom);
  const findings = {
    identification,
    validation,
    fileHeatLoss_w_k,
    notes: notesOn(history, identification),
  };
  const reason = doubt(identification) ?? disappointment(validation);
  return reason === undefined
    ? { accepted: true, building: correctedBuilding(building, corrections), findings }
    : { accepted: false, reason, findings };
}

function validate(
  building: CalibratableBuilding,
  history: History,
  corrections: Corrections,
  heldOutFrom: number,
): Validation {
  const perDay = stepsADay(history);
  const every = Math.max(1, Math.floor(perDay / originsADay));
  const origins: number[] = [];
  for (let k = heldOutFrom; k + perDay <= history.theta_air_c.length; k += every) origins.push(k);
  const models = {
    file: houseModel(building, noCorrections(building), history.dtSeconds),
    calibrated: houseModel(building, corrections, history.dtSeconds),
  };
  const file = daysAhead(history, models.file, origins);
  const calibrated = daysAhead(history, models.calibrated, origins);
  const predicted = file.map(({ origin }) => origin);
  const wholeDays = (all: readonly DayAhead[]) =>
    all.filter(({ origin }) => (origin - heldOutFrom) % perDay === 0);
  return {
    heldOutFrom,
    file: dayAheadErrors(history, file),
    calibrated: dayAheadErrors(history, calibrated),
    persistence: dayAheadErrors(history, persistence(history, predicted)),
    days: { file: wholeDays(file), calibrated: wholeDays(calibrated) },
  };
}

/** Why what was identified is not worth writing down. */
function doubt({ estimates, heatLoss }: Identification): string | undefined {
  const capacitance = estimates.find(({ name }) => name === "capacitance")!;
  for (const [what, interval] of [
    ["the heat capacity", capacitance],
    [
      "the heat loss",
      { ...heatLoss, low: heatLoss.low / heatLoss.value, high: heatLoss.high / heatLoss.value },
    ],
  ] as const) {
    if (halfWidth(interval) > widest)
      return `The data cannot tell ${what} well enough: its 95 % interval is ±${percent(halfWidth(interval))}, at most ±${percent(widest)} is useful; a longer or more varied history would help.`;
  }
  return undefined;
}

function halfWidth({ low, high }: Pick<Interval, "low" | "high">): number {
  return Math.sqrt(high / low) - 1;
}

/** Why the held-out days speak against the calibration. */
function disappointment({ file, calibrated, persistence: naive }: Validation): string | undefined {
  if (calibrated.predictions === 0) return "No held-out day has all its weather and heating.";
  const [was, is, none] = [file.rmse_k, calibrated.rmse_k, naive.rmse_k].map((rmse) => rmse.toFixed(2));
  if (!(calibrated.rmse_k < (1 - leastGain) * file.rmse_k))
    return `The building file stays: on the held-out days it predicts a day ahead with an error of ${was} K, the calibrated one with ${is} K, which is not at least ${percent(leastGain)} better.`;
  if (!(calibrated.rmse_k < naive.rmse_k))
    return `The model does not fit this house: on the held-out days it predicts a day ahead with an error of ${is} K, while taking the mean of the day before errs by ${none} K.`;
  return undefined;
}

const words: Readonly<Record<CorrectionName, string>> = {
  capacitance: "heat capacity",
  envelope: "walls",
  airExchange: "air exchange with windows",
  aperture: "solar aperture",
  heaterPower: "heater power",
  internalGains_w: "internal gains",
};

function notesOn(history: History, found: Identification): string[] {
  const { estimates, correlation, corrections, outliers, autocorrelation, samples } = found;
  const notes: string[] = [];
  for (const { name, shrinkage } of estimates) {
    if (shrinkage < leastShrinkage)
      notes.push(`The data tell little of the ${words[name]}: its value is close to the file's.`);
  }
  for (const [i, a] of estimates.entries()) {
    for (const [j, b] of estimates.entries()) {
      if (j > i && Math.abs(correlation[i][j]) > tied)
        notes.push(
          `${words[a.name]} and ${words[b.name]} can hardly be distinguished (correlation ${correlation[i][j].toFixed(2)}): only what they do together is sure.`,
        );
    }
  }
  if (history.solarGains === "measured")
    notes.push(
      "The solar gains are taken as recorded, so the windows of the file stay; give the weather to judge them.",
    );
  if (history.phi_HC_w) notes.push("The heat is taken as metered.");
  if (corrections.internalGains_w === 0 && !estimates.some(({ name }) => name === "internalGains_w"))
    notes.push("Internal gains came out below zero and are held at zero.");
  if (outliers > 0)
    notes.push(`${outliers} of ${samples + outliers} measurements were left out as outliers.`);
  if (Math.abs(autocorrelation) > coloured)
    notes.push(
      `The residuals are correlated (${autocorrelation.toFixed(2)} from step to step): something acts on the house that the model does not know, and the intervals are too narrow.`,
    );
  return notes.map((note) => note[0].toUpperCase() + note.slice(1));
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
