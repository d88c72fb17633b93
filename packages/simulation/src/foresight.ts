/** The best that any controller could have done, to measure others by. */
import { createInteriorPoint, type Plan, solveExact } from "@azru/control";
import { heatStore } from "@azru/house";
import { heaterPower_w, twinModel } from "./building.ts";
import { twinDisturbances } from "./disturbances.ts";
import type { RunPlan } from "./run.ts";

const share = 0.9; // of the price of the last day's cheapest heat: what the heat left in the walls is worth

type SimulatedHouse = Pick<
  RunPlan,
  "building" | "twin" | "steps" | "weather" | "price_eur_kwh" | "theta_start_c"
>;

/** What a kelvin of the walls is worth at the end of a run, EUR/K: heat that need not be bought then. */
function wallsWorth_eur_k({ building, twin, steps, weather, price_eur_kwh }: SimulatedHouse): number {
  const { heat_kwh_k } = heatStore(twinModel(building, weather.dtSeconds, twin));
  const { cop } = twinDisturbances(building, weather, twin);
  let cheapest_eur_kwh = Number.POSITIVE_INFINITY;
  for (let k = Math.max(0, steps - Math.round(86_400 / weather.dtSeconds)); k < steps; k++)
    cheapest_eur_kwh = Math.min(cheapest_eur_kwh, price_eur_kwh[k] / cop[k]);
  return share * Math.max(0, cheapest_eur_kwh) * heat_kwh_k;
}

/** The cost of a run less what the heat is worth by which its walls ended warmer than they began, EUR. */
export function netCost_eur(run: SimulatedHouse, cost_eur: number, theta_m_end_c: number): number {
  return cost_eur - wallsWorth_eur_k(run) * (theta_m_end_c - run.theta_start_c);
}

/**
 * The whole run planned at once, knowing house, weather and prices to its end: of all valve positions those of
 * least net cost, with the MPC's weights of discomfort.
 */
export function perfectForesight(run: SimulatedHouse): Plan {
  const { building, twin, steps, theta_start_c } = run;
  const model = twinModel(building, run.weather.dtSeconds, twin);
  const acting = twinDisturbances(building, run.weather, twin);
  const worth_eur_k = wallsWorth_eur_k(run);
  const solve = model.b.length === 1 ? solveExact : createInteriorPoint();
  return solve({
    model,
    x_c: model.b.map(() => theta_start_c),
    maxPower_w: heaterPower_w(building, twin),
    cop: acting.cop.subarray(0, steps),
    theta_e_c: acting.theta_e_c.subarray(0, steps),
    phi_sol_w: acting.phi_sol_w.subarray(0, steps),
    phi_int_w: acting.phi_int_w.subarray(0, steps),
    price_eur_kwh: run.price_eur_kwh.subarray(0, steps),
    comfort: building.comfort,
    weights: { below_eur_kh: 10, above_eur_kh: 20 },
    terminal: {
      weights: heatStore(model).weights,
      breakpoints_c: [theta_start_c],
      slopes_eur_k: [worth_eur_k, worth_eur_k],
    },
  });
}
