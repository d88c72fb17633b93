/** Plans that the house asked about can follow. */
import type { MpcRequest, OptimalPlan } from "@azru/contracts";
import { leastHeatingPlan, unpackProblem } from "@azru/control";
import { type FlatPlan, flatPlan } from "./plans.ts";

/** A plan that says the same in its first two hours, and then heats what the comfort asked for needs. */
export function soundPlan(flat: Omit<FlatPlan, "steps">, packed: MpcRequest["problem"]): OptimalPlan {
  const problem = unpackProblem(packed);
  const needed = [...leastHeatingPlan(problem).phi_HC_w];
  const most_w = typeof problem.maxPower_w === "number" ? problem.maxPower_w : problem.maxPower_w[0];
  const plan = flatPlan({ ...flat, steps: needed.length });
  const heating_power = needed.map((heat_w, k) => (k < 8 ? plan.heating_power[k] : heat_w));
  const valve_position = heating_power.map((heat_w) => (100 * heat_w) / most_w);
  return { ...plan, valve_position, heating_power, planned_power: heating_power };
}
