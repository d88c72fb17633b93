/** The arrays of one solution, kept for the next problem of the same shape. */
import type { ProgramShape } from "./program.ts";

/** Names as in Nocedal and Wright, chapter 14 and 16: slacks of inequalities and their multipliers z; d is a direction. */
export interface Workspace {
  // Per decision
  readonly u: Float64Array; // valve, also the slack of u >= 0
  readonly v: Float64Array; // 1 - u, the slack of u <= 1
  readonly zu: Float64Array;
  readonly zv: Float64Array;
  readonly gradient: Float64Array; // of the Lagrangian without the bounds of the valve
  readonly du: Float64Array;
  readonly dzu: Float64Array;
  readonly dzv: Float64Array;
  readonly ru: Float64Array; // complementarity asked for, of u and zu
  readonly rv: Float64Array;
  readonly theta: Float64Array; // curvature of the barrier of both bounds
  readonly linear: Float64Array; // of the Newton system
  readonly gain: Float64Array; // du = gain dx + feedforward; by rows
  readonly feedforward: Float64Array;
  readonly inverse: Float64Array; // of the curvature over the valve
  // Per node
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly dx: Float64Array;
  readonly dy: Float64Array;
  readonly thetaY: Float64Array;
  readonly linearY: Float64Array;
  readonly P: Float64Array; // curvature of the cost to go, summed over children
  readonly p: Float64Array; // slope of it, summed over children
  // Per penalty: slack s >= 0 and t = s - excess >= 0, multipliers zs + zt = weight
  readonly excess: Float64Array;
  readonly s: Float64Array;
  readonly t: Float64Array;
  readonly zs: Float64Array;
  readonly zt: Float64Array;
  readonly ds: Float64Array;
  readonly dt: Float64Array;
  readonly dz: Float64Array; // of zt; that of zs is the opposite
  readonly thetaR: Float64Array;
  readonly rs: Float64Array; // complementarity asked for, of s and zs
  readonly rt: Float64Array;
  readonly best: Float64Array; // valves of the smallest gap so far
  readonly scratch: Float64Array;
}

export function createWorkspace({ states: n, decisions, ends, penalties }: ProgramShape): Workspace {
  const nodes = decisions + ends;
  const perDecision = () => new Float64Array(decisions);
  const perNode = () => new Float64Array(nodes);
  const perPenalty = () => new Float64Array(penalties);
  return {
    u: perDecision(),
    v: perDecision(),
    zu: perDecision(),
    zv: perDecision(),
    gradient: perDecision(),
    du: perDecision(),
    dzu: perDecision(),
    dzv: perDecision(),
    ru: perDecision(),
    rv: perDecision(),
    theta: perDecision(),
    linear: perDecision(),
    gain: new Float64Array(decisions * n),
    feedforward: perDecision(),
    inverse: perDecision(),
    x: new Float64Array(nodes * n),
    y: perNode(),
    dx: new Float64Array(nodes * n),
    dy: perNode(),
    thetaY: perNode(),
    linearY: perNode(),
    P: new Float64Array(nodes * n * n),
    p: new Float64Array(nodes * n),
    excess: perPenalty(),
    s: perPenalty(),
    t: perPenalty(),
    zs: perPenalty(),
    zt: perPenalty(),
    ds: perPenalty(),
    dt: perPenalty(),
    dz: perPenalty(),
    thetaR: perPenalty(),
    rs: perPenalty(),
    rt: perPenalty(),
    best: perDecision(),
    scratch: new Float64Array(n * n + 3 * n),
  };
}
