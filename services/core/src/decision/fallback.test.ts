import { expect, test } from "vitest";
import { flatPlan } from "../testing/plans.ts";
import { fallBack, type Remaining } from "./fallback.ts";

const startMs = Date.UTC(2026, 0, 15, 6);
const remaining = (changes: Partial<Remaining> = {}): Remaining => ({
  kept: { requestedMs: startMs, plan: flatPlan({ startMs, valve_position: 40, temperature_c: 20 }) },
  nowMs: startMs + 3_600_000,
  comfortChangedMs: 0,
  theta_air_c: 20,
  thermostatValve: 1,
  holdingValve: 0.3,
  ...changes,
});
const decide = (changes?: Partial<Remaining>) => fallBack("mpc_timeout", "no answer", remaining(changes));

test("follows the last plan first", () => {
  expect(decide()).toEqual({
    valve: 0.4,
    source: "failsafe",
    fallback: "mpc_timeout",
    instead: "plan",
    planFromMs: startMs,
    planId: "plan-1",
    reason: "no answer: following the plan of 2026-01-15 07:00",
  });
});

test("then the thermostat: no plan, an old one, or one that the home left", () => {
  const byThermostat = { valve: 1, instead: "thermostat", reason: expect.stringContaining("thermostat") };
  expect(decide({ kept: undefined })).toMatchObject(byThermostat);
  expect(decide({ nowMs: startMs + 25 * 3_600_000 })).toMatchObject(byThermostat);
  const left = decide({ theta_air_c: 17 });
  expect(left).toMatchObject(byThermostat);
  expect(left.reason).toBe(
    "no answer, the last plan expected 20.0 degrees, it is 17.0: the thermostat decides",
  );
  expect(left).not.toHaveProperty("planId");
});

test("unseen, the plan is followed while it reaches, then the house is held", () => {
  const unseen = { theta_air_c: undefined, thermostatValve: undefined };
  expect(decide(unseen).valve).toBe(0.4);
  expect(decide({ ...unseen, kept: undefined })).toMatchObject({ valve: 0.3, instead: "holding" });
});
