/** The solvers that a worker may use. */
import { type Solver, solveExact, solveInteriorPoint, solveLp } from "@azru/control";

export const solverNames = ["lp", "exact", "interior"] as const;
export type SolverName = (typeof solverNames)[number];

/**
 * By name; all come to the same optimum where nothing may turn out otherwise. The recursion takes houses of one state, the
 * others any.
 */
export const solvers: Readonly<Record<SolverName, Solver>> = {
  lp: solveLp,
  exact: solveExact,
  interior: (problem) => solveInteriorPoint(problem),
};
