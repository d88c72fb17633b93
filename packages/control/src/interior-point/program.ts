/** The heating problem in the plain form that the interior point works on: a tree of steps with a state each. */

export interface ProgramShape {
  readonly states: number; // n
  readonly decisions: number; // N, nodes at which the valve is set
  readonly ends: number; // L, nodes at which a way through the tree ends
  readonly models: number; // pairs of A and c
  readonly penalties: number; // room for so many
  /** Whether changes of the valve cost something; the last state is then the valve of the node before. */
  readonly changes: boolean;
}

/**
 * Minimises over one valve u[i] in 0..1 per decision node
 *
 *     sum_i cost[i] u[i] + change[i] / 2 (u[i] - x[i][n-1])^2 + sum_r weight[r] (sign[r] y[node[r]] - bound[r])+ - sum_e worth[e] . x[e] + constant
 *
 *     x[0] = offset[0],   x[j] = A x[i] + b[i] u[i] + offset[j]    for each child j of i
 *     y[i] = c x[i] + d[i] u[i] + output[i]
 *
 * Nodes 0..N-1 are decisions, N..N+L-1 ends; a parent has a smaller number than its children, and all but the root
 * have one. Probabilities are part of the costs, the weights and the worth. Arrays are filled by the caller and may be filled
 * anew for the next problem of the same shape. States by rows: component s of node i is at `i * states + s`.
 */
export interface Program extends ProgramShape {
  readonly parent: Int32Array; // N + L; -1 for the root
  readonly model: Int32Array; // N + L, which A leads out of a node, and which c gives its output
  readonly A: Float64Array; // models * n * n, by rows
  readonly c: Float64Array; // models * n
  readonly b: Float64Array; // N * n, of the full valve
  readonly d: Float64Array; // N + L, of the full valve; 0 at ends
  readonly offset: Float64Array; // (N + L) * n
  readonly output: Float64Array; // N + L
  readonly cost: Float64Array; // N, EUR, of the full valve
  readonly change: Float64Array; // N, EUR, of half the square; empty without changes
  readonly worth: Float64Array; // L * n, EUR per unit of state
  readonly penaltyNode: Int32Array; // penalties
  readonly penaltySign: Float64Array;
  readonly penaltyBound: Float64Array;
  readonly penaltyWeight: Float64Array; // > 0
  /** How many penalties there are; the room may be larger. */
  penaltyCount: number;
  constant: number; // part of the objective that the valves do not change, EUR
}

/** An empty program of a shape. */
export function createProgram(shape: ProgramShape): Program {
  const { states: n, decisions, ends, models, penalties } = shape;
  const nodes = decisions + ends;
  return {
    ...shape,
    parent: new Int32Array(nodes),
    model: new Int32Array(nodes),
    A: new Float64Array(models * n * n),
    c: new Float64Array(models * n),
    b: new Float64Array(decisions * n),
    d: new Float64Array(nodes),
    offset: new Float64Array(nodes * n),
    output: new Float64Array(nodes),
    cost: new Float64Array(decisions),
    change: new Float64Array(shape.changes ? decisions : 0),
    worth: new Float64Array(ends * n),
    penaltyNode: new Int32Array(penalties),
    penaltySign: new Float64Array(penalties),
    penaltyBound: new Float64Array(penalties),
    penaltyWeight: new Float64Array(penalties),
    penaltyCount: 0,
    constant: 0,
  };
}

/** Adds `weight (sign y[node] - bound)+` to the objective; a penalty without weight is left out. */
export function addPenalty(
  program: Program,
  node: number,
  { sign, bound, weight }: { readonly sign: 1 | -1; readonly bound: number; readonly weight: number },
): void {
  if (!(weight > 0)) return;
  const r = program.penaltyCount++;
  program.penaltyNode[r] = node;
  program.penaltySign[r] = sign;
  program.penaltyBound[r] = bound;
  program.penaltyWeight[r] = weight;
}
