/** The heating problem as a condensed linear program, solved by the simplex of javascript-lp-solver. */
import solver, { type Variable } from "javascript-lp-solver";
import type { Plan } from "./controller.ts";
import { comfortCeiling, drift, planOf } from "./plan.ts";
import { at, heatCost_eur, type MpcProblem, validateProblem } from "./problem.ts";

/** The solver gave no usable answer to a well-formed problem. */
export class SolverError extends Error {
  override readonly name = "SolverError";
}

const costScale = 1000; // milli-EUR: lifts the tie break well above the tolerance
const tolerance = 1e-9; // of the simplex, in K and milli-EUR
const valueRounding = 1e-15; // the package would round to `tolerance`, which costs 1e-6 EUR
const boundTolerance = 1e-6; // on the valve

/**
 * Solves a heating problem as a linear program.
 *
 * The temperatures are eliminated: theta_air[k] = free[k] + sum_j g[k-j] phi_HC[j]. Steps that are warm
 * enough without heat, or not too warm at full heat, need no comfort row. A valve that earns money (negative
 * price) is replaced by its complement, so that the simplex starts dual feasible.
 *
 * @throws InvalidProblemError naming the field that makes no sense
 * @throws SolverError when the simplex fails
 */
export function solveLp(problem: MpcProblem): Plan {
  validateProblem(problem);
  const { model, comfort, weights, terminal } = problem;
  const { a, bq, c, dq, dtSeconds } = model;
  const steps = problem.price_eur_kwh.length;
  const hours = dtSeconds / 3600;
  const drifts = drift(problem);
  const ceiling = comfortCeiling(problem, drifts);

  const airResponse = new Float64Array(steps); // K/W, of theta_air[k] to phi_HC[k - i]
  const massResponse = new Float64Array(steps); // K/W, of theta_m[N] to phi_HC[N - 1 - i]
  for (let i = 0, decay = bq; i < steps; i++, decay *= a) {
    massResponse[i] = decay;
    airResponse[i] = i === 0 ? dq : c * massResponse[i - 1]!;
  }

  const lp = new solver.Model(tolerance).minimize();
  lp.debug(false);
  lp.usePresolve = false;
  const powers = new Float64Array(steps);
  const closes = new Uint8Array(steps); // 1 where the variable is 1 - u
  const valves: Variable[] = [];
  for (let k = 0; k < steps; k++) {
    const power = at(problem.maxPower_w, k);
    const worth_eur = terminal.slopes_eur_k[0]! * massResponse[steps - 1 - k]! * power;
    const cost = heatCost_eur(problem, k) - worth_eur;
    powers[k] = power;
    closes[k] = cost < 0 ? 1 : 0;
    const valve = lp.addVariable(costScale * Math.abs(cost));
    lp.smallerThan(1).addTerm(1, valve);
    valves.push(valve);
  }

  /** Adds sign * (response . u) <= bound + excess, the excess at a cost, unless it holds for every u. */
  const row = (sign: 1 | -1, last: number, response: Float64Array, bound: number, cost_eur: number) => {
    let rhs = bound;
    let worst = 0;
    for (let j = 0; j <= last; j++) {
      const gain = sign * response[last - j]! * powers[j]!;
      if (gain > 0) worst += gain;
      if (closes[j]) rhs -= gain;
    }
    if (worst <= bound) return;
    const constraint = lp.smallerThan(rhs);
    for (let j = 0; j <= last; j++) {
      const gain = sign * response[last - j]! * powers[j]!;
      if (gain !== 0) constraint.addTerm(closes[j] ? -gain : gain, valves[j]!);
    }
    constraint.addTerm(-1, lp.addVariable(costScale * cost_eur));
  };
  let theta_m = problem.theta_m_c;
  for (let k = 0; k < steps; k++) {
    const free = c * theta_m + drifts.air_c[k]!;
    row(-1, k, airResponse, free - at(comfort.min_c, k), hours * weights.below_eur_kh);
    row(1, k, airResponse, ceiling[k]! - free, hours * weights.above_eur_kh);
    theta_m = a * theta_m + drifts.mass_c[k]!;
  }
  for (let i = 0; i < terminal.breakpoints_c.length; i++) {
    const bend = terminal.slopes_eur_k[i]! - terminal.slopes_eur_k[i + 1]!;
    if (bend > 0) row(1, steps - 1, massResponse, terminal.breakpoints_c[i]! - theta_m, bend);
  }

  const solution = lp.solve();
  lp.tableau.precision = valueRounding;
  lp.tableau.updateVariableValues();
  if (!solution.feasible || !solution.bounded)
    throw new SolverError(`no plan: the linear program is ${solution.feasible ? "unbounded" : "infeasible"}`);
  const u = new Float64Array(steps);
  for (let k = 0; k < steps; k++) {
    const value = valves[k]!.value;
    if (!(value >= -boundTolerance && value <= 1 + boundTolerance))
      throw new SolverError(`no plan: valve[${k}] is ${value}, outside 0..1`);
    const clipped = Math.min(1, Math.max(0, value));
    u[k] = closes[k] ? 1 - clipped : clipped;
  }
  return planOf(problem, u);
}
