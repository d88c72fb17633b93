/** The heating problem solved by HiGHS, to check our solvers and to compare with them; not for production. */
import loadHighs from "highs";
import { comfortCeiling, drift } from "./plan.ts";
import { at, type MpcProblem } from "./problem.ts";

/**
 * Writes a problem in CPLEX LP format as it is defined, with temperatures as variables: `u0`.. the valves,
 * `m1`.. the mass temperature at the end of each step, `s0`.. and `o0`.. the kelvins too cold and too warm,
 * `v` the terminal value.
 */
function lpText(problem: MpcProblem): string {
  const { model, comfort, weights, terminal } = problem;
  const steps = problem.price_eur_kwh.length;
  const hours = model.dtSeconds / 3600;
  const { mass_c, air_c } = drift(problem);
  const ceiling = comfortCeiling(problem, { mass_c, air_c });
  const term = (coefficient: number, name: string) =>
    `${coefficient < 0 ? "-" : "+"} ${Math.abs(coefficient)} ${name}`;
  const objective: string[] = [];
  const rows: string[] = [];
  const bounds: string[] = [];
  for (let k = 0; k < steps; k++) {
    const power = at(problem.maxPower_w, k);
    const energy_kwh = (power / 1000) * hours;
    objective.push(term((problem.price_eur_kwh[k]! * energy_kwh) / at(problem.cop, k), `u${k}`));
    objective.push(term(weights.below_eur_kh * hours, `s${k}`), term(weights.above_eur_kh * hours, `o${k}`));
    const mass = (coefficient: number) => (k === 0 ? "" : term(coefficient, `m${k}`));
    const start = k === 0 ? problem.theta_m_c : 0;
    rows.push(
      `m${k + 1} ${mass(-model.a)} ${term(-model.bq * power, `u${k}`)} = ${mass_c[k]! + model.a * start}`,
    );
    const air = `${mass(model.c)} ${term(model.dq * power, `u${k}`)}`;
    const known = air_c[k]! + model.c * start;
    rows.push(`${air} + s${k} >= ${at(comfort.min_c, k) - known}`);
    rows.push(`${air} - o${k} <= ${ceiling[k]! - known}`);
    bounds.push(`0 <= u${k} <= 1`, `m${k + 1} free`);
  }
  objective.push("- v");
  bounds.push("v free");
  // A concave, piecewise linear function is the least of its lines.
  let value_eur = 0;
  for (let i = 0; i <= terminal.breakpoints_c.length; i++) {
    const from_c = terminal.breakpoints_c[Math.max(0, i - 1)]!;
    if (i > 1) value_eur += terminal.slopes_eur_k[i - 1]! * (from_c - terminal.breakpoints_c[i - 2]!);
    const slope = terminal.slopes_eur_k[i]!;
    rows.push(`v ${term(-slope, `m${steps}`)} <= ${value_eur - slope * from_c}`);
  }
  return [
    "minimize",
    objective.join("\n"),
    "subject to",
    rows.join("\n"),
    "bounds",
    bounds.join("\n"),
    "end",
  ].join("\n");
}

/** What HiGHS found: its own figure of the objective, and the valve position of each step. */
export interface HighsAnswer {
  readonly objective_eur: number;
  readonly valve: Float64Array;
}

/** Loads HiGHS. The function that comes back throws an Error unless HiGHS proves its answer optimal. */
export async function loadHighsSolver(): Promise<(problem: MpcProblem) => HighsAnswer> {
  const highs = await loadHighs();
  return (problem) => {
    const { Status, ObjectiveValue, Columns } = highs.solve(lpText(problem), {
      output_flag: false,
      primal_feasibility_tolerance: 1e-9,
      dual_feasibility_tolerance: 1e-9,
    });
    if (Status !== "Optimal") throw new Error(`HiGHS: ${Status}`);
    const valve = Float64Array.from(problem.price_eur_kwh, (_, k) => Columns[`u${k}`]!.Primal);
    return { objective_eur: ObjectiveValue, valve };
  };
}
