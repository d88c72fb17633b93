export { backOff_k, ceilingBackOff_k } from "./back-off.ts";
export type { Controller, Decision, Forecast, Observation, Plan, TempoSteps } from "./controller.ts";
export { disturbanceSd_k } from "./disturbance-sd.ts";
export { solveExact } from "./exact.ts";
export { type Scenario, scenarioTree } from "./interior-point/scenario-tree.ts";
export { createInteriorPoint, solveInteriorPoint } from "./interior-point/solve.ts";
export { SolverError, solveLp } from "./lp.ts";
export { type MpcOptions, mpcController, mpcProblem } from "./mpc.ts";
export { packProblem, unpackProblem } from "./packed-problem.ts";
export { createPi, type PiGains, type PiOptions, piGains, piLaw, piStep } from "./pi.ts";
export { leastHeatingPlan, planOf, type Solver } from "./plan.ts";
export {
  InvalidProblemError,
  type MpcProblem,
  type PriceBranch,
  type PriceBranches,
  type Steps,
} from "./problem.ts";
export { createRoomSharing, type ShareHeat } from "./room-heat.ts";
export { createTempoRule } from "./tempo-rule.ts";
export { createThermostat } from "./thermostat.ts";
export { anticipated_c, type WarmUp, warmUpSteps } from "./warm-up.ts";
