import { gainsAt_w, houseOf, modelOf, nextState, outputOf } from "@azru/house";
import { describe, expect, test } from "vitest";
import { recordedHouse } from "../testing/recorded-house.ts";
import { normals } from "../testing/twin.ts";
import { typicalNoise } from "./choose-noise.ts";
import {
  type HabitFilterState,
  type HabitTime,
  habitAt_w,
  habitStep,
  habitsAlone,
  habitsBeside,
  habitsOf,
  houseStateOf,
  initialHabits,
  withHabits,
} from "./habit-filter.ts";

const house = houseOf(recordedHouse("brick45").building);
const model = modelOf(house, 900);
const noise = { ...typicalNoise(45), gains_w: 40 };

/** At home in the evening of workdays, and by day on days off. */
function people_w({ hour, isDayOff }: HabitTime): number {
  if (isDayOff) return hour >= 9 && hour < 18 ? 200 : 0;
  return hour >= 19 && hour < 22 ? 300 : 0;
}

function timeOf(k: number): HabitTime {
  return { hour: (k / 4) % 24, isDayOff: Math.floor(k / 96) % 7 >= 5 };
}

/** What a filter knows after some days in the house, where `more_w` comes all the time. */
function after(days: number, more_w: number): HabitFilterState {
  const noiseOf = normals(3);
  let x: ArrayLike<number> = [20, 21, 19];
  let state = initialHabits(model, 20, noise);
  for (let k = 0; k < 96 * days; k++) {
    const time = timeOf(k);
    const usual = {
      theta_e_c: 5 + 3 * Math.sin(k / 40),
      phi_sol_w: 0,
      phi_int_w: gainsAt_w(house, time.hour),
    };
    const true_w = { ...usual, phi_int_w: usual.phi_int_w + people_w(time) + more_w };
    const phi_HC_w = Math.floor(k / 10) % 3 === 0 ? 2500 : 500;
    const measured_c = outputOf(model, x, phi_HC_w, true_w) + 0.1 * noiseOf();
    x = nextState(model, x, phi_HC_w, true_w);
    state = habitStep(state, model, noise, { phi_HC_w, disturbances: usual, time, measured_c }).state;
  }
  return state;
}

/** Mean of what a state expects in the hours from one to another. */
function mean_w(state: HabitFilterState, isDayOff: boolean, from: number, to: number): number {
  let sum = 0;
  for (let hour = from; hour < to; hour++) sum += habitAt_w(state, { hour, isDayOff });
  return sum / (to - from);
}

describe("after five weeks", () => {
  const state = after(35, -60);

  test("the evening of workdays and the day of days off are known from one another", () => {
    expect(mean_w(state, false, 19, 22) - mean_w(state, false, 10, 17)).toBeGreaterThan(180);
    expect(mean_w(state, true, 10, 17) - mean_w(state, true, 1, 6)).toBeGreaterThan(80);
    expect(mean_w(state, false, 10, 17) - mean_w(state, false, 1, 6)).toBeLessThan(40);
  });

  test("what is always missing is expected to go on missing", () => {
    expect(mean_w(state, false, 1, 6)).toBeGreaterThan(-110);
    expect(mean_w(state, false, 1, 6)).toBeLessThan(-25);
  });

  test("the covariance is symmetric, and every variance has become smaller than before or is as at rest", () => {
    const size = Math.sqrt(state.P.length);
    for (let i = 0; i < size; i++) {
      expect(state.P[i * (size + 1)]).toBeGreaterThan(0);
      if (i > state.x_c.length) expect(state.P[i * (size + 1)]).toBeLessThan(noise.habits_w! ** 2);
      for (let j = 0; j < i; j++) expect(state.P[i * size + j]).toBeCloseTo(state.P[j * size + i], 9);
    }
  });

  test("is the same again from what is stored of it", () => {
    const again = withHabits(houseStateOf(state), noise, habitsOf(state));
    expect(again).toEqual(state);
  });

  test("beside another house keeps the shape of the day, and takes what is constant from the heat balance", () => {
    const change = {
      balance_w: 80,
      rhythm_w: (hour: number) => (hour < 12 ? 50 : 0),
      before_w: noise.habits_w!,
      next_w: 2 * noise.habits_w!,
    };
    const next = initialHabits(model, 20, noise, habitsBeside(habitsOf(state), change));
    const at = (hour: number): HabitTime => ({ hour, isDayOff: false });
    const slow_w = next.gains_w[1] - state.gains_w[1];
    expect(slow_w).toBeGreaterThan(20); // as far as it was measured
    expect(slow_w).toBeLessThan(80);
    const moved_w = habitAt_w(next, at(8)) - habitAt_w(state, at(8)) - slow_w;
    expect(moved_w).toBeGreaterThan(10);
    expect(moved_w).toBeLessThan(50);
    expect(habitAt_w(next, at(20)) - habitAt_w(state, at(20))).toBeCloseTo(slow_w, 9);
    const size = Math.sqrt(next.P.length);
    const slow = next.x_c.length + 1;
    expect(next.P[slow * (size + 1)]).toBeCloseTo(4 * state.P[slow * (size + 1)], 6);
  });

  test("beside a house of which nothing was taken for granted, begins anew", () => {
    const change = { balance_w: 80, rhythm_w: () => 50, before_w: 0, next_w: 60 };
    const fresh = initialHabits(model, 20, { ...noise, habits_w: 60 });
    const unknown = initialHabits(model, 20, { ...noise, habits_w: 0 });
    expect(habitsBeside(habitsOf(unknown), change)).toEqual(habitsAlone(habitsOf(fresh)));
  });

  test("beside another state of the house, nothing is known of how their errors go together", () => {
    const next = withHabits(houseStateOf(state), noise, habitsAlone(habitsOf(state)));
    const size = Math.sqrt(next.P.length);
    const first = next.x_c.length + 1;
    for (let i = first; i < size; i++) for (let j = 0; j < first; j++) expect(next.P[i * size + j]).toBe(0);
    expect(next.gains_w).toEqual(state.gains_w);
  });
});

test("what one kind of day shows holds for the other in part", () => {
  const state = after(4, 0); // workdays only
  const known_w = mean_w(state, false, 19, 22);
  expect(known_w).toBeGreaterThan(20);
  expect(mean_w(state, true, 19, 22)).toBeGreaterThan(0.2 * known_w);
  expect(mean_w(state, true, 19, 22)).toBeLessThan(0.9 * known_w);
});

test("nothing is learnt of people where nothing may be", () => {
  const { habits_w: _, ...without } = noise;
  let state = initialHabits(model, 20, without);
  for (let k = 0; k < 96; k++) {
    const disturbances = { theta_e_c: 5, phi_sol_w: 0, phi_int_w: 100 };
    const step = { phi_HC_w: 1000, disturbances, time: timeOf(k), measured_c: 22 };
    state = habitStep(state, model, without, step).state;
  }
  expect([...state.gains_w.subarray(1)]).toEqual(new Array(49).fill(0));
  expect(state.gains_w[0]).not.toBe(0);
});
