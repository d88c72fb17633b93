/**
 * The filter of a house that people live in. It is that of `gain-step.ts` with the gain g of `filter-step.ts`, and knows
 * that people live by the clock: beside g it finds a slow gain s (the ground, the season) and what each hour of
 * workdays and of days off brings, h_0 .. h_47. In a step of the hour i, g, s and h_i act; e keeps the covariance that
 * s and h have at rest. One filter of all of them: a room shows the heat of an hour for many hours, and what a slow
 * gain explains is no habit.
 */
import type { StateSpace } from "@azru/house";
import type { Innovation } from "../kalman.ts";
import { type HouseFilterState, type HouseNoise, initialState } from "./filter-step.ts";
import { type Gains, gainStep, type MeasuredStep } from "./gain-step.ts";

/** A time of people's week. */
export interface HabitTime {
  readonly hour: number; // of the day, 0 to 24, home time
  readonly isDayOff: boolean;
}

/** What is known of the habits, as plain data. */
export interface HabitsState {
  /** The slow gain, the 24 hours of workdays, those of days off. */
  readonly mean_w: readonly number[];
  /** Lower triangle of their covariance by rows, W2. */
  readonly covariance_w2: readonly number[];
  /** Their covariance with the temperatures and the fading gain of the house, by rows; none where it is absent. */
  readonly withHouse?: readonly number[] | undefined;
}

/** A `GainState` of (x, g, s, h). */
export interface HabitFilterState {
  readonly x_c: Float64Array;
  readonly gains_w: Float64Array; // g, s, h
  readonly P: Float64Array; // square, n + 50
}

const hours = 24;
const habits = 1 + 2 * hours; // s and h
const gains = 1 + habits;
const lasts_days = 30; // habits and seasons change
/** Correlation at rest of an hour of workdays with that of days off: as much is shared as is not. */
const alikeness = 0.5;

/** Index of the hour among the gains. */
function indexOf({ hour, isDayOff }: HabitTime): number {
  return 2 + (Math.floor(hour) % hours) + (isDayOff ? hours : 0);
}

/** What a step brings by habit and season, without the gain that fades, W. */
export function habitAt_w({ gains_w }: Pick<HabitFilterState, "gains_w">, time: HabitTime): number {
  return gains_w[1] + gains_w[indexOf(time)];
}

/** Covariance that two of s and h have where nothing was measured, W2. */
function atRest_w2(i: number, j: number, habits_w: number): number {
  if (i === j) return habits_w ** 2;
  return Math.abs(i - j) === hours && Math.min(i, j) > 0 ? alikeness * habits_w ** 2 : 0;
}

/** The lower triangle of a square of s and h, by rows. */
function triangle(of: (row: number, column: number) => number): number[] {
  return Array.from({ length: habits }, (_, i) => Array.from({ length: i + 1 }, (__, j) => of(i, j))).flat();
}

/** Where that triangle has a pair. */
function at(row: number, column: number): number {
  return (row * (row + 1)) / 2 + column;
}

/** The state before anything was measured of the house; what is known of its people goes on. */
export function initialHabits(
  model: StateSpace,
  air_c: number,
  noise: HouseNoise,
  known?: HabitsState,
): HabitFilterState {
  return withHabits(initialState(model, air_c, noise), noise, known);
}

/** A state of the house and its fading gain, beside what is known of its people: nothing where that is absent. */
export function withHabits(
  { x_c, g_w, P: house }: HouseFilterState,
  { habits_w = 0 }: HouseNoise,
  known?: HabitsState,
): HabitFilterState {
  const m = x_c.length + 1;
  const size = m + habits;
  const P = new Float64Array(size * size);
  for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) P[i * size + j] = house[i * m + j];
  for (let i = 0; i < habits; i++)
    for (let j = 0; j <= i; j++) {
      const value = known?.covariance_w2[at(i, j)] ?? atRest_w2(i, j, habits_w);
      P[(m + i) * size + m + j] = value;
      P[(m + j) * size + m + i] = value;
    }
  if (known?.withHouse?.length === habits * m)
    for (const [k, value] of known.withHouse.entries()) {
      const [row, column] = [m + Math.floor(k / m), k % m];
      P[row * size + column] = value;
      P[column * size + row] = value;
    }
  return {
    x_c: Float64Array.from(x_c),
    gains_w: Float64Array.from({ length: gains }, (_, i) => (i === 0 ? g_w : (known?.mean_w[i - 1] ?? 0))),
    P,
  };
}

