import { describe, expect, it } from "vitest";
import { dueMs, simulatedAt } from "./pacing.ts";

const pace = { wallMs: 1_000, simulatedMs: 500_000, speed: 60 };

describe("the pace", () => {
  it("says when a simulated time is due, and which one it is", () => {
    expect(dueMs(pace, 500_000 + 60_000)).toBe(2_000);
    expect(simulatedAt(pace, 2_500)).toBe(500_000 + 90_000);
    for (const timeMs of [499_000, 500_001, 1e12]) {
      expect(simulatedAt(pace, dueMs(pace, timeMs))).toBeCloseTo(timeMs, 3);
    }
  });

  it("has everything due at once where nothing bounds the speed", () => {
    expect(dueMs({ ...pace, speed: Number.POSITIVE_INFINITY }, 1e12)).toBe(1_000);
  });
});
