/** A house while it is lived in: its temperatures, the heat that nobody meters, and how well it is predicted. */
import {
  gainsAt_w,
  groundGains_w,
  type House,
  type HouseOutput,
  lossOf_w_k,
  modelOf,
  nextState,
  outputOf,
  rhythmAt_w,
  type StateSpace,
} from "@azru/house";
import { createDayRecord, type DayErrors, type DayRecord } from "./day-record.ts";
import { createErrorRecord, type ErrorRecord, type ErrorRecordState } from "./error-record.ts";
import { type HouseFilterState, type HouseNoise, initialState, varianceAhead_k2 } from "./filter-step.ts";
import {
  type HabitFilterState,
  type HabitsState,
  type HabitTime,
  type HouseChange,
  habitAt_w,
  habitStep,
  habitsAlone,
  habitsBeside,
  habitsOf,
  houseStateOf,
  initialHabits,
  withHabits,
} from "./habit-filter.ts";

/** What happened in a step; means over it. */
export interface LivedStep {
  readonly startMs: number; // Unix time
  readonly phi_HC_w: number; // heat of the heater
  readonly theta_e_c: number; // outdoor air
  readonly phi_sol_w: number; // sun through the windows of the building file
  /** The temperature that the filter is of, measured; absent or NaN where it was not. */
  readonly measured_c?: number;
  /** What that is known within, K; 0, the default, for a fine sensor. */
  readonly within_k?: number | undefined;
  /** Whether it is the last reading of a sensor that is silent while little changes: no prediction is judged by it. */
  readonly isHeld?: boolean | undefined;
}

/** All that outlives a restart. Plain data. */
export interface HouseFilterMemory {
  readonly state: HouseFilterState;
  readonly record: ErrorRecordState;
  readonly days: DayErrors;
  readonly habits?: HabitsState | undefined; // absent in files of earlier versions
  readonly steps: readonly LivedStep[]; // the last days, for another model to be found in
}

export interface HouseFilterOptions {
  readonly house: House;
  readonly noise: HouseNoise;
  readonly dtSeconds: number;
  /** What is measured: the air's mean over a step (the default), at its end, or the operative temperature's mean. */
  readonly output?: HouseOutput;
  /** Hour of the day, 0 to 24, of a Unix time in ms. */
  readonly hourOfDay: (timeMs: number) => number;
  /** Whether the day of a Unix time in ms, by the same clock, is off; Saturday and Sunday are where this is absent. */
  readonly isDayOff?: (timeMs: number) => boolean;
  readonly memory?: HouseFilterMemory;
  /** What held-out days have shown of the house's predictions, where there is no memory. */
  readonly record?: ErrorRecordState;
  readonly days?: DayErrors;
}

/** The weather that is foreseen from a step on, one value a step; sun through the windows of the building file. */
interface ForeseenWeather {
  readonly theta_e_c: ArrayLike<number>;
  readonly phi_sol_w: ArrayLike<number>;
}

/**
 * A measurement farther than five standard deviations from what was expected is left out, unless the one before was
 * as far off.
 */
export interface HouseFilter {
  /** Goes through a step: corrects by what was measured, then predicts. Throws RangeError naming what is not finite. */
  live(step: LivedStep): void;
  /**
   * What is foreseen from the coming step on: predictions that begin with it are made on this weather instead of the
   * weather that comes, so that their errors have the forecast's in them.
   */
  foresee(weather: ForeseenWeather): void;
  readonly model: StateSpace;
  /** Temperatures of the house's nodes at the end of the last step, degrees C; undefined before the first measurement. */
  readonly x_c: readonly number[] | undefined;
  /** Heat that nobody meters, at the end of the last step, W. */
  readonly unknownGain_w: number;
  /** Internal gains to plan with: people by the hour, the ground, and the unknown gain as it fades. */
  gainsAhead_w(startMs: number, steps: number): Float64Array;
  /**
   * How far the output will be below what is expected, K: the standard deviation of an error that is as large on both
   * sides; one value a lead in steps, the first being the next step's. As measured in this home; as the model expects
   * until enough was measured. People's heat errs on the warm side, which no plan need keep a distance for.
   */
  spreadAhead_k(steps: number): Float64Array;
  /**
   * Takes another house or noise: its temperatures are found from the last days, so that nothing jumps. What people
   * give in each hour stays as it was measured; the mean of the day follows from the heat balance of the last days.
   */
  change(house: House, noise: HouseNoise, record?: ErrorRecordState, days?: DayErrors): void;
  /** From an instant on the steps were otherwise: the temperatures of the house are found anew from the last days. */
  reconsider(fromMs: number, truth: Partial<Pick<LivedStep, "phi_HC_w" | "measured_c">>): void;
  /** How well whole days were predicted, beside "as yesterday". */
  readonly days: DayErrors;
  readonly memory: HouseFilterMemory | undefined;
}

