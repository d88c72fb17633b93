/** From a heating problem and its scenarios to the program of the interior point. */
import { comfortCeiling, type Drift, drift } from "../plan.ts";
import { at, heatCost_eur, InvalidProblemError, type MpcProblem, validateProblem } from "../problem.ts";
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

/** A small cost for changes of the valve, so that it moves less where that costs next to nothing otherwise. */
export interface ChangeCost {
  /** Of a change from closed to open; it grows with the square of the change. */
  readonly full_eur: number;
  readonly valve: number; // now, 0 to 1
}

/**
 * Writes a problem over a tree of scenarios as a program. Over a block of several steps the output is the mean of
 * its steps, and so are the floor and the ceiling of comfort.
 *
 * @throws InvalidProblemError naming the field that makes no sense
 */
export function treeProgram(
  problem: MpcProblem,
  { scenarios }: ScenarioTree,
  changes?: ChangeCost,
): TreeProgram {
  validateProblem(problem);
  if (changes) validateChanges(changes);
  const blocks = blocksOf(problem, scenarios);
  const lengths = [...new Set(blocks.map(({ steps }) => steps))];
  const hasChild = new Set(scenarios.map(({ parent }) => parent));
  const leaves = scenarios.flatMap((_, i) => (hasChild.has(i) ? [] : [i]));
  const { breakpoints_c } = problem.terminal;
  const arrays = arraysFor({
    states: problem.model.b.length + (changes ? 1 : 0),
    decisions: blocks.length,
    ends: leaves.length,
    models: lengths.length + 1, // the last one for the ends
    penalties: 2 * blocks.length + leaves.length * breakpoints_c.length,
    changes: changes !== undefined,
  });
  fillModels(arrays.program, problem, lengths);
  if (changes) fillChanges(arrays.program, scenarios, blocks, changes);
  const drifted = fillBlocks(arrays.program, problem, scenarios, blocks, lengths);
  const last = lastBlocks(scenarios, blocks);
  fillEnds(
    arrays.program,
    problem,
    leaves.map((i) => scenarios[i]),
    leaves.map((i) => last[i]),
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

function validateChanges({ full_eur, valve }: ChangeCost): void {
  if (!(full_eur > 0 && full_eur < Number.POSITIVE_INFINITY))
    throw new InvalidProblemError("changes.full_eur", full_eur, "> 0");
  if (!(valve >= 0 && valve <= 1)) throw new InvalidProblemError("changes.valve", valve, "0 to 1");
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
  const order = model.b.length; // n, or one less where the last state is the valve before
  for (const [m, length] of lengths.entries()) {
    let power: number[] = Array.from({ length: order * order }, (_, i) => (i % (order + 1) === 0 ? 1 : 0)); // of A
    const mean = new Float64Array(order);
    for (let step = 0; step < length; step++) {
      mean.forEach((_, j) => {
        for (let i = 0; i < order; i++) mean[j] += (model.c[i] * power[i * order + j]) / length;
      });
      power = power.map((_, place) => {
        const row = Math.floor(place / order) * order;
        let sum = 0;
        for (let r = 0; r < order; r++) sum += model.A[row + r] * power[r * order + (place % order)];
        return sum;
      });
    }
    for (let i = 0; i < order; i++) {
      c[m * n + i] = mean[i];
      for (let j = 0; j < order; j++) A[(m * n + i) * n + j] = power[i * order + j];
    }
  }
  c.set(terminal.weights ?? [1], lengths.length * n);
}

/** The last state of each node: the valve of the one before, in what changes cost. */
function fillChanges(
  { b, offset, change, states: n }: Program,
  scenarios: readonly Scenario[],
  blocks: readonly Block[],
  { full_eur, valve }: ChangeCost,
): void {
  offset[n - 1] = valve;
  for (const [i, { scenario }] of blocks.entries()) {
    b[i * n + n - 1] = 1;
    change[i] = 2 * full_eur * scenarios[scenario].probability;
  }
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
  const order = model.b.length; // n, or one less where the last state is the valve before
  const drifted = new Float64Array(blocks.length * order); // what weather and gains have added by the end of a block
  const reached = new Float64Array(order);
  program.offset.set(problem.x_c);
  for (const [i, { step, steps, scenario }] of blocks.entries()) {
    const { parent, probability, disturbance_k, price_eur_kwh, step: first } = scenarios[scenario];
    const before = step > first ? i - 1 : parent < 0 ? -1 : last[parent];
    program.parent[i] = before;
    program.model[i] = lengths.indexOf(steps);
    for (let s = 0; s < order && before >= 0; s++)
      program.offset[i * n + s] =
        drifted[before * order + s] + (step === first ? (disturbance_k?.[s] ?? 0) : 0);
    program.output[i] = respond(problem, step, steps, reached, drifts);
    drifted.set(reached, i * order);
    program.d[i] = respond(problem, step, steps, reached);
    program.b.set(reached, i * n);
    let cost_eur = 0;
    let floor_c = 0;
    let roof_c = 0;
    for (let k = step; k < step + steps; k++) {
      cost_eur += heatCost_eur(problem, k, price_eur_kwh[k - first]);
      floor_c += at(comfort.min_c, k) / steps;
      roof_c += ceiling_c[k] / steps;
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
    for (let i = 0; i < n; i++) x[i] = drifts ? drifts.state_c[n * step + i] : b[i] * power;
    return drifts ? drifts.output_c[step] : D * power;
  }
  const before = new Float64Array(n);
  x.fill(0);
  let output = 0;
  for (let k = step; k < step + steps; k++) {
    const power = drifts ? 0 : at(maxPower_w, k);
    before.set(x);
    output += drifts ? drifts.output_c[k] : D * power;
    for (let i = 0; i < n; i++) {
      output += c[i] * before[i];
      let next = drifts ? drifts.state_c[n * k + i] : b[i] * power;
      for (let j = 0; j < n; j++) next += A[n * i + j] * before[j];
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
  const order = weights.length;
  program.constant = slopes_eur_k[0] * breakpoints_c[0];
  for (const [e, { probability }] of leaves.entries()) {
    const node = decisions + e;
    program.parent[node] = before[e];
    program.model[node] = models - 1;
    for (let s = 0; s < order; s++) {
      program.offset[node * n + s] = drifted[before[e] * order + s];
      program.worth[e * n + s] = probability * slopes_eur_k[0] * weights[s];
    }
    for (let i = 0; i < breakpoints_c.length; i++) {
      const weight = probability * (slopes_eur_k[i] - slopes_eur_k[i + 1]);
      addPenalty(program, node, { sign: 1, bound: breakpoints_c[i], weight });
    }
  }
}
