/** Learning a house: a building file and a history in; a house that has proved itself on days not seen, or a reason. */
import { type House, houseOf } from "@azru/house";
import { persistence, stepsADay } from "../day-ahead.ts";
import { excitationGap } from "../excitation.ts";
import { checkHistory, type History } from "../history.ts";
import type { CalibratableBuilding } from "../house.ts";
import type { Interval } from "../identification.ts";
import { meteredPower } from "../metered-power.ts";
import { chooseNoise } from "./choose-noise.ts";
import { chooseStructure } from "./choose-structure.ts";
import { errorsOf, originsIn, type PredictionErrors, predictDays } from "./day-errors.ts";
import { type Drive, driveBetween, driveOf } from "./drive.ts";
import { type ErrorRecordState, recordOfErrors } from "./error-record.ts";
import type { HouseNoise } from "./filter-step.ts";
import { firstStepsLast } from "./first-steps-last.ts";
import { type FittedHouse, fitHouse } from "./fit-house.ts";
import { heatLossOf } from "./heat-loss.ts";
import {
  type Parametrisation,
  parametrise,
  structureName,
  structuresOf,
  writtenEmitter,
} from "./structure.ts";
import { showsSunOfItsDays } from "./weather-match.ts";

/** A house as learnt, with what its filter takes for noise. Plain data. */
export interface LearntHouse {
  readonly house: House;
  readonly noise: HouseNoise;
  /** Its form, for people: `3 states, heated floor`. */
  readonly form: string;
  /**
   * Heat that the house loses, the ground included, over the difference between indoor and outdoor air: its heat
   * transfer coefficient (EN 17887, ISO 13789), W/K; 95 % interval.
   */
  readonly heatLoss_w_k: Interval;
  /** By how much predictions of the held-out days missed, for a filter to begin with. */
  readonly record: ErrorRecordState;
}

/** How the held-out days were predicted, a day ahead, from four origins a day, on the heat and weather that came. */
interface HouseValidation {
  /** Steps `[heldOutFrom, heldOutTo)` of the history were not learnt from: its last days, or its first. */
  readonly heldOutFrom: number;
  readonly heldOutTo: number;
  readonly learnt: PredictionErrors;
  readonly file: PredictionErrors;
  /** The mean air temperature of the day before, taken for all of the day. */
  readonly yesterday: PredictionErrors;
}

/** What came of a history. A refusal says why in one sentence, and keeps what was found until then. */
export interface Learning {
  readonly accepted: boolean;
  readonly reason?: string;
  readonly learnt?: LearntHouse;
  /** The house in use until now: that of the building file, with a filter noise that suits this home. */
  readonly file: Pick<LearntHouse, "house" | "noise">;
  readonly validation?: HouseValidation;
  /** What a person should know or may do, one sentence each. */
  readonly advice: readonly string[];
}

export interface LearnOptions {
  /** Hour of the day, 0 to 24, of a Unix time in ms: people live by the clock. UTC + 1 h by default. */
  readonly hourOfDay?: (timeMs: number) => number;
  /** What must be beaten: the house in use until now; that of the building file by default. */
  readonly inUse?: Pick<LearntHouse, "house" | "noise">;
}

const heldOutShare = 0.25; // of the days, the last ones
const leastHeldOut = 2; // days
const originsEvery_h = 6;
const choiceEvery_h = 1; // origins of the predictions by which the structures are compared
const sharp = 0.1; // width of an interval that may replace the file's value
const clearly = 0.9; // of the error of what must be beaten
const winterHour = (timeMs: number) => (timeMs / 3_600_000 + 1) % 24;
const otherWeather =
  "The weather does not seem to be that of these days: the sun of other days would explain the house as well. Check the place and the time of the weather.";

/**
 * Learns a house from its history: fits each structure on the first three quarters of the days, takes one by how it
 * predicts the last quarter (`chooseStructure`), and fits it once more to all days. It is accepted where it predicts the
 * held-out days with an error a tenth smaller than both the building file's and that of "as yesterday".
 *
 * Where it does not, the last days may be unlike all before: the first nights on which a controller heats ahead, say.
 * Then the first quarter is held out instead, and what was learnt from the last three is accepted where it predicts
 * that quarter as well as above, and explains the last quarter as much better than file and yesterday.
 *
 * Where heat and valve are both in the history, the heater has the power that was metered with its valve open, in
 * the house learnt and in that of the file.
 *
 * @param written the building file
 * @throws RangeError naming a field of the history or building that makes no sense
 */