const furthest_h = 48;
const origins_h = 1; // between the predictions that are followed
const remembered_h = 72; // of steps
const gate = 5; // standard deviations beyond which a measurement is an outlier, unless the next one is as well
const freedShare = 0.05; // of the gain that would explain a jump within one step; most jumps are of the air alone

/** A prediction that goes on without measurements, on the heat that came and the weather that was foreseen. */
interface Followed {
  readonly weather: ForeseenWeather | undefined;
  readonly yesterday_c: number; // mean of the day before it; NaN where it is not known
  readonly gains_w: Float64Array; // known when it was made
  x_c: ArrayLike<number>;
  g_w: number;
  lead: number; // steps since it was made
  /** Sums over its first day. */
  model_k2: number;
  yesterday_k2: number;
  measured: number;
}

/** @throws RangeError as `discretise` does */
export function createHouseFilter(options: HouseFilterOptions): HouseFilter {
  const { dtSeconds, output, hourOfDay, memory } = options;
  const isDayOff = options.isDayOff ?? ((timeMs: number) => isWeekend(timeMs, hourOfDay(timeMs)));
  const perHour = 3600 / dtSeconds;
  const furthest = Math.round(furthest_h * perHour);
  const originsEvery = Math.max(1, Math.round(origins_h * perHour));
  let { house, noise } = options;
  let model = modelOf(house, dtSeconds, output);
  let state = memory && withHabits(memory.state, noise, memory.habits);
  const day = Math.round(24 * perHour);
  let record = recordFrom(memory?.record ?? options.record);
  let days: DayRecord = createDayRecord(memory?.days ?? options.days);
  let foreseen: ForeseenWeather | undefined;
  let followed: Followed[] = [];
  let steps: LivedStep[] = [...(memory?.steps ?? [])];
  let sinceOrigin = 0;
  let suspected_k = Number.NaN; // the surprise of an outlier just before
  if (state && state.x_c.length !== model.b.length) findAgain(habitsAlone(habitsOf(state)));

  function recordFrom(start?: ErrorRecordState): ErrorRecord {
    return createErrorRecord(furthest, (24 * perHour) / originsEvery, start);
  }

  /** Hour of the day in the middle of a step. */
  function hourIn(startMs: number): number {
    return hourOfDay(startMs + 500 * dtSeconds);
  }

  /** The middle of a step in people's week. */
  function timeIn(startMs: number): HabitTime {
    return { hour: hourIn(startMs), isDayOff: isDayOff(startMs + 500 * dtSeconds) };
  }

  /** Gains of people and ground that are usual at a time, W. */
  function usualGains_w(known: Pick<HabitFilterState, "gains_w"> | undefined, startMs: number): number {
    const time = timeIn(startMs);
    return gainsAt_w(house, time.hour) + (known ? habitAt_w(known, time) : 0);
  }

  /** Disturbances of a step, of the gains those of the house itself. */
  function forcesIn({ startMs, theta_e_c, phi_sol_w }: LivedStep) {
    const phi_int_w = gainsAt_w(house, hourIn(startMs));
    return { theta_e_c, phi_sol_w: phi_sol_w * house.aperture, phi_int_w };
  }

  function filter(step: LivedStep): void {
    const { measured_c = Number.NaN, within_k, phi_HC_w } = step;
    if (!state && Number.isNaN(measured_c)) return;
    state ??= initialHabits(model, measured_c, noise);
    const lived = { phi_HC_w, disturbances: forcesIn(step), time: timeIn(step.startMs) };
    const corrected = (from: HabitFilterState) =>
      habitStep(from, model, noise, { ...lived, measured_c, within_k });
    const next = corrected(state);
    const { value_k, variance_k2 } = next.surprise;
    const limit_k = gate * Math.sqrt(variance_k2);
    if (!(Math.abs(value_k) > limit_k)) {
      suspected_k = Number.NaN;
      state = next.state;
    } else if (Math.abs(value_k - suspected_k) <= limit_k) {
      suspected_k = Number.NaN;
      state = corrected(freed(state, value_k)).state;
    } else {
      suspected_k = value_k;
      state = habitStep(state, model, noise, lived).state;
    }
  }

  /** A state that may be as far off as what was measured twice: something has changed that the filter does not know. */
  function freed({ P, ...rest }: HabitFilterState, off_k: number): HabitFilterState {
    const wider = P.slice();
    const size = Math.sqrt(P.length);
    wider[0] += off_k ** 2;
    wider[rest.x_c.length * (size + 1)] += (off_k / model.F[2]) ** 2 * freedShare;
    return { ...rest, P: wider };
  }

  /** Finds the temperatures of the house anew, from the last days, which have taught the habits before. */
  function findAgain(known: HabitsState | undefined): void {
    const air_c = state?.x_c[0];
    const first_c =
      steps.find(({ measured_c = Number.NaN }) => !Number.isNaN(measured_c))?.measured_c ?? air_c;
    if (first_c === undefined) return;
    state = initialHabits(model, first_c, noise, known);
    suspected_k = Number.NaN;
    for (const step of steps) filter(step);
    state = withHabits(houseStateOf(state), noise, known);
  }

  function changeTo(next: House, { habits_w: next_w = 0 }: HouseNoise): HouseChange {
    const before = house;
    return {
      balance_w: unmeteredHeat_w(next, steps) - unmeteredHeat_w(before, steps),
      rhythm_w: (hour) => rhythmAt_w(before.rhythm_w, hour) - rhythmAt_w(next.rhythm_w, hour),
      before_w: noise.habits_w ?? 0,
      next_w,
    };
  }

  /** A prediction begins with the coming step. */
  function begin({ x_c, gains_w }: HabitFilterState): void {
    const lately = steps.slice(-day).map(({ measured_c = Number.NaN }) => measured_c);
    const measured = lately.filter((theta) => !Number.isNaN(theta));
    const yesterday_c =
      measured.length >= day / 2
        ? measured.reduce((sum, theta) => sum + theta, 0) / measured.length
        : Number.NaN;
    const none = { lead: 0, model_k2: 0, yesterday_k2: 0, measured: 0 };
    followed.push({ weather: foreseen, yesterday_c, x_c, gains_w, g_w: gains_w[0], ...none });
  }

  /** Lets the predictions made earlier go on, and notes by how much they miss. */
  function follow(step: LivedStep): void {
    const f = Math.exp(-1 / perHour / noise.gainsLast_h);
    for (const prediction of followed) {
      goOn(prediction, step);
      prediction.g_w *= f;
      prediction.lead++;
      if (prediction.lead === day) judge(prediction);
    }
    followed = followed.filter(({ lead }) => lead < furthest);
  }

  function goOn(prediction: Followed, step: LivedStep): void {
    const { phi_HC_w } = step;
    const measured_c = step.isHeld ? Number.NaN : (step.measured_c ?? Number.NaN);
    const { weather, lead } = prediction;
    const isForeseen = weather !== undefined && lead < weather.theta_e_c.length;
    const forces = forcesIn(
      isForeseen ? { ...step, theta_e_c: weather.theta_e_c[lead], phi_sol_w: weather.phi_sol_w[lead] } : step,
    );
    forces.phi_int_w = usualGains_w(prediction, step.startMs) + prediction.g_w;
    const error_k = measured_c - outputOf(model, prediction.x_c, phi_HC_w, forces);
    prediction.x_c = nextState(model, prediction.x_c, phi_HC_w, forces);
    if (Number.isNaN(error_k)) return;
    record.add(lead, error_k);
    if (lead >= day) return;
    prediction.model_k2 += error_k ** 2;
    prediction.yesterday_k2 += (measured_c - prediction.yesterday_c) ** 2;
    prediction.measured++;
  }

  function judge({ measured, model_k2, yesterday_k2 }: Followed): void {
    if (measured >= day / 2 && !Number.isNaN(yesterday_k2))
      days.add(model_k2 / measured, yesterday_k2 / measured);
  }

  return {
    live(step) {
      checkStep(step);
      const last = steps.at(-1);
      if (last && Math.abs(step.startMs - last.startMs - 1000 * dtSeconds) > 500 * dtSeconds) {
        followed = []; // time has jumped: what was predicted for then cannot be held against now
        steps = [];
      }
      if (state && sinceOrigin++ % originsEvery === 0) begin(state);
      foreseen = undefined;
      follow(step);
      filter(step);
      steps.push(step);
      if (steps.length > remembered_h * perHour) steps.shift();
    },
    foresee(weather) {
      foreseen = weather;
    },
    get model() {
      return model;
    },
    get x_c() {
      return state && [...state.x_c];
    },
    get unknownGain_w() {
      return state?.gains_w[0] ?? 0;
    },
    gainsAhead_w(startMs, count) {
      const f = Math.exp(-1 / perHour / noise.gainsLast_h);
      return Float64Array.from({ length: count }, (_, k) => {
        return usualGains_w(state, startMs + k * 1000 * dtSeconds) + (state?.gains_w[0] ?? 0) * f ** k;
      });
    },
    spreadAhead_k(count) {
      const now = state ? houseStateOf(state) : initialState(model, 20, noise);
      const rms_k = record.rms_k(varianceAhead_k2(now, model, noise, furthest), noise.sensor_k);
      return Float64Array.from({ length: count }, (_, lead) => rms_k[Math.min(lead, furthest - 1)]);
    },
    get days() {
      return days.errors;
    },
    change(nextHouse, nextNoise, nextRecord, nextDays) {
      const known = state && habitsBeside(habitsOf(state), changeTo(nextHouse, nextNoise));
      house = nextHouse;
      noise = nextNoise;
      model = modelOf(house, dtSeconds, output);
      followed = [];
      if (nextRecord) record = recordFrom(nextRecord);
      if (nextDays) days = createDayRecord(nextDays);
      findAgain(known);
    },
    reconsider(fromMs, truth) {
      steps = steps.map((step) => (step.startMs >= fromMs ? { ...step, ...truth } : step));
      followed = [];
      if (state) findAgain(habitsAlone(habitsOf(state)));
    },
    get memory() {
      if (!state) return undefined;
      const kept = { record: record.state, days: days.errors, steps: [...steps] };
      return { state: houseStateOf(state), habits: habitsOf(state), ...kept };
    },
  };
}

