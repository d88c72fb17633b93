import fc from "fast-check";
import { expect, test } from "vitest";
import { solveExact } from "./exact.ts";
import { terminalValue } from "./plan.ts";
import type { MpcProblem } from "./problem.ts";
import { linearTerminal } from "./terminal.ts";
import { randomProblem } from "./testing/random-problem.ts";

const withTerminal = (problem: MpcProblem, share?: number): MpcProblem => ({
  ...problem,
  terminal: linearTerminal(share)(problem),
});

test("a kilowatt-hour in the mass is worth its share of the cheapest heat, COP counted", () => {
  const problem = {
    ...randomProblem(1, 4, 900),
    price_eur_kwh: [0.2, 0.3, 0.15, 0.4],
    cop: [1, 3, 1, 2],
  };
  const kelvinPerKwh = (problem.model.b[0] * 3.6e6) / 900;
  const value = (theta_m_c: number) => terminalValue(linearTerminal(0.8)(problem), theta_m_c);
  expect(value(20 + kelvinPerKwh) - value(20)).toBeCloseTo(0.8 * 0.1, 12);
});

test("heat that a negative price paid for is worth nothing later", () => {
  const problem = { ...randomProblem(1, 3), price_eur_kwh: [0.2, -0.1, 0.2] };
  expect([...linearTerminal()(problem).slopes_eur_k]).toEqual([0, 0]);
});

test("never heats for the walls' own sake: a warm house in mild weather stays unheated", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const random = randomProblem(seed, 24, 3600);
      const problem = withTerminal(
        { ...random, price_eur_kwh: random.price_eur_kwh.map(Math.abs), comfort: { min_c: -50, max_c: 60 } },
        1,
      );
      expect(Math.max(...solveExact(problem).valve)).toBe(0);
    }),
  );
});

test("leaves the walls warmer than when their heat is worth nothing", () => {
  let warmer = 0;
  for (let seed = 0; seed < 40; seed++) {
    const problem = randomProblem(seed, 96, 900);
    const end = (share: number) => solveExact(withTerminal(problem, share)).theta_m_c.at(-1)!;
    expect(end(0.9)).toBeGreaterThan(end(0) - 1e-6);
    if (end(0.9) > end(0) + 1e-3) warmer++;
  }
  expect(warmer).toBeGreaterThan(0);
});

test("refuses a share outside 0..1", () => {
  expect(() => linearTerminal(1.1)).toThrow("terminal.share must be within 0..1, got 1.1");
  expect(() => linearTerminal(Number.NaN)).toThrow(RangeError);
});
