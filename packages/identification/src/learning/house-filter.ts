/** A house that people live in: its temperatures, the heat that nobody meters, and how well it is predicted. */
import { groundGains_w, type House, lossOf_w_k, rhythmAt_w, type StateSpace } from "@azru/house";
import { AppliedHouse, type PastStep, type StepOptions } from "./applied-house.ts";
import type { DayErrors } from "./day-record.ts";
import type { ErrorRecordState } from "./error-record.ts";
import { type HouseFilterState, type HouseNoise, initialState, varianceAhead_k2 } from "./filter-step.ts";
import { GatedFilter } from "./gated-filter.ts";
import {
  type HabitsState,
  type HouseChange,
  habitsAlone,
  habitsBeside,
  habitsOf,
  houseStateOf,
  withHabits,
} from "./habit-filter.ts";
import { OpenPredictions, type WeatherAhead } from "./open-predictions.ts";

/** What is kept over a restart. Plain data. */
export interface HouseFilterMemory {
  readonly state: HouseFilterState;
  readonly record: ErrorRecordState;
  readonly days: DayErrors;
  readonly habits?: HabitsState | undefined; // absent in files of earlier versions
  readonly steps: readonly PastStep[]; // the last days, for another model to be found in
}

export interface HouseFilterOptions extends StepOptions {
  readonly house: House;
  readonly noise: HouseNoise;
  readonly memory?: HouseFilterMemory;
  /** What held-out days have shown of the house's predictions, where there is no memory. */
  readonly record?: ErrorRecordState;
  readonly days?: DayErrors;
}

/**
 * A measurement farther than five standard deviations from what was expected is left out, unless the one before was
 * as far off, to the same side.
 */
export interface HouseFilter {
  /** Goes through a step: corrects by what was measured, then predicts. Throws RangeError naming what is not finite. */
  advance(step: PastStep): void;
  /**
   * The forecast from the coming step on: predictions that begin with it are made on this weather instead of the
   * weather that comes, so that their errors have the forecast's in them.
   */
  foresee(weather: WeatherAhead): void;
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
  reconsider(fromMs: number, truth: Partial<Pick<PastStep, "phi_HC_w" | "measured_c">>): void;
  /** How well whole days were predicted, beside "as yesterday". */
  readonly days: DayErrors;
  readonly memory: HouseFilterMemory | undefined;
}

const remembered_h = 72; // of steps
const longGap_h = 24; // after which nothing is known of the temperatures of a house

/** @throws RangeError as `discretise` does */
export function createHouseFilter(options: HouseFilterOptions): HouseFilter {
  const { dtSeconds, memory } = options;
  const remembered = (remembered_h * 3600) / dtSeconds;
  let applied = new AppliedHouse(options.house, options.noise, options);
  const filter = new GatedFilter(memory && withHabits(memory.state, options.noise, memory.habits));
  const predictions = new OpenPredictions(
    dtSeconds,
    memory?.record ?? options.record,
    memory?.days ?? options.days,
  );
  let weatherAhead: WeatherAhead | undefined;
  let steps: PastStep[] = [...(memory?.steps ?? [])];
  const isOfOtherStates = filter.state && filter.state.x_c.length !== applied.model.b.length;
  if (filter.state && isOfOtherStates) filter.restart(steps, applied, habitsAlone(habitsOf(filter.state)));

  return {
    advance(step) {
      checkStep(step);
      const last = steps.at(-1);
      if (last && Math.abs(step.startMs - last.startMs - 1000 * dtSeconds) > 500 * dtSeconds) {
        predictions.drop(); // they were made for times that have been jumped over
        steps = [];
        if (filter.state && step.startMs - last.startMs > longGap_h * 3_600_000)
          filter.restart([], applied, habitsAlone(habitsOf(filter.state)), step.measured_c);
      }
      if (filter.state) predictions.begin(filter.state, steps, weatherAhead);
      weatherAhead = undefined;
      predictions.follow(step, applied);
      filter.advance(step, applied);
      steps.push(step);
      if (steps.length > remembered) steps.shift();
    },
    foresee(weather) {
      weatherAhead = weather;
    },
    get model() {
      return applied.model;
    },
    get x_c() {
      return filter.state && [...filter.state.x_c];
    },
    get unknownGain_w() {
      return filter.state?.gains_w[0] ?? 0;
    },
    gainsAhead_w(startMs, count) {
      const { state } = filter;
      return Float64Array.from({ length: count }, (_, k) => {
        const fading_w = (state?.gains_w[0] ?? 0) * applied.fading ** k;
        return applied.usualGains_w(state, startMs + k * 1000 * dtSeconds) + fading_w;
      });
    },
    spreadAhead_k(count) {
      const { model, noise } = applied;
      const { record, furthest } = predictions;
      const now = filter.state ? houseStateOf(filter.state) : initialState(model, 20, noise);
      const rms_k = record.rms_k(varianceAhead_k2(now, model, noise, furthest), noise.sensor_k);
      return Float64Array.from({ length: count }, (_, lead) => rms_k[Math.min(lead, furthest - 1)]);
    },
    get days() {
      return predictions.days;
    },
    change(house, noise, record, days) {
      const known =
        filter.state && habitsBeside(habitsOf(filter.state), changeTo(house, noise, applied, steps));
      applied = new AppliedHouse(house, noise, options);
      predictions.change(record, days);
      filter.restart(steps, applied, known);
    },
    reconsider(fromMs, truth) {
      steps = steps.map((step) => (step.startMs >= fromMs ? { ...step, ...truth } : step));
      predictions.drop();
      if (filter.state) filter.restart(steps, applied, habitsAlone(habitsOf(filter.state)));
    },
    get memory() {
      if (!filter.state) return undefined;
      const kept = { record: predictions.record.state, days: predictions.days, steps: [...steps] };
      return { state: houseStateOf(filter.state), habits: habitsOf(filter.state), ...kept };
    },
  };
}

/** How another house differs from the one in use, by the steps that both are to explain. */
function changeTo(
  house: House,
  { habits_w = 0 }: HouseNoise,
  { house: before, noise }: AppliedHouse,
  steps: readonly PastStep[],
): HouseChange {
  return {
    balance_w: unmeteredHeat_w(house, steps) - unmeteredHeat_w(before, steps),
    rhythm_w: (hour) => rhythmAt_w(before.rhythm_w, hour) - rhythmAt_w(house.rhythm_w, hour),
    before_w: noise.habits_w ?? 0,
    next_w: habits_w,
  };
}

/**
 * Heat that a house lacks in its balance of the steps given, W: losses less heater, sun and its own gains. Two houses
 * that are to explain the same days differ by it in what they take people's heat for.
 */
function unmeteredHeat_w(house: House, steps: readonly PastStep[]): number {
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

function checkStep(step: PastStep): void {
  const { startMs, phi_HC_w, theta_e_c, phi_sol_w, measured_c = 0 } = step;
  for (const [name, value] of Object.entries({ startMs, phi_HC_w, theta_e_c, phi_sol_w })) {
    if (!Number.isFinite(value)) throw new RangeError(`${name} must be finite, got ${value}`);
  }
  if (Math.abs(measured_c) === Number.POSITIVE_INFINITY)
    throw new RangeError(`measured_c must be finite or absent, got ${measured_c}`);
}
