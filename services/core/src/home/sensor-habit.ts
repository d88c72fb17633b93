/**
 * How a room's thermometer reports, learnt from its own reports: how often, whether only when its value changes, and
 * in what steps. A sensor that is silent because nothing changes is not broken, nor is one whose steps are so coarse
 * that it says the same for a day.
 */
import { hourMs } from "@azru/runtime";
import { z } from "zod";

/** The last reports of a sensor; plain data, so that it can be kept over a restart. */
export const sensorHabitSchema = z.object({
  /** Since the report before, and whether the temperature was the same. */
  reports: z.array(z.object({ after_ms: z.number().min(0), isSame: z.boolean() })).readonly(),
  /** Temperatures, each other than the one before, and how long that one lasted. */
  values: z.array(z.object({ temperature_c: z.number(), after_ms: z.number().min(0) })).readonly(),
});
export type SensorHabit = Readonly<z.infer<typeof sensorHabitSchema>>;

/** What a sensor's reports show of it. */
export interface KnownHabit {
  readonly kind: "periodic" | "on_change";
  /** Nine of ten reports come no later than so long after the one before. */
  readonly interval_ms: number;
  /** An on-change sensor that also reports without a change does so after so long a silence. */
  readonly checkIn_ms?: number | undefined;
  /** Its values are multiples of so much, K; undefined where they are finer than any that matter here. */
  readonly resolution_k?: number | undefined;
  /** Of an on-change sensor: changes that are smaller are not reported, K. */
  readonly threshold_k?: number | undefined;
  /** Nine of ten values lasted no longer. */
  readonly held_ms: number;
}

export const noHabit: SensorHabit = { reports: [], values: [] };

const remembered = 48; // reports, and values
const needed = 5; // reports before anything is known
const neededChanges = 3;
/** So fine are the steps of most thermometers, K: one of them is on a coarser grid by chance. */
const common_k = 0.1;
const chance = 0.01; // that all its values were
/** Messages of one report that come one after the other (temperature, humidity, pressure) are no reports of their own. */
const sameReport_ms = 2_000;
/** Steps that thermometers have, K; the last two are 1 and 0.5 degrees Fahrenheit. */
const usualSteps = [
  { step_k: 1, origin_c: 0 },
  { step_k: 0.5, origin_c: 0 },
  { step_k: 0.2, origin_c: 0 },
  { step_k: 0.1, origin_c: 0 },
  { step_k: 5 / 9, origin_c: -160 / 9 },
  { step_k: 2.5 / 9, origin_c: -160 / 9 },
].toSorted((a, b) => b.step_k - a.step_k);
const rounding_k = 0.011; // devices round to hundredths once more

/** The habit after another report. */
export function withReport(
  habit: SensorHabit,
  { temperature_c, after_ms, before_c, held_ms }: Report,
): SensorHabit {
  if (after_ms < sameReport_ms && temperature_c === before_c) return habit;
  const isSame = temperature_c === before_c;
  const reports = [...habit.reports.slice(1 - remembered), { after_ms, isSame }];
  const values =
    isSame || held_ms === undefined
      ? habit.values
      : [...habit.values.slice(1 - remembered), { temperature_c, after_ms: held_ms }];
  return { reports, values };
}

/** A report, and the one before it. */
export interface Report {
  readonly temperature_c: number;
  readonly before_c: number;
  readonly after_ms: number; // since the report before
  /** For so long it had read `before_c`; undefined where nobody knows. */
  readonly held_ms: number | undefined;
}

/** What the reports show; undefined while they are too few. */
export function knownHabit({ reports, values }: SensorHabit): KnownHabit | undefined {
  if (reports.length < needed) return undefined;
  const intervals = reports.map(({ after_ms }) => after_ms);
  const interval_ms = quantile(intervals, 0.9);
  const resolution_k = resolutionOf(values);
  const held_ms = quantile(
    values.map(({ after_ms }) => after_ms),
    0.9,
  );
  const onChange = onChangeOf({ reports, values }, interval_ms);
  const threshold_k = onChange && Math.max(onChange.threshold_k, resolution_k ?? 0);
  const checkIn_ms = onChange?.checkIn_ms;
  return {
    kind: onChange ? "on_change" : "periodic",
    interval_ms,
    checkIn_ms,
    resolution_k,
    threshold_k,
    held_ms,
  };
}

/** Sooner after the one before than this share of the usual interval, a report has a cause of its own. */
const early = 0.8;
/** Of an on-change sensor so few of the early reports bring the same value again. */
const mostRepeated = 0.2;

