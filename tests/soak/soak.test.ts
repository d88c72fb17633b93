/** Two days of faults of every kind; `pnpm soak` lives through a month of them. */
import { brokers } from "@azru/messaging/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dealFaults, faultKinds } from "./faults.ts";
import { reportOf } from "./report.ts";
import { soak } from "./soak.ts";

const hasMosquitto = brokers.some(({ name, available }) => available && name.startsWith("Mosq"));

describe("faults", () => {
  it("come one after the other, all kinds alike, the same for the same seed", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 40 }), (seed, days) => {
        const faults = dealFaults(seed, 96 * days, 8 * days);
        expect(dealFaults(seed, 96 * days, 8 * days)).toEqual(faults);
        for (const [i, { atStep, steps }] of faults.entries()) {
          expect(steps).toBeGreaterThan(0);
          expect(atStep + steps).toBeLessThan(faults[i + 1]?.atStep ?? 96 * days);
        }
        const counts = faultKinds.map((kind) => faults.filter((fault) => fault.kind === kind).length);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 50 },
    );
  });
});

describe.skipIf(!hasMosquitto)(
  `a home in two days of faults${hasMosquitto ? "" : " (skipped: Mosquitto is not installed)"}`,
  () => {
    it("misses no decision, loses no reading, and stays warm", { timeout: 600_000 }, async () => {
      const report = await soak({ days: 2, seed: 1, faults: faultKinds.length });
      const text = reportOf(report);
      expect(Object.values(report.faults), text).toEqual(faultKinds.map(() => 1));
      expect(report.decisions.missed, text).toEqual([]);
      expect(report.decisions.made).toBe(report.decisions.due);
      expect(report.readings.lost, text).toEqual([]);
      expect(report.stops, text).toMatchObject({ count: 3, failed: 0 });
      expect(report.sources.mpc, text).toBeGreaterThan(report.decisions.due / 2);
      expect(report.sources.failsafe, text).toBeGreaterThan(0);
      for (const { begin, end } of Object.values(report.memory)) {
        expect(end.handles, text).toBeLessThanOrEqual(begin.handles + 8);
      }
      expect(report.comfort.coldest_c, text).toBeGreaterThan(17);
      expect(report.comfort.warmest_c, text).toBeLessThan(29);
      expect(report.saving.counted_h, text).toBeLessThanOrEqual(report.saving.known_h);
      expect(report.saving.counted_h, text).toBeGreaterThan(report.saving.known_h / 2);
    });
  },
);
