import { expect, test } from "vitest";
import { loadHighsProgram } from "./highs-program.ts";
import { minimise } from "./minimise.ts";
import { createProgram, type Program } from "./program.ts";
import { randomProgram } from "./random-program.ts";
import { createWorkspace } from "./workspace.ts";

const solveHighs = await loadHighsProgram();

/** Chains of 12 to 36 steps, every 25th longer, and trees of two branchings; one to four states. */
function instance(seed: number): Program {
  const states = 1 + (seed % 4);
  if (seed % 3 === 0) return randomProgram(seed, states, 4 + (seed % 5), true);
  return randomProgram(seed, states, seed % 25 === 1 ? 96 : 12 + ((seed * 37) % 25), false);
}

function expectOptimum(seed: number): void {
  const program = instance(seed);
  const work = createWorkspace(program);
  const { objective_eur, gap_eur } = minimise(program, work);
  const highs = solveHighs(program);
  const scale = Math.max(1, Math.abs(highs));
  const difference = Math.abs(objective_eur - highs) / scale;
  expect(difference, `seed ${seed}: ${objective_eur}, HiGHS ${highs}`).toBeLessThan(1e-6);
  expect(gap_eur / scale, `gap of seed ${seed}`).toBeLessThan(1e-7);
  expect(work.best.every((u) => u > 0 && u < 1)).toBe(true);
}

test("finds the optimum of HiGHS on 500 random chains and trees of one to four states", () => {
  for (let seed = 0; seed < 500; seed++) expectOptimum(seed);
});

test.skipIf(!process.env.AZRU_LONG_TESTS)(
  "finds the optimum of HiGHS on 10,000 random chains and trees (AZRU_LONG_TESTS=1)",
  () => {
    for (let seed = 1000; seed < 11_000; seed++) expectOptimum(seed);
  },
  1_200_000,
);

test("converges on 48 h at 15 min, and on trees of as many steps", () => {
  for (let seed = 0; seed < 24; seed++) {
    const program = randomProgram(seed, 1 + (seed % 4), seed % 6 === 0 ? 96 : 192, seed % 6 === 0);
    const { objective_eur, gap_eur, iterations } = minimise(program, createWorkspace(program));
    expect(gap_eur / Math.max(1, Math.abs(objective_eur)), `seed ${seed}`).toBeLessThan(1e-8);
    expect(iterations).toBeLessThan(40);
  }
});

test("a workspace that another problem was solved in gives the same plan", () => {
  const [first, second] = [randomProgram(1, 3, 48, false), randomProgram(2, 3, 48, false)];
  const fresh = createWorkspace(second);
  minimise(second, fresh);
  const used = createWorkspace(first);
  minimise(first, used);
  minimise(second, used);
  expect(used.best).toEqual(fresh.best);
});

test("starts near a plan and takes fewer iterations to the same optimum", () => {
  let cold = 0;
  let warm = 0;
  for (let seed = 0; seed < 40; seed++) {
    const program = randomProgram(seed, 3, 96, false);
    const work = createWorkspace(program);
    const first = minimise(program, work);
    const second = minimise(program, work, work.best.slice());
    cold += first.iterations;
    warm += second.iterations;
    const difference = Math.abs(second.objective_eur - first.objective_eur);
    expect(difference / Math.max(1, Math.abs(first.objective_eur)), `seed ${seed}`).toBeLessThan(1e-7);
  }
  expect(warm).toBeLessThan(0.9 * cold);
});

/** One state, two steps, a valve in the first alone: 1 EUR of heat saves 2 EUR of cold. */
function twoSteps(): Program {
  const program = createProgram({
    states: 1,
    decisions: 2,
    ends: 1,
    models: 1,
    penalties: 1,
    changes: false,
  });
  program.parent.set([-1, 0, 1]);
  program.A[0] = 1;
  program.c[0] = 1;
  program.b[0] = 2;
  program.offset[0] = 18;
  program.cost[0] = 2;
  program.penaltyNode[0] = 1;
  program.penaltySign[0] = -1;
  program.penaltyBound[0] = -19;
  program.penaltyWeight[0] = 2;
  program.penaltyCount = 1;
  return program;
}

test("heats just as far as it pays", () => {
  const program = twoSteps();
  const work = createWorkspace(program);
  expect(minimise(program, work).objective_eur).toBeCloseTo(1, 7);
  expect(work.best[0]).toBeCloseTo(0.5, 7);
});