export function learnHouse(
  history: History,
  written: CalibratableBuilding,
  options: LearnOptions = {},
): Learning {
  const learning = learnFromFirstDays(history, written, options);
  if (learning.accepted || !learning.validation || learning.reason === otherWeather) return learning;
  return learnFromLastDays(history, written, options, learning.validation) ?? learning;
}

/** Learns with the first days held out; undefined where that disappoints as well. */
function learnFromLastDays(
  history: History,
  written: CalibratableBuilding,
  options: LearnOptions,
  { heldOutFrom, ...last }: HouseValidation,
): Learning | undefined {
  const heldOut = history.theta_air_c.length - heldOutFrom;
  const first = heldOut - (heldOut % stepsADay(history)); // whole days, so that the clock goes on
  const learning = learnFromFirstDays(firstStepsLast(history, first), written, options);
  const { accepted, learnt, validation } = learning;
  if (!accepted || !learnt || !validation) return undefined;
  const drive = driveOf(history, options.hourOfDay ?? winterHour);
  const origins = originsIn(drive, heldOutFrom, last.heldOutTo, originsEvery_h);
  const explained = errorsOf(drive, predictDays(learnt.house, learnt.noise, drive, origins));
  if (disappointment({ ...last, heldOutFrom, learnt: explained })) return undefined;
  return { ...learning, validation: { ...validation, heldOutFrom: 0, heldOutTo: first } };
}

/** Learns with the last days held out. */
function learnFromFirstDays(
  history: History,
  written: CalibratableBuilding,
  { hourOfDay = winterHour, inUse }: LearnOptions,
): Learning {
  checkHistory(history);
  const building = asMetered(written, history);
  const { floorArea_m2 } = building.zone;
  const drive = driveOf(history, hourOfDay);
  const steps = drive.heat.length;
  const day = stepsADay(drive);
  const days = Math.floor(steps / day);
  const heldOutFrom = (days - Math.max(leastHeldOut, Math.round(heldOutShare * days))) * day;
  const fileHouse = houseOf(building);
  const { maxPower_w } = building.heating;
  const file = inUse
    ? { ...inUse, house: drive.isMetered ? { ...inUse.house, heaterPower_w: maxPower_w } : inUse.house }
    : { house: fileHouse, noise: chooseNoise(fileHouse, drive, floorArea_m2, heldOutFrom) };
  const gap = excitationGap(history);
  if (gap) return { accepted: false, reason: gap, file, advice: [] };

  const origins = originsIn(drive, heldOutFrom, steps, originsEvery_h);
  const training = driveBetween(drive, 0, heldOutFrom);
  if (origins.length === 0 || training.stretches.length === 0)
    return { accepted: false, reason: "No held-out day has all its weather and heating.", file, advice: [] };
  const isMeasured = (theta_c: number) => !Number.isNaN(theta_c);
  if (!origins.some((origin) => drive.theta_air_c.subarray(origin, origin + day).some(isMeasured)))
    return { accepted: false, reason: "No held-out day has an air temperature.", file, advice: [] };

  const errorsWith = ({ house, noise }: Pick<LearntHouse, "house" | "noise">) =>
    errorsOf(drive, predictDays(house, noise, drive, origins));
  const candidates = candidatesOf(
    { drive, training, building, hasWindows: history.solarGains === "windows" },
    { heldOutFrom, errorsWith },
  );
  const chosen = chooseStructure(drive, writtenEmitter(building), candidates);
  const validation: HouseValidation = {
    heldOutFrom,
    heldOutTo: steps,
    learnt: chosen.errors,
    file: errorsWith(file),
    yesterday: errorsOf(drive, persistence(drive, origins)),
  };
  const record = recordOfErrors(chosen.errors.byLead_k, (steps - heldOutFrom) / day);
  const fitted = fitHouse(drive, chosen.parametrisation, floorArea_m2);
  const best = Math.min(...candidates.map(({ errors }) => errors.rms_k));
  const others = candidates.filter((other) => other !== chosen && clearly * other.errors.rms_k <= best);
  const heatLoss_w_k = heatLossOf({
    chosen: { parametrisation: chosen.parametrisation, fitted },
    drive,
    alike: [chosen, ...others],
    training,
  });
  const learnt = { ...learntOf(drive, chosen.parametrisation, fitted, floorArea_m2), heatLoss_w_k, record };
  const reason =
    history.solarGains === "windows" && !showsSunOfItsDays(drive, fitted)
      ? otherWeather
      : disappointment(validation);
  return {
    accepted: reason === undefined,
    ...(reason !== undefined && { reason }),
    learnt,
    file,
    validation,
    advice: adviceOn(validation),
  };
}