/** Reports of an on-change sensor come irregularly, and those that come early bring another value. */
function onChangeOf(
  { reports, values }: SensorHabit,
  interval_ms: number,
): { readonly threshold_k: number; readonly checkIn_ms: number | undefined } | undefined {
  const soon = reports.filter(({ after_ms }) => after_ms < early * interval_ms);
  const repeated = soon.filter(({ isSame }) => isSame).length;
  if (soon.length < neededChanges || repeated > mostRepeated * soon.length) return undefined;
  const changes_k = values
    .slice(1)
    .map(({ temperature_c }, i) => Math.abs(temperature_c - values[i].temperature_c));
  const late = reports.filter(({ isSame }) => isSame).map(({ after_ms }) => after_ms);
  return {
    threshold_k: changes_k.length < neededChanges ? 0 : quantile(changes_k, 0.5),
    checkIn_ms: late.length < 3 ? undefined : quantile(late, 0.5),
  };
}

/** The coarsest step that all values are multiples of; undefined where there is none, or too few values. */
function resolutionOf(values: SensorHabit["values"]): number | undefined {
  const isShown = (step_k: number) =>
    step_k > common_k
      ? (common_k / step_k) ** values.length <= chance * (1 + 1e-9)
      : values.length >= neededChanges;
  const isOn = (step_k: number, origin_c: number) =>
    values.every(({ temperature_c }) => {
      const steps = (temperature_c - origin_c) / step_k;
      return Math.abs(steps - Math.round(steps)) * step_k <= rounding_k;
    });
  return usualSteps.find(({ step_k, origin_c }) => isShown(step_k) && isOn(step_k, origin_c))?.step_k;
}

/** A sensor of finer steps says all the time where the room is. */
const coarse_k = 0.2;

/** What a reading is known within when it comes, K: half a step of a coarse sensor. */
export function widthOfReading_k(known: KnownHabit | undefined): number {
  const { resolution_k = 0 } = known ?? {};
  return resolution_k > coarse_k ? resolution_k / 2 : 0;
}

/** What the room is known within while an on-change sensor is silent, K; undefined of a sensor that is no such. */
export function widthOfSilence_k(known: KnownHabit | undefined): number | undefined {
  return known?.threshold_k === undefined ? undefined : Math.max(known.threshold_k, widthOfReading_k(known));
}

/** Two reports may be lost on the way. */
const lostReports = 2.5;
/** So many times its usual interval one that reports nothing but changes may be silent, where the model agrees. */
const steadyReports = 10;
/** ... and so long at most: battery devices that are silent for 25 hours are taken for gone, by Zigbee2MQTT too. */
const longestSteady_ms = 25 * hourMs;
/** After a longer silence no sensor is trusted by its habit alone. */
const longestHabit_ms = 6 * hourMs;

/** How long a sensor may say nothing new, by its habit alone, and where besides the model of the house agrees with it. */
export interface Allowed {
  readonly usual_ms: number;
  readonly agreeing_ms: number;
}

/**
 * How long a sensor may be silent.
 *
 * @param staleAfter_ms in force for a sensor of which nothing is known, and never less
 */
export function allowedSilence(known: KnownHabit | undefined, staleAfter_ms: number): Allowed {
  if (!known) return { usual_ms: staleAfter_ms, agreeing_ms: staleAfter_ms };
  const interval_ms = known.checkIn_ms ?? known.interval_ms;
  const usual_ms = Math.max(staleAfter_ms, Math.min(lostReports * interval_ms, longestHabit_ms));
  const isSilentWhileSteady = known.kind === "on_change" && known.checkIn_ms === undefined;
  const steady_ms = isSilentWhileSteady ? Math.min(steadyReports * interval_ms, longestSteady_ms) : 0;
  return { usual_ms, agreeing_ms: Math.max(usual_ms, steady_ms) };
}

/** A coarse sensor says the same for days in a steady room: so many times as long it may, where the model agrees. */
const coarseFrozen = 6;

/** How long a sensor may say exactly the same, by its habit alone and where the model agrees. */
export function allowedHold(known: KnownHabit | undefined, frozenAfter_ms: number): Allowed {
  if (!known || widthOfReading_k(known) === 0)
    return { usual_ms: frozenAfter_ms, agreeing_ms: frozenAfter_ms };
  const usual_ms = Math.max(frozenAfter_ms, Math.min(lostReports * known.held_ms, 2 * frozenAfter_ms));
  return { usual_ms, agreeing_ms: coarseFrozen * frozenAfter_ms };
}

/** @param share 0 to 1; 0 of no values */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
