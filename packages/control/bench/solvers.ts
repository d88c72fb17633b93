/**
 * The three solvers on the same random problems, by steps of the horizon: `pnpm bench:solvers [--json FILE]`.
 *
 * They take turns, round after round, so that a machine that is busy slows all of them alike; a time is the
 * median over the rounds, and a ratio the median of the rounds' ratios.
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { loadHighsSolver } from "../src/highs-solver.ts";
import { type MpcProblem, solveExact, solveLp } from "../src/index.ts";
import { randomProblem } from "../src/random-problem.ts";

const { json } = parseArgs({ options: { json: { type: "string" } } }).values;
const grids = [
  { steps: 24, minutes: 60 },
  { steps: 48, minutes: 30 },
  { steps: 96, minutes: 15 },
  { steps: 192, minutes: 15 },
  { steps: 288, minutes: 15 },
];
const problemsEach = 12;
const roundsMin = 7;
const roundMin_ms = 50; // of each solver, well above the resolution of the clock
const grid_ms = 4_000; // further rounds until then

const solvers = { lp: solveLp, exact: solveExact, highs: await loadHighsSolver() };
type SolverName = keyof typeof solvers;
const names = Object.keys(solvers) as SolverName[];

/** Mean time of a solution, ms. */
function timeOf(solve: (problem: MpcProblem) => unknown, problems: readonly MpcProblem[]): number {
  for (const problem of problems) solve(problem); // clears away what the solver before left behind
  const start_ms = performance.now();
  let passes = 0;
  let passed_ms = 0;
  while (passed_ms < roundMin_ms) {
    for (const problem of problems) solve(problem);
    passes++;
    passed_ms = performance.now() - start_ms;
  }
  return passed_ms / (passes * problems.length);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

/** Least-squares slope of log time over log steps: 1 where time is in proportion to steps, 2 where to their square. */
function growthOf(points: readonly { readonly steps: number; readonly ms: number }[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const x = points.map(({ steps }) => Math.log(steps));
  const y = points.map(({ ms }) => Math.log(ms));
  const [meanX, meanY] = [mean(x), mean(y)];
  return (
    mean(x.map((value, i) => (value - meanX) * (y[i]! - meanY))) /
    mean(x.map((value) => (value - meanX) ** 2))
  );
}

const figures = [];
for (const { steps, minutes } of grids) {
  const problems = Array.from({ length: problemsEach }, (_, seed) =>
    randomProblem(seed, steps, minutes * 60),
  );
  for (const name of names) timeOf(solvers[name], problems); // compiles and warms up
  const rounds: Record<SolverName, number>[] = [];
  const until_ms = performance.now() + grid_ms;
  while (rounds.length < roundsMin || performance.now() < until_ms) {
    const [lp, exact, highs] = names.map((name) => timeOf(solvers[name], problems));
    rounds.push({ lp: lp!, exact: exact!, highs: highs! });
  }
  const ms = (name: SolverName) => median(rounds.map((round) => round[name]));
  const ratio = (name: SolverName) => median(rounds.map((round) => round[name] / round.exact));
  figures.push({
    steps,
    minutes,
    lp_ms: ms("lp"),
    exact_ms: ms("exact"),
    highs_ms: ms("highs"),
    lpToExact: ratio("lp"),
    highsToExact: ratio("highs"),
    lpToHighs: median(rounds.map((round) => round.lp / round.highs)),
  });
  console.error(`${steps} x ${minutes} min: ${rounds.length} rounds`);
}

const growth = {
  lp: growthOf(figures.map(({ steps, lp_ms }) => ({ steps, ms: lp_ms }))),
  exact: growthOf(figures.map(({ steps, exact_ms }) => ({ steps, ms: exact_ms }))),
  highs: growthOf(figures.map(({ steps, highs_ms }) => ({ steps, ms: highs_ms }))),
};

console.log(`Mean time of one of ${problemsEach} random problems`);
console.table(
  Object.fromEntries(
    figures.map((f) => [
      `${f.steps} x ${f.minutes} min`,
      {
        "LP, ms": f.lp_ms.toPrecision(3),
        "recursion, ms": f.exact_ms.toPrecision(3),
        "HiGHS, ms": f.highs_ms.toPrecision(3),
        "LP / recursion": f.lpToExact.toPrecision(3),
        "HiGHS / recursion": f.highsToExact.toPrecision(3),
        "LP / HiGHS": f.lpToHighs.toPrecision(3),
      },
    ]),
  ),
);
console.log(
  `Time grows with steps to the power of: LP ${growth.lp.toFixed(2)}, recursion ${growth.exact.toFixed(2)}, HiGHS ${growth.highs.toFixed(2)}`,
);

if (json !== undefined) {
  const machine = { node: process.version, processor: cpus()[0]?.model ?? "unknown", cores: cpus().length };
  writeFileSync(
    json,
    `${JSON.stringify({ machine, problems: problemsEach, grids: figures, growth }, null, 2)}\n`,
  );
  console.log(`Written to ${json}`);
}
