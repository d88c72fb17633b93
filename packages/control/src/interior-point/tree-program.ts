/** From a heating problem and its scenarios to the program of the interior point. */
import { comfortCeiling, type Drift, drift } from "../plan.ts";
import { at, heatCost_eur, type MpcProblem, validateProblem } from "../problem.ts";
import { addPenalty, createProgram, type Program, type ProgramShape } from "./program.ts";
import { type Scenario, type ScenarioTree, validateTree } from "./scenario-tree.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

/** A valve that is decided once for some steps of a scenario: a node of the program. */
interface Block {
  readonly step: number;
  readonly steps: number;
  readonly scenario: number;
}

/** A program, the arrays to solve it with, and what its decisions stand for. */
export interface TreeProgram {
  readonly program: Program;
  readonly work: Workspace;
  readonly blocks: readonly Block[];
}

/**
 * Writes a problem over a tree of scenarios as a program. Over a block of several steps the output is the mean of
 * its steps, and so are the floor and the ceiling of comfort.
 *
 * @throws InvalidProblemError naming the field that makes no sense
 */
export function treeProgram(problem: MpcProblem, { scenarios }: ScenarioTree): TreeProgram {
  validateProblem(problem);
  const blocks = blocksOf(problem, scenarios);
  const lengths = [...new Set(blocks.map(({ steps }) => steps))];
  const hasChild = new Set(scenarios.map(({ parent }) => parent));
  const leaves = scenarios.flatMap((_, i) => (hasChild.has(i) ? [] : [i]));
  const { breakpoints_c } = problem.terminal;
  const arrays = arraysFor({
    states: problem.model.b.length,
    decisions: blocks.length,
    ends: leaves.length,
    models: lengths.length + 1, // the last one for the ends
    penalties: 2 * blocks.length + leaves.length * breakpoints_c.length,
    changes: false,
  });
  fillModels(arrays.program, problem, lengths);
  const drifted = fillBlocks(arrays.program, problem, scenarios, blocks, lengths);
  const last = lastBlocks(scenarios, blocks);
  fillEnds(
    arrays.program,
    problem,
    leaves.map((i) => scenarios[i]!),
    leaves.map((i) => last[i]!),
    drifted,
  );
  return { ...arrays, blocks };
}

/** Arrays of the last shapes: a controller solves the same shape again and again. */
const kept = new Map<string, Pick<TreeProgram, "program" | "work">>();
const keptMost = 8;

function arraysFor(shape: ProgramShape): Pick<TreeProgram, "program" | "work"> {
  const key = Object.values(shape).join();
  let arrays = kept.get(key);
  if (!arrays) {
    if (kept.size >= keptMost) kept.clear();
    arrays = { program: createProgram(shape), work: createWorkspace(shape) };
    kept.set(key, arrays);
  }
  arrays.program.penaltyCount = 0;
  return arrays;
}

function blocksOf(problem: MpcProblem, scenarios: readonly Scenario[]): Block[] {
  validateTree(problem, scenarios);
  return scenarios.flatMap(({ step, price_eur_kwh, stepsEach = 1 }, scenario) => {
    const blocks: Block[] = [];
    const end = step + price_eur_kwh.length;
    for (let k = step; k < end; k += stepsEach)
      blocks.push({ step: k, steps: Math.min(stepsEach, end - k), scenario });
    return blocks;
  });
}

/** A over a block of each length, and c of its mean output. */
function fillModels(
  { A, c, states: n }: Program,
  { model, terminal }: MpcProblem,
  lengths: readonly number[],
): void {
  for (const [m, length] of lengths.entries()) {
    const power = A.subarray(m * n * n, (m + 1) * n * n); // of A, as yet
    const mean = c.subarray(m * n, (m + 1) * n);
    for (let i = 0; i < n * n; i++) power[i] = i % (n + 1) === 0 ? 1 : 0;
    mean.fill(0);
    for (let step = 0; step < length; step++) {
      for (let j = 0; j < n; j++)
        for (let i = 0; i < n; i++) mean[j]! += (model.c[i]! * power[i * n + j]!) / length;
      const before = power.slice();
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          let sum = 0;
          for (let r = 0; r < n; r++) sum += model.A[i * n + r]! * before[r * n + j]!;
          power[i * n + j] = sum;
        }
    }
  }
  c.set(terminal.weights ?? [1], lengths.length * n);
}

