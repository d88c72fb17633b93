/** The heating problem of one to four states, solved by the interior point. */
import type { Plan } from "../controller.ts";
import { SolverError } from "../lp.ts";
import { heatDelay, planOf, type Solver } from "../plan.ts";
import { at, type MpcProblem } from "../problem.ts";
import { type Minimum, minimise } from "./minimise.ts";
import { type ScenarioTree, scenarioTree, type TreeOptions } from "./scenario-tree.ts";
import { type ChangeCost, type TreeProgram, treeProgram } from "./tree-program.ts";

export interface InteriorPointOptions {
  /** What may turn out; by default, the disturbances and colours of the problem with few branchings. */
  readonly tree?: ScenarioTree;
  /** Valves to start near, one a step: the last plan, shifted. Saves a third of the iterations where little has changed. */
  readonly start?: ArrayLike<number>;
  /** What changes of the valve cost; nothing by default. */
  readonly changes?: ChangeCost;
}

const acceptable_eur = 1e-4; // gap of a plan that is taken although the method has not converged

function isAcceptable({ converged, gap_eur }: Minimum): boolean {
  return converged || gap_eur <= acceptable_eur;
}

/**
 * Solves a heating problem of one to four states.
 *
 * Without disturbances and colours to be published it is the same optimum as `solveLp`. With them, the plan is the first
 * stage of the stochastic program over the scenarios; after the first branching its valves are the expected ones, and its
 * temperatures are exactly those expected then. Its costs are those of these valves at the expected prices, without
 * that of changes.
 *
 * @throws InvalidProblemError naming the field that makes no sense
 * @throws SolverError when the method does not converge; another solver may
 */
export function solveInteriorPoint(problem: MpcProblem, options: InteriorPointOptions = {}): Plan {
  const tree = options.tree ?? scenarioTree(problem, defaultTree(problem));
  const of = treeProgram(problem, tree, options.changes);
  const start = options.start && startOf(of, options.start);
  let minimum = minimise(of.program, of.work, start);
  if (start && !isAcceptable(minimum)) minimum = minimise(of.program, of.work);
  if (!isAcceptable(minimum))
    throw new SolverError(
      `no plan: after ${minimum.iterations} iterations the interior point is up to ${minimum.gap_eur} EUR from the optimum`,
    );
  return planOf(problem, expectedValves(problem, tree, of));
}

/**
 * A solver for a controller that decides every step: it starts each problem near the plan of the one before, a step on.
 * The optimum is the same, found in fewer iterations.
 */
export function createInteriorPoint(options: Omit<InteriorPointOptions, "start"> = {}): Solver {
  let last: Float64Array | undefined;
  return (problem) => {
    const start = last?.length === problem.price_eur_kwh.length ? last.subarray(1) : undefined;
    const plan = solveInteriorPoint(problem, { ...options, ...(start && { start }) });
    last = plan.valve;
    return plan;
  };
}

const soonest_h = 1;
const between_h = 12;
const blocks_h = [0, 0.5, 1]; // how long a valve stays the same after no, one and more branchings

/**
 * Disturbances are seen at two instants: as late as heat is felt that is decided on now, since no later decision helps before,
 * and half a day later.
 */
function defaultTree({ model, price_eur_kwh, surprise_k }: MpcProblem): TreeOptions {
  const steps = price_eur_kwh.length;
  const stepsOf = (hours: number) => Math.max(1, Math.round((hours * 3600) / model.dtSeconds));
  const arises = surprise_k === undefined ? -1 : Array.from(surprise_k).findIndex((size_k) => size_k !== 0);
  const disturbancesAt: number[] = [];
  if (arises >= 0) {
    const first = Math.floor(arises / model.b.length);
    const seen = Math.max(first, heatDelay(model, steps).delay, stepsOf(soonest_h));
    disturbancesAt.push(...[seen, seen + stepsOf(between_h)].filter((step) => step < steps));
  }
  return {
    disturbancesAt,
    publications: 1,
    stepsEach: (branchings) => stepsOf(blocks_h[Math.min(branchings, blocks_h.length - 1)]),
  };
}

/** Where every valve of the program starts, from one a step. */
function startOf({ blocks, work }: TreeProgram, valve: ArrayLike<number>): ArrayLike<number> {
  const start = work.best;
  for (const [i, { step, steps }] of blocks.entries()) {
    let sum = 0;
    for (let k = step; k < step + steps; k++) sum += valve[Math.min(k, valve.length - 1)];
    start[i] = sum / steps;
  }
  return start;
}

const closeToBound = 1e-9; // an interior point never quite reaches 0 and 1

/** The mean valve of each step over the scenarios: what is decided, until the first branching. */
function expectedValves(
  { maxPower_w, price_eur_kwh }: MpcProblem,
  { scenarios }: ScenarioTree,
  { blocks, work }: TreeProgram,
): Float64Array {
  const mean = new Float64Array(price_eur_kwh.length);
  for (const [i, { step, steps, scenario }] of blocks.entries()) {
    const valve = work.best[i];
    const reached = valve < closeToBound ? 0 : valve > 1 - closeToBound ? 1 : valve;
    for (let k = step; k < step + steps; k++) mean[k] += scenarios[scenario].probability * reached;
  }
  return mean.map((valve, k) => (at(maxPower_w, k) > 0 ? Math.min(1, valve) : 0));
}