function isWeekend(timeMs: number, hour: number): boolean {
  const noon = new Date(timeMs + (12 - hour) * 3_600_000); // of the home's day
  return noon.getUTCDay() % 6 === 0;
}

/**
 * Heat that a house lacks in its balance of the steps given, W: losses less heater, sun and its own gains. Two houses
 * that are to explain the same days differ by it in what they take people's heat for.
 */
function unmeteredHeat_w(house: House, steps: readonly LivedStep[]): number {
  const loss_w_k = lossOf_w_k(house.physics);
  const own_w = house.gains_w + groundGains_w(house.physics);
  let sum_w = 0;
  let measured = 0;
  for (const { measured_c = Number.NaN, theta_e_c, phi_HC_w, phi_sol_w } of steps) {
    if (Number.isNaN(measured_c)) continue;
    sum_w += loss_w_k * (measured_c - theta_e_c) - phi_HC_w - house.aperture * phi_sol_w - own_w;
    measured++;
  }
  return measured > 0 ? sum_w / measured : 0;
}

function checkStep(step: LivedStep): void {
  const { startMs, phi_HC_w, theta_e_c, phi_sol_w, measured_c = 0 } = step;
  for (const [name, value] of Object.entries({ startMs, phi_HC_w, theta_e_c, phi_sol_w })) {
    if (!Number.isFinite(value)) throw new RangeError(`${name} must be finite, got ${value}`);
  }
  if (Math.abs(measured_c) === Number.POSITIVE_INFINITY)
    throw new RangeError(`measured_c must be finite or absent, got ${measured_c}`);
}
