/** Leaves out the penalties that no valves can bring about: in winter most ceilings, in summer most floors. */
import type { Program } from "./program.ts";
import { simulate } from "./trajectory.ts";
import type { Workspace } from "./workspace.ts";

/** Whether more heat never lowers an output: then the closed and the open valve bound all others. */
function isMonotone({ A, b, c, d }: Program): boolean {
  return nonNegative(A) && nonNegative(b) && nonNegative(c) && nonNegative(d);
}

function nonNegative(values: Float64Array): boolean {
  for (let k = 0; k < values.length; k++) if (values[k] < 0) return false;
  return true;
}

/** Removes penalties from the program that are idle at all valves; the optimum stays the same. */
export function prune(program: Program, work: Workspace): void {
  if (!isMonotone(program)) return;
  const { u, excess, s: unheated } = work;
  u.fill(0);
  simulate(program, work);
  unheated.set(excess);
  u.fill(1);
  simulate(program, work);
  const { penaltyNode, penaltySign, penaltyBound, penaltyWeight } = program;
  let kept = 0;
  for (let r = 0; r < program.penaltyCount; r++) {
    if (unheated[r] <= 0 && excess[r] <= 0) continue;
    penaltyNode[kept] = penaltyNode[r];
    penaltySign[kept] = penaltySign[r];
    penaltyBound[kept] = penaltyBound[r];
    penaltyWeight[kept] = penaltyWeight[r];
    kept++;
  }
  program.penaltyCount = kept;
}
