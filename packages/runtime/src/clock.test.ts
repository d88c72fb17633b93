import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSimulatedClock, createWallClock } from "./clock.ts";

const minute = 60_000;
const quarter = 15 * minute;
const at = (text: string) => Date.parse(`2026-02-01T${text}Z`);

function fail(error: unknown): never {
  throw error;
}

describe("simulated clock", () => {
  it("stands still until it is set", () => {
    const clock = createSimulatedClock(at("06:00:00"), fail);
    expect(clock.now()).toBe(at("06:00:00"));
    clock.set(at("06:10:00"));
    expect(clock.now()).toBe(at("06:10:00"));
    expect(clock.simulated).toBe(true);
  });

  it("calls at each quarter of an hour, with the instant that was due", () => {
    const clock = createSimulatedClock(at("06:07:00"), fail);
    const due: number[] = [];
    const cancel = clock.scheduleEvery(quarter, (dueMs) => due.push(dueMs));
    for (let m = 8; m <= 47; m++) clock.set(at(`06:${String(m).padStart(2, "0")}:00`));
    expect(due).toEqual([at("06:15:00"), at("06:30:00"), at("06:45:00")]);
    cancel();
    clock.set(at("08:00:00"));
    expect(due).toHaveLength(3);
  });

  it("calls as long after each quarter as it is set to, and once where time jumps", () => {
    const clock = createSimulatedClock(at("06:07:00"), fail);
    const due: number[] = [];
    clock.scheduleEvery(quarter, (dueMs) => due.push(dueMs), 7.5 * minute);
    for (const time of ["06:07:29", "06:07:30", "06:15:00", "06:22:31", "07:20:00", "07:22:29", "06:50:00"])
      clock.set(at(time));
    expect(due).toEqual([at("06:07:30"), at("06:22:30"), at("07:07:30")]);
    clock.set(at("06:52:30"));
    expect(due.at(-1)).toBe(at("06:52:30"));
  });

  it("calls once, for the latest, when time jumps forward", () => {
    const clock = createSimulatedClock(at("06:00:00"), fail);
    const due: number[] = [];
    clock.scheduleEvery(quarter, (dueMs) => due.push(dueMs));
    clock.set(at("09:20:00"));
    clock.set(at("09:29:00"));
    expect(due).toEqual([at("09:15:00")]);
    clock.set(at("09:30:00"));
    expect(due).toEqual([at("09:15:00"), at("09:30:00")]);
  });

  it("aligns again when time jumps back", () => {
    const clock = createSimulatedClock(at("12:00:00"), fail);
    const due: number[] = [];
    clock.scheduleEvery(quarter, (dueMs) => due.push(dueMs));
    clock.set(at("06:20:00"));
    expect(due).toEqual([]);
    clock.set(at("06:30:00"));
    expect(due).toEqual([at("06:30:00")]);
  });

  it("calls what happens once when its time has come, even if that was before", async () => {
    const clock = createSimulatedClock(at("06:00:00"), fail);
    const calls: string[] = [];
    clock.scheduleAt(at("05:00:00"), () => calls.push("past"));
    clock.scheduleAt(at("07:00:00"), () => calls.push("later"));
    const cancel = clock.scheduleAt(at("07:00:00"), () => calls.push("cancelled"));
    expect(calls).toEqual([]);
    await Promise.resolve();
    expect(calls).toEqual(["past"]);
    cancel();
    clock.set(at("08:00:00"));
    clock.set(at("09:00:00"));
    expect(calls).toEqual(["past", "later"]);
  });

  it("calls the earlier first, and goes on when a handler fails", async () => {
    const errors: unknown[] = [];
    const clock = createSimulatedClock(at("06:00:00"), (error) => errors.push(error));
    const calls: string[] = [];
    clock.scheduleAt(at("06:15:00"), () => calls.push("second"));
    clock.scheduleAt(at("06:10:00"), () => {
      throw new Error("first fails");
    });
    clock.scheduleEvery(quarter, async () => {
      throw new Error("rejects");
    });
    clock.set(at("06:15:00"));
    expect(calls).toEqual(["second"]);
    await Promise.resolve();
    expect(errors.map(String)).toEqual(["Error: first fails", "Error: rejects"]);
  });

  it("misses no due instant and repeats none while time runs forward in steps below the interval", () => {
    const steps = fc.array(fc.integer({ min: 0, max: quarter }), { maxLength: 200 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 4e12 }), (waits, startMs) => {
        const clock = createSimulatedClock(startMs, fail);
        const due: number[] = [];
        clock.scheduleEvery(quarter, (dueMs) => due.push(dueMs));
        let nowMs = startMs;
        for (const wait of waits) {
          nowMs += wait;
          clock.set(nowMs);
        }
        const expected = Math.floor(nowMs / quarter) - Math.floor(startMs / quarter);
        expect(due).toHaveLength(expected);
        expect(due.every((dueMs) => dueMs % quarter === 0)).toBe(true);
        expect(new Set(due).size).toBe(due.length);
      }),
    );
  });

  it("never calls more often than it is set, however time jumps", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e9 }), { maxLength: 50 }), (times) => {
        const clock = createSimulatedClock(0, fail);
        let calls = 0;
        clock.scheduleEvery(quarter, (dueMs) => {
          calls++;
          expect(dueMs).toBeLessThanOrEqual(clock.now());
          expect(dueMs).toBeGreaterThan(clock.now() - quarter);
        });
        for (const [i, time] of times.entries()) {
          clock.set(time);
          expect(calls).toBeLessThanOrEqual(i + 1);
        }
      }),
    );
  });

  it("refuses a time or an interval that is none", () => {
    const clock = createSimulatedClock(0, fail);
    expect(() => clock.set(Number.NaN)).toThrow("timeMs must be a Unix time in ms, got NaN");
    expect(() => clock.scheduleEvery(0, () => undefined)).toThrow("interval_ms must be > 0, got 0");
    expect(() => clock.scheduleEvery(60, () => undefined, 60)).toThrow(
      "phase_ms must be >= 0 and < interval_ms (60), got 60",
    );
    expect(() => createSimulatedClock(Number.POSITIVE_INFINITY, fail)).toThrow(RangeError);
  });
});

