/** The solvers against HiGHS on the same problems, by steps of the horizon: compare the ratios. */
import { bench, describe } from "vitest";
import { solveExact } from "./exact.ts";
import { loadHighsSolver } from "./highs-solver.ts";
import { solveLp } from "./lp.ts";
import { randomProblem } from "./random-problem.ts";

const solveHighs = await loadHighsSolver();

for (const [steps, minutes] of [
  [24, 60],
  [48, 30],
  [96, 15],
  [192, 15],
  [288, 5],
] as const) {
  const problems = Array.from({ length: 12 }, (_, seed) => randomProblem(seed, steps, minutes * 60));
  describe(`12 random problems of ${steps} x ${minutes} min`, () => {
    bench("javascript-lp-solver, condensed", () => {
      for (const problem of problems) solveLp(problem);
    });
    bench("exact recursion", () => {
      for (const problem of problems) solveExact(problem);
    });
    bench("HiGHS (wasm, LP text)", () => {
      for (const problem of problems) solveHighs(problem);
    });
  });
}