/**
 * Every structure, fitted to the training days, with how it predicts the held-out ones.
 *
 * @param training the drive until `heldOutFrom`
 */
function candidatesOf(
  {
    drive,
    training,
    building,
    hasWindows,
  }: {
    readonly drive: Drive;
    readonly training: Drive;
    readonly building: CalibratableBuilding;
    readonly hasWindows: boolean;
  },
  {
    heldOutFrom,
    errorsWith,
  }: {
    readonly heldOutFrom: number;
    readonly errorsWith: (house: Pick<LearntHouse, "house" | "noise">) => PredictionErrors;
  },
) {
  const { floorArea_m2 } = building.zone;
  const origins = originsIn(drive, heldOutFrom, drive.heat.length, choiceEvery_h);
  const fittedHouses = structuresOf().map((structure) => {
    const parametrisation = parametrise(building, structure, { isMetered: drive.isMetered, hasWindows });
    const fitted = fitHouse(training, parametrisation, floorArea_m2);
    const house = learntHouse(fitted);
    const noise = chooseNoise(house, drive, floorArea_m2, heldOutFrom);
    const predictions = predictDays(house, noise, drive, origins);
    return { structure, parametrisation, fitted, errors: errorsWith({ house, noise }), predictions };
  });
  const correlation_h = Math.max(...fittedHouses.map(({ fitted }) => fitted.correlation_h));
  const facts = (heldOutFrom * drive.dtSeconds) / 3600 / correlation_h;
  return fittedHouses.map(({ structure: { emitter }, ...candidate }) => ({
    ...candidate,
    emitter,
    improbability: 2 * facts * Math.log(candidate.fitted.rms_k) + candidate.fitted.priorCost,
  }));
}

/** A building whose heater has the power that was metered with the valve open, where that is known. */
function asMetered(building: CalibratableBuilding, history: History): CalibratableBuilding {
  const power = meteredPower(building, history);
  if (!power || !(power.high - power.low < sharp * power.value)) return building;
  const { heating } = building;
  return { ...building, heating: { ...heating, maxPower_w: heating.maxPower_w * power.value } };
}

function learntHouse({ house, rhythm }: FittedHouse): House {
  return { ...house, rhythm_w: rhythm };
}

function learntOf(
  drive: Drive,
  parametrisation: Parametrisation,
  fitted: FittedHouse,
  floorArea_m2: number,
): Omit<LearntHouse, "record" | "heatLoss_w_k"> {
  const house = learntHouse(fitted);
  return {
    house,
    noise: chooseNoise(house, drive, floorArea_m2, drive.heat.length),
    form: structureName(parametrisation.structure),
  };
}

/** Why the held-out days speak against what was learnt. */
function disappointment({ learnt, file, yesterday }: HouseValidation): string | undefined {
  const [is, was, none] = [learnt, file, yesterday].map(({ rms_k }) => rms_k.toFixed(2));
  if (!(learnt.rms_k < clearly * yesterday.rms_k))
    return `What was learnt does not predict the held-out days clearly better than the mean of the day before does: ${is} K against ${none} K.`;
  if (!(learnt.rms_k < clearly * file.rms_k))
    return `The building file stays: it predicts the held-out days to ${was} K, what was learnt to ${is} K, which is not clearly better.`;
  return undefined;
}

function adviceOn({ file, yesterday }: HouseValidation): string[] {
  return file.rms_k > yesterday.rms_k
    ? [
        `The building file predicts a day ahead worse (${file.rms_k.toFixed(2)} K) than taking the mean of the day before (${yesterday.rms_k.toFixed(2)} K): plans made with it are not to be trusted.`,
      ]
    : [];
}