function fillBlocks(
  program: Program,
  problem: MpcProblem,
  scenarios: readonly Scenario[],
  blocks: readonly Block[],
  lengths: readonly number[],
): Float64Array {
  const { states: n } = program;
  const { comfort, weights, model } = problem;
  const drifts = drift(problem);
  const ceiling_c = comfortCeiling(problem, drifts);
  const last = lastBlocks(scenarios, blocks);
  const drifted = new Float64Array(blocks.length * n); // what weather and gains have added by the end of a block
  const reached = new Float64Array(n);
  program.offset.set(problem.x_c);
  for (const [i, { step, steps, scenario }] of blocks.entries()) {
    const { parent, probability, surprise_k, price_eur_kwh, step: first } = scenarios[scenario]!;
    const before = step > first ? i - 1 : parent < 0 ? -1 : last[parent]!;
    program.parent[i] = before;
    program.model[i] = lengths.indexOf(steps);
    for (let s = 0; s < n && before >= 0; s++)
      program.offset[i * n + s] = drifted[before * n + s]! + (step === first ? (surprise_k?.[s] ?? 0) : 0);
    program.output[i] = respond(problem, step, steps, reached, drifts);
    drifted.set(reached, i * n);
    program.d[i] = respond(problem, step, steps, reached);
    program.b.set(reached, i * n);
    let cost_eur = 0;
    let floor_c = 0;
    let roof_c = 0;
    for (let k = step; k < step + steps; k++) {
      cost_eur += heatCost_eur(problem, k, price_eur_kwh[k - first]!);
      floor_c += at(comfort.min_c, k) / steps;
      roof_c += ceiling_c[k]! / steps;
    }
    program.cost[i] = probability * cost_eur;
    const hours = (probability * steps * model.dtSeconds) / 3600;
    addPenalty(program, i, { sign: -1, bound: -floor_c, weight: hours * weights.below_eur_kh });
    addPenalty(program, i, { sign: 1, bound: roof_c, weight: hours * weights.above_eur_kh });
  }
  return drifted;
}

/** The last block of each scenario. */
function lastBlocks(scenarios: readonly Scenario[], blocks: readonly Block[]): Int32Array {
  const last = new Int32Array(scenarios.length);
  for (const [i, { scenario }] of blocks.entries()) last[scenario] = i;
  return last;
}

/**
 * The mean output of some steps from states of 0 on: under the drift and without heat, or at the full valve and
 * without drift when none is given.
 *
 * @param x becomes the states at the end
 */
function respond(
  { model, maxPower_w }: MpcProblem,
  step: number,
  steps: number,
  x: Float64Array,
  drifts?: Drift,
): number {
  const { A, b, c, D } = model;
  const n = x.length;
  if (steps === 1) {
    const power = at(maxPower_w, step);
    for (let i = 0; i < n; i++) x[i] = drifts ? drifts.state_c[n * step + i]! : b[i]! * power;
    return drifts ? drifts.output_c[step]! : D * power;
  }
  const before = new Float64Array(n);
  x.fill(0);
  let output = 0;
  for (let k = step; k < step + steps; k++) {
    const power = drifts ? 0 : at(maxPower_w, k);
    before.set(x);
    output += drifts ? drifts.output_c[k]! : D * power;
    for (let i = 0; i < n; i++) {
      output += c[i]! * before[i]!;
      let next = drifts ? drifts.state_c[n * k + i]! : b[i]! * power;
      for (let j = 0; j < n; j++) next += A[n * i + j]! * before[j]!;
      x[i] = next;
    }
  }
  return output / steps;
}

/** The ends of all ways: what the heat left there is worth, the first slope as a line, the others as penalties on it. */
function fillEnds(
  program: Program,
  { terminal }: MpcProblem,
  leaves: readonly Scenario[],
  before: readonly number[],
  drifted: Float64Array,
): void {
  const { states: n, decisions, models } = program;
  const { weights = [1], breakpoints_c, slopes_eur_k } = terminal;
  program.constant = slopes_eur_k[0]! * breakpoints_c[0]!;
  for (const [e, { probability }] of leaves.entries()) {
    const node = decisions + e;
    program.parent[node] = before[e]!;
    program.model[node] = models - 1;
    for (let s = 0; s < n; s++) {
      program.offset[node * n + s] = drifted[before[e]! * n + s]!;
      program.worth[e * n + s] = probability * slopes_eur_k[0]! * weights[s]!;
    }
    for (let i = 0; i < breakpoints_c.length; i++) {
      const weight = probability * (slopes_eur_k[i]! - slopes_eur_k[i + 1]!);
      addPenalty(program, node, { sign: 1, bound: breakpoints_c[i]!, weight });
    }
  }
}
