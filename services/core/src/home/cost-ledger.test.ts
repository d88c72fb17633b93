import fc from "fast-check";
import { expect, test } from "vitest";
import { CostLedger, type Counted } from "./cost-ledger.ts";

const minute = 60_000;
const stepMs = 15 * minute;
const sum = (counted: readonly Counted[], side: keyof Counted) =>
  counted.reduce((total, one) => total + one[side], 0);

test("counts an instant where both sides are known, and nowhere else", () => {
  const ledger = new CostLedger();
  expect(ledger.addBaseline({ startMs: 0, endMs: stepMs, cost_eur: 3, heat_kwh: 6 })).toEqual([]);
  const [half] = ledger.addPaid({ startMs: stepMs / 2, endMs: 2 * stepMs, cost_eur: 3 });
  expect(half).toEqual({
    startMs: stepMs / 2,
    length_ms: stepMs / 2,
    paid_eur: 1,
    baseline_eur: 1.5,
    baselineHeat_kwh: 3,
  });
  const [rest] = ledger.addBaseline({ startMs: stepMs, endMs: 2 * stepMs, cost_eur: 1, heat_kwh: 2 });
  expect(rest).toMatchObject({ length_ms: stepMs, paid_eur: 2, baseline_eur: 1 });
});

test("a clock that was set back counts no time twice", () => {
  const ledger = new CostLedger();
  const step = { startMs: 0, endMs: stepMs, cost_eur: 1, heat_kwh: 1 };
  expect(ledger.addBaseline(step)).toEqual([]);
  expect(ledger.addBaseline(step)).toEqual([]);
  expect(ledger.addPaid(step)).toHaveLength(1);
});

test("the order in which the two sides come does not matter", () => {
  const known = fc.record({ length: fc.integer({ min: 1, max: 90 }), isKnown: fc.boolean() });
  const lives = fc.array(known, { maxLength: 30 });
  const intervalsOf = (parts: readonly { length: number; isKnown: boolean }[]) => {
    let endMs = 0;
    return parts.flatMap(({ length, isKnown }) => {
      const startMs = endMs;
      endMs += length * minute;
      return isKnown ? [{ startMs, endMs, cost_eur: length, heat_kwh: length }] : [];
    });
  };
  fc.assert(
    fc.property(lives, lives, fc.infiniteStream(fc.boolean()), (one, other, order) => {
      const [paid, baseline] = [intervalsOf(one), intervalsOf(other)];
      const inOrder = new CostLedger();
      const expected = [
        ...paid.flatMap((interval) => inOrder.addPaid(interval)),
        ...baseline.flatMap((interval) => inOrder.addBaseline(interval)),
      ];
      const mixed = new CostLedger();
      const counted: Counted[] = [];
      for (let i = 0, j = 0; i < paid.length || j < baseline.length; ) {
        const takesPaid = j === baseline.length || (i < paid.length && order.next().value);
        counted.push(...(takesPaid ? mixed.addPaid(paid[i++]) : mixed.addBaseline(baseline[j++])));
      }
      for (const side of ["length_ms", "paid_eur", "baseline_eur", "baselineHeat_kwh"] as const)
        expect(sum(counted, side)).toBeCloseTo(sum(expected, side), 6);
      expect(sum(counted, "paid_eur") * minute).toBeCloseTo(sum(counted, "length_ms"), 3);
    }),
  );
});
