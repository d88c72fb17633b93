import { isoTimeOf, type MpcRequest, type OptimalPlan, timeMsOf } from "@azru/contracts";
import { leastHeatingPlan, type Plan, unpackProblem } from "@azru/control";

/**
 * A plan as its asker gets it.
 *
 * @param plan what the solver made of the request's problem
 * @param solve_ms time that the solver took
 * @param worker name of who solved it
 */
export function planMessage(
  { id, start, problem }: MpcRequest,
  plan: Plan,
  solve_ms: number,
  worker: string,
): OptimalPlan {
  const startMs = timeMsOf(start);
  const { cop, weights } = problem;
  /** Without what cold costs, which nobody pays in euros. */
  const money = (of: Plan) => of.objective_eur - weights.below_eur_kh * of.discomfortBelow_kh;
  const phi_HC_w = Array.from(plan.phi_HC_w);
  return {
    id,
    worker,
    solve_ms,
    status: "optimal",
    objective: plan.objective_eur,
    energy_cost: plan.energyCost_eur,
    storage_saving: money(leastHeatingPlan(unpackProblem(problem))) - money(plan),
    discomfort_below: plan.discomfortBelow_kh,
    discomfort_above: plan.discomfortAbove_kh,
    step_s: plan.dtSeconds,
    time: phi_HC_w.map((_, k) => isoTimeOf(startMs + k * plan.dtSeconds * 1000)),
    valve_position: Array.from(plan.valve, (valve) => valve * 100),
    heating_power: phi_HC_w,
    planned_power: phi_HC_w.map((power, k) => power / (typeof cop === "number" ? cop : cop[k])),
    temperature: Array.from(plan.theta_air_c),
    mass_temperature: Array.from(plan.theta_m_c),
    external_temperature: problem.theta_e_c,
    electricity_price: problem.price_eur_kwh,
  };
}
