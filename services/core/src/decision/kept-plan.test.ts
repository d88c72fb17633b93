import { expect, test } from "vitest";
import { flatPlan } from "../testing/plans.ts";
import { followable, planStepAt } from "./kept-plan.ts";

const startMs = Date.UTC(2026, 0, 15, 6);
const minute = 60_000;
const plan = flatPlan({ startMs, steps: 96, temperature_c: 20 });
const kept = { requestedMs: startMs, plan };

test("finds the step that an instant lies in", () => {
  expect(planStepAt(plan, startMs)).toBe(0);
  expect(planStepAt(plan, startMs + 15 * minute - 1)).toBe(0);
  expect(planStepAt(plan, startMs + 15 * minute)).toBe(1);
  expect(planStepAt(plan, startMs + 96 * 15 * minute - 1)).toBe(95);
});

test("a plan holds neither before its first step nor after its last", () => {
  expect(planStepAt(plan, startMs - 1)).toBeUndefined();
  expect(followable(kept, startMs + 96 * 15 * minute, 20, 0)).toEqual({
    why: "the last plan does not reach from 2026-01-15 07:00 to now",
  });
});

test("a plan is followed while the home does what it expected", () => {
  expect(followable(kept, startMs + 40 * minute, 21.4, 0)).toEqual({ step: 2 });
  expect(followable(kept, startMs + 40 * minute, 21.6, 0)).toEqual({
    why: "the last plan expected 20.0 degrees, it is 21.6",
  });
});

test("a plan is followed unseen where no temperature is known", () => {
  expect(followable(kept, startMs, undefined, 0)).toEqual({ step: 0 });
  expect(followable(undefined, startMs, undefined, 0)).toEqual({ why: "no plan yet" });
});

test("a plan that was made for another comfort is not followed", () => {
  expect(followable(kept, startMs + 40 * minute, 20, startMs + 10 * minute)).toEqual({
    why: "the last plan was made for another comfort",
  });
});
