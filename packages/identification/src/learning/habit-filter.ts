/**
 * The filter of a house that is lived in. It has the temperatures x and the gain g of `filter-step.ts`, and knows that
 * people live by the clock: beside g it finds a slow gain s (the ground, the season) and what each hour of workdays
 * and of days off brings, h_0 .. h_47. In a step of the hour i
 *
 *     y[k]   = c x + D phi_HC + F d + F_i (g + s + h_i) + v
 *     x[k+1] = A x + b phi_HC + E d + E_i (g + s + h_i) + w
 *     q[k+1] = f_q q + e_q     for each gain q, f_q = exp(-dt / tau_q)
 *
 * where e keeps the covariance that the gains have at rest. One filter of all of them: a room shows the heat of an
 * hour for many hours, and what a slow gain explains is no habit.
 *
 * @see Kalman, R. E. (1960), J. Basic Eng. 82
 */
import { nextState, outputOf, type StateSpace, type StepDisturbances } from "@azru/house";
import { beyondWidth_k, widthVariance_k2 } from "../coarse-reading.ts";
import { type HouseFilterState, type HouseNoise, initialState, type Surprise } from "./filter-step.ts";

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

/** Mean and covariance of (x, g, s, h). */
export interface HabitFilterState {
  readonly x_c: Float64Array;
  /** g, s, h. */
  readonly gains_w: Float64Array;
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

/** Heat that nobody meters in a step, W. */
function unmeteredGain_w({ gains_w }: HabitFilterState, time: HabitTime): number {
  return gains_w[0] + gains_w[1] + gains_w[indexOf(time)];
}

/** What a step brings by habit and season, without the gain that fades, W. */
export function habitAt_w({ gains_w }: HabitFilterState, time: HabitTime): number {
  return gains_w[1] + gains_w[indexOf(time)];
}

/** Covariance that two of s and h have where nothing was measured, W2. */
function atRest_w2(i: number, j: number, habits_w: number): number {
  if (i === j) return habits_w ** 2;
  return Math.abs(i - j) === hours && Math.min(i, j) > 0 ? alikeness * habits_w ** 2 : 0;
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
      const known_w2 = known?.covariance_w2[(i * (i + 1)) / 2 + j];
      const value = known_w2 ?? atRest_w2(i, j, habits_w);
      P[(m + i) * size + m + j] = value;
      P[(m + j) * size + m + i] = value;
    }
  if (known?.withHouse?.length === habits * m)
    for (const [at, value] of known.withHouse.entries()) {
      const [row, column] = [m + Math.floor(at / m), at % m];
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
  const covariance_w2: number[] = [];
  for (let i = 0; i < habits; i++) for (let j = 0; j <= i; j++) covariance_w2.push(P[(m + i) * size + m + j]);
  const withHouse = Array.from(
    { length: habits * m },
    (_, at) => P[(m + Math.floor(at / m)) * size + (at % m)],
  );
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
  const measured = (i: number) =>
    before_w > 0 ? Math.max(0, 1 - covariance_w2[(i * (i + 3)) / 2] / before_w ** 2) : 0; // 0 to 1
  const scale = before_w > 0 ? (next_w / before_w) ** 2 : 0;
  const entryOf = (at: number) => {
    const row = Math.floor((Math.sqrt(8 * at + 1) - 1) / 2);
    return atRest_w2(row, at - (row * (row + 1)) / 2, next_w);
  };
  return {
    mean_w: mean_w.map(
      (value, i) => value + measured(i) * (i === 0 ? balance_w : rhythm_w(((i - 1) % hours) + 0.5)),
    ),
    covariance_w2: covariance_w2.map((value, at) => (before_w > 0 ? value * scale : entryOf(at))),
  };
}

/** A step of the house. */
export interface HabitStep {
  readonly phi_HC_w: number;
  /** Means over the step, of the gains those of the house itself. */
  readonly disturbances: StepDisturbances;
  readonly time: HabitTime;
  /** The model's output in the step, as measured; absent or NaN where it was not. */
  readonly measured_c?: number | undefined;
  /** What that is known within, K; where the expected lies within, nothing is corrected. */
  readonly within_k?: number | undefined;
}

/** The state at the end of a step, as `filterStep` has it. */
export function habitStep(
  state: HabitFilterState,
  model: StateSpace,
  noise: HouseNoise,
  { phi_HC_w, disturbances, time, measured_c = Number.NaN, within_k = 0 }: HabitStep,
): { readonly state: HabitFilterState; readonly surprise: Surprise } {
  const n = model.b.length;
  const size = n + gains;
  const acting = [n, n + 1, n + indexOf(time)]; // the gains of this step
  const x_c = state.x_c.slice();
  const gains_w = state.gains_w.slice();
  const P = state.P.slice();
  const forces = () => ({
    ...disturbances,
    phi_int_w: disturbances.phi_int_w + unmeteredGain_w({ x_c, gains_w, P }, time),
  });
  const Pc = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < n; j++) Pc[i] += P[i * size + j] * model.c[j];
    for (const j of acting) Pc[i] += P[i * size + j] * model.F[2];
  }
  let variance_k2 = noise.sensor_k ** 2 + widthVariance_k2(within_k);
  for (let j = 0; j < n; j++) variance_k2 += model.c[j] * Pc[j];
  for (const j of acting) variance_k2 += model.F[2] * Pc[j];
  const beyond_k = beyondWidth_k(measured_c - outputOf(model, x_c, phi_HC_w, forces()), within_k);
  const value_k = within_k > 0 && beyond_k === 0 ? Number.NaN : beyond_k;
  if (!Number.isNaN(value_k)) {
    for (let i = 0; i < size; i++) {
      const gain = Pc[i] / variance_k2;
      if (i < n) x_c[i] += gain * value_k;
      else gains_w[i - n] += gain * value_k;
      for (let j = 0; j < size; j++) P[i * size + j] -= (Pc[i] * Pc[j]) / variance_k2;
    }
  }
  const next = nextState(model, x_c, phi_HC_w, forces());
  const fading = fadingOf(model, noise);
  for (let i = 0; i < gains; i++) gains_w[i] *= fading(i);
  return {
    state: { x_c: next, gains_w, P: predicted(P, { model, noise, acting, fading }) },
    surprise: { value_k, variance_k2 },
  };
}

