/** The solvers that a worker may be told to use. */
import { type Solver, solveExact, solveLp } from "@azru/control";

export const solverNames = ["lp", "exact"] as const;
export type SolverName = (typeof solverNames)[number];

/** By name; both solve the same problem to the same optimum. */
export const solvers: Readonly<Record<SolverName, Solver>> = { lp: solveLp, exact: solveExact };
