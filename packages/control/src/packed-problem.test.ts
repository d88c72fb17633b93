import { expect, test } from "vitest";
import { solveExact } from "./exact.ts";
import { packProblem, unpackProblem } from "./packed-problem.ts";
import { InvalidProblemError, type MpcProblem, type PriceBranches } from "./problem.ts";
import { randomProblem } from "./testing/random-problem.ts";

const leaf = (probability: number, price: number) => ({
  probability,
  price_eur_kwh: new Float64Array(20).fill(price),
});
const shared: PriceBranches = { step: 28, branches: [leaf(0.25, 0.1), leaf(0.75, 0.7)] };
const colours: PriceBranches = {
  step: 8,
  branches: [
    { ...leaf(0.5, 0.2), after: shared },
    { ...leaf(0.3, 0.3), after: shared },
    { ...leaf(0.2, 0.7), after: { step: 28, branches: [leaf(1, 0.1)] } },
  ],
};
const problem: MpcProblem = {
  ...randomProblem(7, 48),
  colours,
  surprise_k: Float64Array.from({ length: 48 }, (_, k) => (k === 12 ? 0.3 : 0)),
};

test("a problem comes back through JSON as it was, shares what it shared, and has the same plan", () => {
  const packed = packProblem(problem);
  expect(packed.colours).toHaveLength(3);
  const back = unpackProblem(JSON.parse(JSON.stringify(packed)) as typeof packed);
  expect(back.colours).toEqual(colours);
  expect(back.colours!.branches[0].after).toBe(back.colours!.branches[1].after);
  expect(solveExact(back)).toEqual(solveExact(problem));
});

test("refuses a list of colours that is empty or that leads back", () => {
  const packed = packProblem(problem);
  expect(() => unpackProblem({ ...packed, colours: [] })).toThrow(InvalidProblemError);
  const back = packed.colours!.map((set, i) =>
    i === 1 ? { ...set, branches: [{ ...set.branches[0], after: 0 }] } : set,
  );
  expect(() => unpackProblem({ ...packed, colours: back })).toThrow(
    "colours[1].branches[0].after must be within 2..2, got 0",
  );
});
