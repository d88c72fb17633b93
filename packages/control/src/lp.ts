/** The heating problem as a condensed linear program, solved by the simplex of javascript-lp-solver. */
import solver, { type Variable } from "javascript-lp-solver";
import type { Plan } from "./controller.ts";
import { comfortCeiling, drift, heatResponse, planOf, valuedTemperature_c, walk } from "./plan.ts";
import { at, heatCost_eur, type MpcProblem, validateProblem } from "./problem.ts";

/** The solver gave no usable answer to a well-formed problem. */
export class SolverError extends Error {
  override readonly name = "SolverError";
}

const costScale = 1000; // milli-EUR: lifts the tie break well above the tolerance
const tolerance = 1e-9; // of the simplex, in K and milli-EUR
const valueRounding = 1e-15; // the package would round to `tolerance`, which costs 1e-6 EUR
const boundTolerance = 1e-6; // on the valve

/** A row of the program: sum_j gain[j] u[j] <= bound + excess, the excess at a cost. */
interface Row {
  readonly gain: Float64Array; // over the steps up to the row's own
  readonly bound: number;
  readonly cost_eur: number; // per unit of excess
}

/**
 * Solves a heating problem as a linear program.
 *
 * The temperatures are eliminated: y[k] = free[k] + sum_j g[k-j] phi_HC[j]. Steps that are warm
 * enough without heat, or not too warm at full heat, need no comfort row; the other ceilings are left out
 * unless the plan breaks one, because few ever do. A valve that earns money (negative price) is replaced by its
 * complement, so that the simplex starts dual feasible.
 *
 * Disturbances and colours to be published are left out of account: the plan is the best for the mean.
 *
 * @throws InvalidProblemError naming the field that makes no sense
 * @throws SolverError when the simplex fails
 */
export function solveLp(problem: MpcProblem): Plan {
  validateProblem(problem);
  const { model, comfort, weights, terminal } = problem;
  const steps = problem.price_eur_kwh.length;
  const hours = model.dtSeconds / 3600;
  const drifts = drift(problem);
  const ceiling = comfortCeiling(problem, drifts);

  const outputResponse = heatResponse(model, steps); // K/W, of y[k] to phi_HC[k - i]
  const storeResponse = heatResponse(model, steps, terminal.weights ?? [1]); // K/W, at the end to phi_HC[N - 1 - i]
  const gainOf = (sign: 1 | -1, last: number, response: Float64Array) => {
    const gain = new Float64Array(last + 1);
    for (let j = 0; j <= last; j++) gain[j] = sign * response[last - j] * at(problem.maxPower_w, j);
    return gain;
  };

  const cost_eur = new Float64Array(steps);
  for (let k = 0; k < steps; k++) {
    const worth_eur = terminal.slopes_eur_k[0] * storeResponse[steps - 1 - k] * at(problem.maxPower_w, k);
    cost_eur[k] = heatCost_eur(problem, k, problem.price_eur_kwh[k]) - worth_eur;
  }
  const rows: Row[] = [];
  const ceilings: Row[] = [];
  const unheated = walk(problem, drifts);
  for (let k = 0; k < steps; k++) {
    const free = unheated.output_c(k, 0);
    const min = at(comfort.min_c, k);
    rows.push({
      gain: gainOf(-1, k, outputResponse),
      bound: free - min,
      cost_eur: hours * weights.below_eur_kh,
    });
    ceilings.push({
      gain: gainOf(1, k, outputResponse),
      bound: ceiling[k] - free,
      cost_eur: hours * weights.above_eur_kh,
    });
    unheated.advance(k, 0);
  }
  const left_c = valuedTemperature_c(terminal, unheated.x_c);
  for (let i = 0; i < terminal.breakpoints_c.length; i++) {
    const bend = terminal.slopes_eur_k[i] - terminal.slopes_eur_k[i + 1];
    const bound = terminal.breakpoints_c[i] - left_c;
    if (bend > 0) rows.push({ gain: gainOf(1, steps - 1, storeResponse), bound, cost_eur: bend });
  }

  const valve = optimum(cost_eur, rows.filter(canBind));
  const respectsCeilings = ceilings.every((row) => activity(row, valve) <= row.bound + tolerance);
  if (respectsCeilings) return planOf(problem, valve);
  return planOf(problem, optimum(cost_eur, [...rows, ...ceilings].filter(canBind)));
}

/** What the valves bring about on the left-hand side of a row. */
function activity({ gain }: Row, valve: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < gain.length; j++) sum += gain[j] * valve[j];
  return sum;
}

/** Whether some valve positions within 0..1 go beyond the row's bound. */
function canBind({ gain, bound }: Row): boolean {
  let most = 0;
  for (const g of gain) most += Math.max(0, g);
  return most > bound;
}

/** Valve positions of least cost under the given rows. */
function optimum(cost_eur: Float64Array, rows: readonly Row[]): Float64Array {
  const lp = new solver.Model(tolerance).minimize();
  lp.debug(false);
  lp.usePresolve = false;
  const valves: Variable[] = [];
  for (const cost of cost_eur) {
    const valve = lp.addVariable(costScale * Math.abs(cost)); // 1 - u where heat earns money
    lp.smallerThan(1).addTerm(1, valve);
    valves.push(valve);
  }
  for (const { gain, bound, cost_eur: excess_eur } of rows) {
    let rhs = bound;
    for (let j = 0; j < gain.length; j++) if (cost_eur[j] < 0) rhs -= gain[j];
    const constraint = lp.smallerThan(rhs);
    for (let j = 0; j < gain.length; j++)
      if (gain[j] !== 0) constraint.addTerm(cost_eur[j] < 0 ? -gain[j] : gain[j], valves[j]);
    constraint.addTerm(-1, lp.addVariable(costScale * excess_eur));
  }

  const solution = lp.solve();
  if (!solution.feasible || !solution.bounded)
    throw new SolverError(`no plan: the linear program is ${solution.feasible ? "unbounded" : "infeasible"}`);
  lp.tableau.precision = valueRounding;
  lp.tableau.updateVariableValues();
  return cost_eur.map((cost, k) => {
    const value = valves[k].value;
    if (!(value >= -boundTolerance && value <= 1 + boundTolerance))
      throw new SolverError(`no plan: valve[${k}] is ${value}, outside 0..1`);
    const clipped = Math.min(1, Math.max(0, value));
    return cost < 0 ? 1 - clipped : clipped;
  });
}
