/**
 * The solvers on the same random problems, by steps of the horizon and states of the house:
 * `pnpm bench:solvers [--json FILE]`.
 *
 * Times are the processor's, so that what else runs on the machine counts little. The solvers take turns, round after
 * round, so that it slows all of them alike; a time is the median over the rounds, and a ratio the median of the
 * rounds' ratios.
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { createCommand, optionsOrExit } from "@azru/command-line";
import { type MpcProblem, solveExact, solveInteriorPoint, solveLp } from "../src/index.ts";
import { loadHighsSolver } from "../src/testing/highs-solver.ts";
import { randomHouseProblem, randomProblem } from "../src/testing/random-problem.ts";

const { json } = optionsOrExit<{ json?: string }>(
  createCommand(
    "bench:solvers",
    "Times the solvers on the same random problems, by steps of the horizon and states of the house.",
  ).option(
    "--json <file>",
    "where the figures are written; docs/figures/solvers.json is what the charts show",
  ),
);
const problemsEach = 12;
const roundsMin = 7;
const roundMin_ms = 50; // of each solver, well above the resolution of the clock
const grid_ms = 4_000; // further rounds until then

const solvers = {
  lp: { label: "LP", solve: solveLp },
  exact: { label: "recursion", solve: solveExact },
  interior: { label: "interior point", solve: (problem: MpcProblem) => solveInteriorPoint(problem) },
  highs: { label: "HiGHS", solve: await loadHighsSolver() },
};
type SolverName = keyof typeof solvers;

interface Grid {
  readonly steps: number;
  readonly minutes: number;
  readonly states: number;
  readonly names: readonly SolverName[];
}

const oneState = ["lp", "exact", "interior", "highs"] as const;
const severalStates = ["interior", "highs"] as const;
const grids: readonly Grid[] = [
  { steps: 24, minutes: 60, states: 1, names: oneState },
  { steps: 48, minutes: 30, states: 1, names: oneState },
  { steps: 96, minutes: 15, states: 1, names: oneState },
  { steps: 192, minutes: 15, states: 1, names: oneState },
  { steps: 288, minutes: 15, states: 1, names: oneState },
  { steps: 192, minutes: 15, states: 2, names: severalStates },
  { steps: 48, minutes: 15, states: 3, names: severalStates },
  { steps: 96, minutes: 15, states: 3, names: ["lp", ...severalStates] },
  { steps: 192, minutes: 15, states: 3, names: severalStates },
  { steps: 384, minutes: 15, states: 3, names: severalStates },
  { steps: 192, minutes: 15, states: 4, names: severalStates },
];

function problemsOf({ steps, minutes, states }: Grid): MpcProblem[] {
  return Array.from({ length: problemsEach }, (_, seed) =>
    states === 1
      ? randomProblem(seed, steps, minutes * 60)
      : randomHouseProblem(seed, steps, states, minutes * 60),
  );
}

/** Processor time of this process so far, ms. */
function processor_ms(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Mean time of a solution, ms. */
function timeOf(solve: (problem: MpcProblem) => unknown, problems: readonly MpcProblem[]): number {
  for (const problem of problems) solve(problem); // clears away what the solver before left behind
  const start_ms = processor_ms();
  let passes = 0;
  let passed_ms = 0;
  while (passed_ms < roundMin_ms) {
    for (const problem of problems) solve(problem);
    passes++;
    passed_ms = processor_ms() - start_ms;
  }
  return passed_ms / (passes * problems.length);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

type Times = Partial<Record<SolverName, number>>;

interface Figures extends Omit<Grid, "names"> {
  readonly ms: Times;
  readonly toHighs: Times; // how many times as fast as HiGHS
}

function measure(grid: Grid): Figures {
  const { names, ...rest } = grid;
  const problems = problemsOf(grid);
  for (const name of names) timeOf(solvers[name].solve, problems); // compiles and warms up
  const rounds: Times[] = [];
  const until_ms = performance.now() + grid_ms;
  while (rounds.length < roundsMin || performance.now() < until_ms)
    rounds.push(Object.fromEntries(names.map((name) => [name, timeOf(solvers[name].solve, problems)])));
  const medianOf = (value: (round: Times, name: SolverName) => number): Times =>
    Object.fromEntries(names.map((name) => [name, median(rounds.map((round) => value(round, name)))]));
  console.error(`${grid.steps} x ${grid.minutes} min, states: ${grid.states}; rounds: ${rounds.length}`);
  return {
    ...rest,
    ms: medianOf((round, name) => round[name]!),
    toHighs: medianOf((round, name) => round.highs! / round[name]!),
  };
}

/** Least-squares slope of log time over log steps: 1 where time is in proportion to steps, 2 where to their square. */
function growthOf(figures: readonly Figures[], name: SolverName, states: number): number {
  const points = figures.filter((f) => f.states === states && f.ms[name] !== undefined);
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const x = points.map(({ steps }) => Math.log(steps));
  const y = points.map(({ ms }) => Math.log(ms[name]!));
  const [meanX, meanY] = [mean(x), mean(y)];
  return (
    mean(x.map((value, i) => (value - meanX) * (y[i] - meanY))) / mean(x.map((value) => (value - meanX) ** 2))
  );
}

const figures = grids.map(measure);
const growth = {
  oneState: Object.fromEntries(oneState.map((name) => [name, growthOf(figures, name, 1)])),
  threeStates: Object.fromEntries(severalStates.map((name) => [name, growthOf(figures, name, 3)])),
};

console.log(`Mean time of one of ${problemsEach} random problems, ms, and how many times as fast as HiGHS`);
console.table(
  Object.fromEntries(
    figures.map(({ steps, minutes, states, ms, toHighs }) => [
      `${steps} x ${minutes} min, n = ${states}`,
      Object.fromEntries(
        oneState.flatMap((name) => {
          const { label } = solvers[name];
          const times: [string, string][] = [[label, ms[name]?.toPrecision(3) ?? ""]];
          if (name !== "highs") times.push([`HiGHS / ${label}`, toHighs[name]?.toPrecision(3) ?? ""]);
          return times;
        }),
      ),
    ]),
  ),
);
for (const [states, byName] of Object.entries(growth)) {
  const powers = Object.entries(byName).map(
    ([name, power]) => `${solvers[name as SolverName].label} ${power.toFixed(2)}`,
  );
  console.log(`Time grows with steps to the power of (${states}): ${powers.join(", ")}`);
}

if (json !== undefined) {
  const machine = { node: process.version, processor: cpus()[0]?.model ?? "unknown", cores: cpus().length };
  writeFileSync(
    json,
    `${JSON.stringify({ machine, problems: problemsEach, grids: figures, growth }, null, 2)}\n`,
  );
  console.log(`Written to ${json}`);
}
