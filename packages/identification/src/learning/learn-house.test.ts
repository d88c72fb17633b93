import { beforeAll, describe, expect, test } from "vitest";
import { recordedHouse } from "../testing/recorded-house.ts";
import { type Learning, learnHouse } from "./learn-house.ts";

const { building, history } = recordedHouse("brick45");

describe("a month of a brick house with a heated floor, in EnergyPlus", () => {
  let learning: Learning;
  beforeAll(() => {
    learning = learnHouse(history, building);
  });

  test("is learnt well enough to predict held-out days to half a kelvin", () => {
    expect(learning.reason).toBeUndefined();
    expect(learning.accepted).toBe(true);
    const { learnt, file, yesterday } = learning.validation!;
    expect(learnt.rms_k).toBeLessThan(0.5);
    expect(learnt.rms_k).toBeLessThan(0.6 * Math.min(file.rms_k, yesterday.rms_k));
    expect(learnt.predictions).toBeGreaterThan(20);
  });

  test("loses less than its file says", () => {
    const { value, low, high } = learning.learnt!.heatLoss_w_k;
    const truth_w_k = 69;
    expect(low).toBeLessThan(truth_w_k);
    expect(high).toBeGreaterThan(truth_w_k);
    expect(value).toBeLessThan(83);
  });

  test("travels as JSON", () => {
    expect(JSON.parse(JSON.stringify(learning.learnt))).toEqual(learning.learnt);
  });
});

test("says when a history is too short, and when nothing of it was known", () => {
  const few = { ...history, theta_air_c: history.theta_air_c.map((t, k) => (k % 3 ? Number.NaN : t)) };
  expect(learnHouse(few, building)).toMatchObject({
    accepted: false,
    reason: expect.stringMatching(/^Too much is missing/),
  });
});
