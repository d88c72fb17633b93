/** Solves one request on a thread of the pool. */
import type { MpcRequest, OptimalPlan } from "@azru/contracts";
import { InvalidProblemError, SolverError, unpackProblem } from "@azru/control";
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

export type Solve = (job: Job) => OptimalPlan | Unsolvable;

const solve: Solve = ({ request, worker, solver }) => {
  const startedAt = performance.now();
  try {
    const plan = solvers[solver](unpackProblem(request.problem));
    return planMessage(request, plan, performance.now() - startedAt, worker);
  } catch (error) {
    if (!(error instanceof InvalidProblemError || error instanceof SolverError)) throw error;
    return { status: "unsolvable", reason: error.message };
  }
};

export default solve;
