/** A program of the interior point written out for HiGHS, to check against; not for production. */
import loadHighs from "highs";
import type { Program } from "./program.ts";

const term = (coefficient: number, name: string) =>
  `${coefficient < 0 ? "-" : "+"} ${Math.abs(coefficient)} ${name}`;

/** In CPLEX LP format, with states (x, node, component), outputs (y) and excesses (e) as variables. */
function lpText(program: Program): string {
  const { states: n, decisions, ends, parent, model, A, b, c, d, offset, output, cost, worth } = program;
  const objective: string[] = [];
  const rows: string[] = [];
  const bounds: string[] = [];
  for (let i = 0; i < decisions + ends; i++) {
    for (let r = 0; r < n; r++) {
      let row = `x${i}_${r}`;
      if (i > 0) {
        const from = parent[i]!;
        row += term(-b[from * n + r]!, `u${from}`);
        for (let s = 0; s < n; s++) row += term(-A[(model[from]! * n + r) * n + s]!, `x${from}_${s}`);
      }
      rows.push(`${row} = ${offset[i * n + r]}`);
      bounds.push(`x${i}_${r} free`);
      if (i >= decisions) objective.push(term(-worth[(i - decisions) * n + r]!, `x${i}_${r}`));
    }
    let row = `y${i}`;
    for (let s = 0; s < n; s++) row += term(-c[model[i]! * n + s]!, `x${i}_${s}`);
    if (i < decisions) {
      row += term(-d[i]!, `u${i}`);
      objective.push(term(cost[i]!, `u${i}`));
      bounds.push(`0 <= u${i} <= 1`);
    }
    rows.push(`${row} = ${output[i]}`);
    bounds.push(`y${i} free`);
  }
  for (let r = 0; r < program.penaltyCount; r++) {
    objective.push(term(program.penaltyWeight[r]!, `e${r}`));
    rows.push(
      `e${r} ${term(-program.penaltySign[r]!, `y${program.penaltyNode[r]}`)} >= ${-program.penaltyBound[r]!}`,
    );
  }
  return ["minimize", ...objective, "subject to", ...rows, "bounds", ...bounds, "end"].join("\n");
}

/** Loads HiGHS. The function that comes back gives the optimum, EUR, and throws unless HiGHS proves it. */
export async function loadHighsProgram(): Promise<(program: Program) => number> {
  const highs = await loadHighs();
  return (program) => {
    const { Status, ObjectiveValue } = highs.solve(lpText(program), {
      output_flag: false,
      primal_feasibility_tolerance: 1e-9,
      dual_feasibility_tolerance: 1e-9,
    });
    if (Status !== "Optimal") throw new Error(`HiGHS: ${Status}`);
    return ObjectiveValue;
  };
}
