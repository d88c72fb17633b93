import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  accountDutyCycle,
  type DutyCycle,
  type DutyCycleOptions,
  isDueOff,
  isDueOn,
  startDutyCycle,
} from "./duty-cycle.ts";

const minute_ms = 60_000;
const minutes = (min: number, max: number) => fc.integer({ min: min * minute_ms, max: max * minute_ms });
const anyOptions = fc.record({
  period_ms: minutes(1, 60),
  minimumOn_ms: minutes(0, 20),
  minimumOff_ms: minutes(0, 20),
});
const share = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));

interface Switched {
  readonly atMs: number;
  readonly isOn: boolean;
}

/** A relay by itself: it goes through the time since the last step, and switches where it is time to. */
function stepDutyCycle(cycle: DutyCycle, nowMs: number, duty: number, options: DutyCycleOptions): DutyCycle {
  const accounted = accountDutyCycle(cycle, nowMs, duty);
  if (!isDueOn(accounted, duty, options) && !isDueOff(accounted, duty, options)) return accounted;
  return { ...accounted, isOn: !cycle.isOn, sinceMs: nowMs };
}

/** Lives through stretches of time, each with its duty, looking every `tick_ms`. */
function live(options: DutyCycleOptions, stretches: readonly (readonly [number, number])[], tick_ms: number) {
  let cycle = startDutyCycle(0);
  let nowMs = 0;
  let on_ms = 0;
  let asked_ms = 0;
  const switched: Switched[] = [];
  for (const [duration_ms, duty] of stretches) {
    const endMs = nowMs + duration_ms;
    while (nowMs < endMs) {
      const nextMs = Math.min(endMs, nowMs + tick_ms);
      if (cycle.isOn) on_ms += nextMs - nowMs;
      asked_ms += duty * (nextMs - nowMs);
      nowMs = nextMs;
      const before = cycle.isOn;
      cycle = stepDutyCycle(cycle, nowMs, duty, options);
      if (cycle.isOn !== before) switched.push({ atMs: nowMs, isOn: cycle.isOn });
    }
  }
  return { switched, on_ms, asked_ms, nowMs };
}

const stretches = fc.array(fc.tuple(minutes(0, 90), share), { minLength: 1, maxLength: 20 });

/** On-time that may be owed or given too much at any moment. */
function bound_ms({ period_ms, minimumOn_ms, minimumOff_ms }: DutyCycleOptions, tick_ms: number) {
  return Math.max(period_ms / 4, minimumOn_ms, minimumOff_ms) + minimumOn_ms + minimumOff_ms + 3 * tick_ms;
}

describe("duty cycle", () => {
  it("never violates the minimum times, whatever is asked for", () => {
    fc.assert(
      fc.property(anyOptions, stretches, fc.integer({ min: 500, max: 30_000 }), (options, lived, tick_ms) => {
        const { switched } = live(options, lived, tick_ms);
        let last: Switched = { atMs: 0, isOn: false };
        for (const next of switched) {
          expect(next.isOn).toBe(!last.isOn);
          const minimum_ms = last.isOn ? options.minimumOn_ms : options.minimumOff_ms;
          expect(next.atMs - last.atMs).toBeGreaterThanOrEqual(minimum_ms);
          last = next;
        }
      }),
    );
  });

  it("gives what was asked for, to within one ripple, whatever was asked for", () => {
    fc.assert(
      fc.property(anyOptions, stretches, fc.integer({ min: 500, max: 10_000 }), (options, lived, tick_ms) => {
        const { on_ms, asked_ms } = live(options, lived, tick_ms);
        expect(Math.abs(asked_ms - on_ms)).toBeLessThanOrEqual(bound_ms(options, tick_ms));
      }),
    );
  });

  it("has over a long time the mean that is asked for", () => {
    const week_ms = 7 * 24 * 60 * minute_ms;
    for (const duty of [0.01, 0.1, 0.33, 0.5, 0.8, 0.99]) {
      const options = {
        period_ms: 15 * minute_ms,
        minimumOn_ms: 2 * minute_ms,
        minimumOff_ms: 2 * minute_ms,
      };
      const { on_ms, nowMs } = live(options, [[week_ms, duty]], 5_000);
      expect(on_ms / nowMs).toBeCloseTo(duty, 3);
    }
  });

  it("takes the period at half duty, and longer where the minimum times ask for it", () => {
    const options = { period_ms: 16 * minute_ms, minimumOn_ms: 3 * minute_ms, minimumOff_ms: 3 * minute_ms };
    const phases = (duty: number) => {
      const { switched } = live(options, [[2_000 * minute_ms, duty]], 1_000);
      return [0, 1].map((i) => Math.round((switched[11 + i].atMs - switched[10 + i].atMs) / minute_ms));
    };
    expect(phases(0.5)).toEqual([8, 8]);
    expect(phases(0.1).sort((a, b) => a - b)).toEqual([3, 27]);
    expect(phases(0.95).sort((a, b) => a - b)).toEqual([3, 57]);
  });

  it("is off at 0 and on at 1, as soon as the minimum times allow", () => {
    const options = { period_ms: 15 * minute_ms, minimumOn_ms: 4 * minute_ms, minimumOff_ms: minute_ms };
    const { switched } = live(
      options,
      [
        [60 * minute_ms, 1],
        [60 * minute_ms, 0],
      ],
      1_000,
    );
    expect(switched).toEqual([
      { atMs: minute_ms, isOn: true },
      { atMs: 60 * minute_ms + 1_000, isOn: false },
    ]);
  });

  it("holds through a clock that stands still or goes back", () => {
    const options = { period_ms: 15 * minute_ms, minimumOn_ms: 0, minimumOff_ms: 0 };
    const cycle = stepDutyCycle(startDutyCycle(1_000), 1_000, 0.5, options);
    expect(stepDutyCycle(cycle, 0, 0.5, options)).toMatchObject({ isOn: cycle.isOn, owed_ms: cycle.owed_ms });
  });
});
