import fc from "fast-check";
import { expect, test } from "vitest";
import { TrustedTime } from "./trusted-time.ts";

const minute = 60_000;
const day = 86_400_000;
const startMs = Date.UTC(2026, 0, 15, 5);

/** A machine whose clock may be set, and a home that looks every 5 s. */
function machine(wallMs: number) {
  let steady_ms = 123.4;
  let ahead_ms = wallMs - steady_ms;
  const time = new TrustedTime({ wall: () => steady_ms + ahead_ms, steady: () => steady_ms });
  return {
    time,
    set: (toMs: number) => {
      ahead_ms = toMs - steady_ms;
    },
    /** The changes that were taken over meanwhile. */
    wait(length_ms: number) {
      const changes = [];
      for (let passed_ms = 0; passed_ms < length_ms; passed_ms += 5_000) {
        steady_ms += 5_000;
        const change = time.look();
        if (change) changes.push(change);
      }
      return changes;
    },
  };
}

test("follows the system's clock, also one that is set right little by little", () => {
  const { time, set, wait } = machine(startMs);
  expect(time.now()).toBe(startMs);
  expect(wait(minute)).toEqual([]);
  expect(time.now()).toBe(startMs + minute);
  set(startMs + minute + 900);
  expect(wait(5_000)).toEqual([]);
  expect(time.now()).toBe(startMs + minute + 5_900);
  expect(time.problem).toBeUndefined();
});

test("a change by hours, as after a sleep, is followed at once, forward and back", () => {
  const { time, set, wait } = machine(startMs);
  set(startMs + 5 * 60 * minute);
  expect(wait(5_000)).toMatchObject([{ fromMs: startMs + 5_000, wasKnown: true }]);
  expect(time.now()).toBe(startMs + 5 * 60 * minute + 5_000);
  set(startMs);
  expect(wait(5_000)).toHaveLength(1);
  expect(time.now()).toBe(startMs + 5_000);
});

test("a year ahead and back within ten minutes changes nothing; what lasts is followed", () => {
  const { time, set, wait } = machine(startMs);
  set(startMs + 365 * day);
  expect(wait(9 * minute)).toEqual([]);
  expect(time.now()).toBe(startMs + 9 * minute);
  expect(time.problem).toContain("the system's clock has jumped to 2027-01-15");
  set(startMs + 9 * minute);
  expect(wait(20 * minute)).toEqual([]);
  expect(time.problem).toBeUndefined();
  set(startMs + 365 * day);
  expect(wait(11 * minute)).toMatchObject([{ wasKnown: true }]);
  expect(time.now()).toBeGreaterThan(startMs + 365 * day);
});

test("1970 is not trusted: time goes on from what has passed, and is known when the clock is set", () => {
  const { time, set, wait } = machine(0);
  expect(time.isKnown).toBe(false);
  expect(time.now()).toBe(Date.UTC(2024, 0, 1, 11));
  time.hasPassed(startMs);
  wait(30 * minute);
  expect(time.now()).toBe(startMs + 30 * minute);
  expect(time.problem).toContain("says 1970-01-01 00:30 UTC, which cannot be");
  set(startMs + 3 * day);
  expect(wait(5_000)).toMatchObject([{ fromMs: startMs + 30 * minute + 5_000, wasKnown: false }]);
  expect(time).toMatchObject({ isKnown: true, problem: undefined });
});

test("a clock that is days behind what has passed is not known until it was so for ten minutes, or is set", () => {
  const behind = machine(startMs - 3 * day);
  behind.time.hasPassed(startMs);
  expect(behind.time.isKnown).toBe(false);
  expect(behind.wait(9 * minute)).toEqual([]);
  expect(behind.wait(2 * minute)).toHaveLength(1);
  expect(behind.time.now()).toBe(startMs - 3 * day + 11 * minute);
  const set = machine(startMs - 3 * day);
  set.time.hasPassed(startMs);
  set.set(startMs + minute);
  expect(set.wait(5_000)).toMatchObject([{ wasKnown: false }]);
});

test("a clock that falls back to 1970 is not followed", () => {
  const { time, set, wait } = machine(startMs);
  set(0);
  expect(wait(60 * minute)).toEqual([]);
  expect(time.now()).toBe(startMs + 60 * minute);
});

test("time runs forward at its own pace, whatever the system's clock does, but for the changes that are named", () => {
  const moves = fc.array(fc.integer({ min: -(2 ** 41), max: 2 ** 41 }), { maxLength: 40 });
  fc.assert(
    fc.property(moves, (jumps) => {
      const { time, set, wait } = machine(startMs);
      for (const jump of jumps) {
        set(startMs + jump);
        const beforeMs = time.now();
        const set_ms = wait(minute).reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
        expect(Math.abs(time.now() - beforeMs - minute - set_ms)).toBeLessThanOrEqual(2_001);
      }
    }),
    { numRuns: 50 },
  );
});