/** The share of each gain that lasts for a step. */
function fadingOf({ dtSeconds }: StateSpace, { gainsLast_h }: HouseNoise): (gain: number) => number {
  const fast = Math.exp(-dtSeconds / 3600 / gainsLast_h);
  const slow = Math.exp(-dtSeconds / 86_400 / lasts_days);
  return (gain) => (gain === 0 ? fast : slow);
}

interface Transition {
  readonly model: StateSpace;
  readonly noise: HouseNoise;
  readonly acting: readonly number[];
  readonly fading: (gain: number) => number;
}

/** Covariance a step later: Phi P Phi^T + Q, of which Phi mixes the temperatures and lets each gain fade by itself. */
function predicted(P: Float64Array, { model, noise, acting, fading }: Transition): Float64Array {
  const n = model.b.length;
  const size = n + gains;
  const { A, E } = model;
  const fades = Float64Array.from({ length: size }, (_, i) => (i < n ? 1 : fading(i - n)));
  const next = new Float64Array(size * size);
  for (let i = n; i < size; i++)
    for (let j = n; j < size; j++) next[i * size + j] = fades[i] * fades[j] * P[i * size + j];
  const row = new Float64Array(size); // of Phi P
  for (let i = 0; i < n; i++) {
    row.fill(0);
    for (let k = 0; k < n; k++) for (let j = 0; j < size; j++) row[j] += A[i * n + k] * P[k * size + j];
    for (const k of acting) for (let j = 0; j < size; j++) row[j] += E[3 * i + 2] * P[k * size + j];
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += row[k] * A[j * n + k];
      for (const k of acting) sum += row[k] * E[3 * j + 2];
      next[i * size + j] = sum;
      next[j * size + i] = sum;
    }
    for (let j = n; j < size; j++) {
      next[i * size + j] = row[j] * fades[j];
      next[j * size + i] = next[i * size + j];
    }
  }
  addNoise(next, n, model.dtSeconds, noise, fading);
  return next;
}

function addNoise(
  P: Float64Array,
  n: number,
  dtSeconds: number,
  { process_k_sqrth, gains_w, habits_w = 0 }: HouseNoise,
  fading: (gain: number) => number,
): void {
  const size = n + gains;
  for (let i = 0; i < n; i++) P[i * (size + 1)] += process_k_sqrth ** 2 * (dtSeconds / 3600);
  P[n * (size + 1)] += (1 - fading(0) ** 2) * gains_w ** 2;
  const renewed = 1 - fading(1) ** 2;
  for (let i = 0; i < habits; i++) {
    P[(n + 1 + i) * (size + 1)] += renewed * atRest_w2(i, i, habits_w);
    if (i === 0 || i > hours) continue;
    const shared = renewed * atRest_w2(i, i + hours, habits_w);
    P[(n + 1 + i) * size + n + 1 + i + hours] += shared;
    P[(n + 1 + i + hours) * size + n + 1 + i] += shared;
  }
}