describe("wall clock", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: at("06:07:00") });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("calls at each quarter of an hour, not before", () => {
    const clock = createWallClock(fail);
    const due: number[] = [];
    clock.scheduleEvery(quarter, (dueMs) => due.push(dueMs));
    vi.advanceTimersByTime(8 * minute - 1);
    expect(due).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(due).toEqual([at("06:15:00")]);
    vi.advanceTimersByTime(2 * quarter);
    expect(due).toEqual([at("06:15:00"), at("06:30:00"), at("06:45:00")]);
    expect(clock.simulated).toBe(false);
    expect(clock.now()).toBe(at("06:45:00"));
  });

  it("notices within seconds that the system's clock was set", () => {
    const clock = createWallClock(fail);
    const due: number[] = [];
    clock.scheduleEvery(quarter, (dueMs) => due.push(dueMs));
    vi.setSystemTime(at("10:20:00"));
    vi.advanceTimersByTime(5_000);
    expect(due).toEqual([at("10:15:00")]);
    vi.setSystemTime(at("06:20:00"));
    vi.advanceTimersByTime(10 * minute);
    expect(due).toEqual([at("10:15:00"), at("06:30:00")]);
  });

  it("keeps no timer once nothing is scheduled", () => {
    const clock = createWallClock(fail);
    const cancel = clock.scheduleEvery(quarter, fail);
    clock.scheduleAt(at("06:08:00"), () => undefined);
    cancel();
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(minute);
    expect(vi.getTimerCount()).toBe(0);
    clock.scheduleEvery(quarter, fail);
    clock.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
