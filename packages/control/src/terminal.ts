/** What the heat left in the walls is worth when the horizon ends. */
import { heatStore } from "@azru/house";
import { at, type MpcProblem, type TerminalValue } from "./problem.ts";

/** Chooses the terminal value of a problem that has all but that. */
export type TerminalRule = (problem: Omit<MpcProblem, "terminal">) => TerminalValue;

/**
 * Values each kilowatt-hour left in the walls at a share of what the horizon's cheapest heat costs (price over
 * COP): it then does not pay to let the walls run cold at the end, and never to heat for the walls' own sake,
 * because no step's heat costs less than `share` of the cheapest. Heat that a negative price paid for is worth
 * nothing later.
 *
 * A curved value (the cost to go of the last day repeated) was tried and catches no more of the attainable
 * saving in closed loop; what helps a very heavy building is a longer horizon.
 *
 * @param share 0 to 1
 * @throws RangeError when `share` is not within 0..1
 */
export function linearTerminal(share = 0.9): TerminalRule {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`terminal.share must be within 0..1, got ${share}`);
  return (problem) => {
    let cheapest = Number.POSITIVE_INFINITY;
    for (let k = 0; k < problem.price_eur_kwh.length; k++)
      cheapest = Math.min(cheapest, problem.price_eur_kwh[k] / at(problem.cop, k));
    const { weights, heat_kwh_k } = heatStore(problem.model);
    const slope = share * Math.max(0, cheapest) * heat_kwh_k;
    return {
      ...(weights.length > 1 && { weights }),
      breakpoints_c: [at(problem.comfort.min_c, problem.price_eur_kwh.length - 1)],
      slopes_eur_k: [slope, slope],
    };
  };
}
