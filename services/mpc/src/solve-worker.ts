/** Solves one request on a thread of the pool. */
import type { MpcRequest, OptimalPlan } from "@azru/contracts";
import { InvalidProblemError, type Plan, SolverError, solveLp, unpackProblem } from "@azru/control";
import { planMessage } from "./plan-message.ts";
import { type SolverName, solvers } from "./solver.ts";

export interface Job {
  readonly request: MpcRequest;
  /** Name of the worker, for the plan. */
  readonly worker: string;
  readonly solver: SolverName;
}

/** There is no plan for this problem, and why. */
export interface Unsolvable {
  readonly status: "unsolvable";
  readonly reason: string;
}

/** There is a plan. */
export interface Solved {
  readonly status: "solved";
  readonly plan: OptimalPlan;
  /** Why the linear program had to solve it in the place of the solver asked for. */
  readonly fallback?: string;
}

export type Solve = (job: Job) => Solved | Unsolvable;

/** The plan of the solver asked for, or of the linear program when that one gives up. */
function solved(solver: SolverName, request: MpcRequest): { plan: Plan; fallback?: string } {
  const problem = unpackProblem(request.problem);
  try {
    return { plan: solvers[solver](problem) };
  } catch (error) {
    if (solver === "lp" || !(error instanceof SolverError)) throw error;
    return { plan: solveLp(problem), fallback: error.message };
  }
}

const solve: Solve = ({ request, worker, solver }) => {
  const startedAt = performance.now();
  try {
    const { plan, ...why } = solved(solver, request);
    const message = planMessage(request, plan, performance.now() - startedAt, worker);
    return { status: "solved", plan: message, ...why };
  } catch (error) {
    if (!(error instanceof InvalidProblemError || error instanceof SolverError)) throw error;
    return { status: "unsolvable", reason: error.message };
  }
};

export default solve;
