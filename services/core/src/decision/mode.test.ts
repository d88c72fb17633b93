import { expect, test } from "vitest";
import { auto, longestManual_ms, manual, modeAt, modeState } from "./mode.ts";

const nowMs = Date.UTC(2026, 0, 15, 12);
const hour = 3_600_000;

test("a manual command holds until its end, then the optimiser decides again", () => {
  const mode = manual(0.4, nowMs, 4 * hour);
  expect(modeAt(mode, nowMs + 4 * hour - 1)).toEqual(mode);
  expect(modeAt(mode, nowMs + 4 * hour)).toEqual(auto);
});

test("a command for a third of an hour ends at a whole millisecond", () => {
  expect(manual(0.4, nowMs, 33.3333333 * 60_000)).toMatchObject({ expiresMs: nowMs + 2_000_000 });
});

test("a clock that jumped back does not leave a home in manual mode for months", () => {
  const mode = manual(0, nowMs, hour);
  expect(modeAt(mode, nowMs - 40 * 24 * hour)).toEqual(auto);
  expect(modeAt(mode, nowMs - hour)).toEqual(mode);
});

test("no manual command lasts longer than a week", () => {
  expect(manual(1, nowMs, 1e12)).toEqual({ kind: "manual", valve: 1, expiresMs: nowMs + longestManual_ms });
});

test("says when manual mode ends", () => {
  expect(modeState(manual(0.25, nowMs, hour))).toEqual({
    mode: "manual",
    auto_mode: false,
    manual: { valve_position: 25, expires_at: "2026-01-15T13:00:00.000Z" },
  });
  expect(modeState(auto)).toEqual({ mode: "auto", auto_mode: true, manual: null });
});

test("the thermostat, or off, holds until something else is chosen, whatever the clock does", () => {
  for (const kind of ["thermostat", "off"] as const) {
    expect(modeAt({ kind }, nowMs + 400 * 24 * hour)).toEqual({ kind });
    expect(modeState({ kind })).toEqual({ mode: kind, auto_mode: false, manual: null });
  }
});