/** The house and its fading gain alone. */
export function houseStateOf({ x_c, gains_w, P }: HabitFilterState): HouseFilterState {
  const m = x_c.length + 1;
  const size = m + habits;
  const own = Array.from({ length: m * m }, (_, i) => P[Math.floor(i / m) * size + (i % m)]);
  return { x_c: [...x_c], g_w: gains_w[0], P: own };
}

/** What is known of people and season alone. */
export function habitsOf({ x_c, gains_w, P }: HabitFilterState): HabitsState {
  const m = x_c.length + 1;
  const size = m + habits;
  const covariance_w2 = triangle((i, j) => P[(m + i) * size + m + j]);
  const withHouse = Array.from({ length: habits * m }, (_, k) => P[(m + Math.floor(k / m)) * size + (k % m)]);
  return { mean_w: [...gains_w.subarray(1)], covariance_w2, withHouse };
}

/** Habits beside another state of the house: how their errors go with its own is not known. */
export function habitsAlone({ mean_w, covariance_w2 }: HabitsState): HabitsState {
  return { mean_w, covariance_w2 };
}

/** How another house differs from the one that habits were found in. */
export interface HouseChange {
  /** By how much it needs more heat that nobody meters, in all hours. */
  readonly balance_w: number;
  /** By how much an hour of its rhythm is below that of the former house, W. */
  readonly rhythm_w: (hour: number) => number;
  /** What people were taken to bring in an hour, W, and are taken to from now on. */
  readonly before_w: number;
  readonly next_w: number;
}

/**
 * Habits beside another house: it explains the same days as the former one, with the same people. An hour that was
 * never measured differs in nothing from what the house has.
 */
export function habitsBeside({ mean_w, covariance_w2 }: HabitsState, change: HouseChange): HabitsState {
  const { balance_w, rhythm_w, before_w, next_w } = change;
  if (!(before_w > 0)) return { mean_w, covariance_w2: triangle((i, j) => atRest_w2(i, j, next_w)) };
  const measured = (i: number) => Math.max(0, 1 - covariance_w2[at(i, i)] / before_w ** 2); // 0 to 1
  const moved_w = (i: number) => (i === 0 ? balance_w : rhythm_w(((i - 1) % hours) + 0.5));
  return {
    mean_w: mean_w.map((value, i) => value + measured(i) * moved_w(i)),
    covariance_w2: covariance_w2.map((value) => value * (next_w / before_w) ** 2),
  };
}

/** The state at the end of a step. */
export function habitStep(
  state: HabitFilterState,
  model: StateSpace,
  noise: HouseNoise,
  { time, ...step }: MeasuredStep & { readonly time: HabitTime },
): { readonly state: HabitFilterState; readonly innovation: Innovation } {
  return gainStep(state, model, noise, gainsAt(time, model, noise), step);
}

/** What acts at a time, how g fades, and how slowly s and h do. */
function gainsAt(
  time: HabitTime,
  { dtSeconds }: StateSpace,
  { gains_w, gainsLast_h, habits_w = 0 }: HouseNoise,
): Gains {
  const fast = Math.exp(-dtSeconds / 3600 / gainsLast_h);
  const slow = Math.exp(-dtSeconds / 86_400 / lasts_days);
  const fading = new Float64Array(gains).fill(slow);
  fading[0] = fast;
  const renewed = (i: number, j: number) => (1 - slow ** 2) * atRest_w2(i, j, habits_w);
  const renewed_w2: [number, number, number][] = [[0, 0, (1 - fast ** 2) * gains_w ** 2]];
  for (let i = 0; i < habits; i++) {
    renewed_w2.push([1 + i, 1 + i, renewed(i, i)]);
    if (i > hours) renewed_w2.push([1 + i, 1 + i - hours, renewed(i, i - hours)]);
  }
  return { acting: [0, 1, indexOf(time)], fading, renewed_w2 };
}
