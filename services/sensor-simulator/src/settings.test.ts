import { readConfig } from "@azru/runtime";
import { describe, expect, it } from "vitest";
import { variables } from "./config.ts";
import { createDecisions } from "./lockstep.ts";
import { pacingOf, startOf, valveOptions } from "./settings.ts";

const settingsOf = (environment: Record<string, string>) => readConfig(variables, environment);
const pacingFor = (environment: Record<string, string>) =>
  pacingOf(settingsOf(environment), createDecisions());
const nowMs = Date.UTC(2026, 10, 24, 7, 30, 12, 345);

describe("the settings", () => {
  it("begin now, on a whole sample, and run 60 times as fast by default", () => {
    expect(startOf(settingsOf({}), nowMs)).toBe(Date.UTC(2026, 10, 24, 7, 30));
    expect(startOf(settingsOf({ AZRU_SAMPLE_SECONDS: "5" }), nowMs)).toBe(Date.UTC(2026, 10, 24, 7, 30, 10));
    expect(pacingFor({})).toEqual({ kind: "free", speed: 60 });
    expect(pacingFor({ AZRU_SPEED: "3600" })).toEqual({ kind: "free", speed: 3600 });
  });

  it("in lockstep begin on a fixed winter day and know no haste", () => {
    const lockstep = { AZRU_PACING: "lockstep" };
    expect(startOf(settingsOf(lockstep), nowMs)).toBe(Date.UTC(2026, 0, 10, 23));
    expect(startOf(settingsOf({ ...lockstep, AZRU_START: "2026-02-01T12:00:30Z" }), nowMs)).toBe(
      Date.UTC(2026, 1, 1, 12),
    );
    expect(pacingFor(lockstep)).toMatchObject({
      kind: "lockstep",
      speed: Number.POSITIVE_INFINITY,
      step_ms: 900_000,
      timeout_ms: 60_000,
    });
    expect(pacingFor({ ...lockstep, AZRU_SPEED: "1000" }).speed).toBe(1000);
  });

  it("want a measurement at every decision in lockstep", () => {
    expect(() => pacingFor({ AZRU_PACING: "lockstep", AZRU_SAMPLE_SECONDS: "120" })).toThrow(
      'AZRU_SAMPLE_SECONDS must divide AZRU_STEP_MINUTES (15) in lockstep, got "120"',
    );
    expect(pacingFor({ AZRU_SAMPLE_SECONDS: "120" }).kind).toBe("free");
  });

  it("take a command that travelled for 5 s as fresh at any speed, but not in lockstep", () => {
    const ageAt = (environment: Record<string, string>) =>
      valveOptions(settingsOf(environment), pacingFor(environment)).maxAge_ms;
    expect(ageAt({})).toBe(3_600_000);
    expect(ageAt({ AZRU_SPEED: "3600" })).toBe(18_000_000);
    expect(ageAt({ AZRU_SPEED: "3600", AZRU_PACING: "lockstep" })).toBe(3_600_000);
  });

  it("let the valve keep its last position unless a silence is set", () => {
    expect(valveOptions(settingsOf({}), pacingFor({}))).toMatchObject({
      silence_ms: undefined,
      safePosition: 0.3,
    });
    const set = { AZRU_VALVE_TIMEOUT_MINUTES: "90", AZRU_VALVE_SAFE_POSITION: "15" };
    expect(valveOptions(settingsOf(set), pacingFor(set))).toMatchObject({
      silence_ms: 5_400_000,
      safePosition: 0.15,
    });
  });

  it.each([
    ["AZRU_SAMPLE_SECONDS", "7", /must divide 3600, got "7"/],
    ["AZRU_STEP_MINUTES", "25", /must divide 60, got "25"/],
    ["AZRU_START", "soon", /must be an ISO 8601 time such as .*, got "soon"/],
    [
      "AZRU_START",
      "2300-01-01T00:00:00",
      /must lie within the years 1970 to 2199, got "2300-01-01T00:00:00"/,
    ],
    ["AZRU_SPEED", "0", /, got "0"/],
    ["AZRU_ROOM", "sensors", /must not be one of .*, got "sensors"/],
    ["AZRU_SEED", "-1", /, got "-1"/],
  ])("refuse %s=%s", (name, value, complaint) => {
    expect(() => settingsOf({ [name]: value })).toThrow(complaint);
  });
});
