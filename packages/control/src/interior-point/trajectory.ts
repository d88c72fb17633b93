/** What given valves bring about, and what they cost: states forwards, slopes of the Lagrangian backwards. */
import type { Program } from "./program.ts";
import type { Workspace } from "./workspace.ts";

/** States, outputs and the excess of every penalty, at the valves u. */
export function simulate(program: Program, work: Workspace): void {
  const { states: n, decisions, ends, parent, model, A, b, c, d, offset, output } = program;
  const { u, x, y, excess } = work;
  const nodes = decisions + ends;
  for (let i = 0; i < nodes; i++) {
    const at = i * n;
    for (let r = 0; r < n; r++) x[at + r] = offset[at + r];
    if (i > 0) {
      const from = parent[i] * n;
      const atA = model[parent[i]] * n * n;
      const valve = u[parent[i]];
      for (let r = 0; r < n; r++) {
        let sum = b[from + r] * valve;
        for (let s = 0; s < n; s++) sum += A[atA + r * n + s] * x[from + s];
        x[at + r] += sum;
      }
    }
    let out = output[i] + (i < decisions ? d[i] * u[i] : 0);
    for (let s = 0; s < n; s++) out += c[model[i] * n + s] * x[at + s];
    y[i] = out;
  }
  const { penaltyCount, penaltyNode, penaltySign, penaltyBound } = program;
  for (let r = 0; r < penaltyCount; r++) excess[r] = penaltySign[r] * y[penaltyNode[r]] - penaltyBound[r];
}

/** The slope of the Lagrangian in every valve, at the multipliers zt and without those of the valve's own bounds. */
export function differentiate(program: Program, work: Workspace): void {
  const { states: n, decisions, ends, parent, model, A, b, c, d, cost, worth, change, changes } = program;
  const { gradient, linearY: slopeY, p, zt, u, x } = work;
  const { penaltyCount, penaltyNode, penaltySign } = program;
  slopeY.fill(0);
  for (let r = 0; r < penaltyCount; r++) slopeY[penaltyNode[r]] += penaltySign[r] * zt[r];
  p.fill(0);
  for (let i = decisions + ends - 1; i >= decisions; i--)
    for (let s = 0; s < n; s++)
      p[parent[i] * n + s] += slopeY[i] * c[model[i] * n + s] - worth[(i - decisions) * n + s];
  for (let i = decisions - 1; i >= 0; i--) {
    const at = i * n;
    const changed = changes ? change[i] * (u[i] - x[at + n - 1]) : 0;
    let slope = cost[i] + d[i] * slopeY[i] + changed;
    for (let s = 0; s < n; s++) slope += b[at + s] * p[at + s];
    gradient[i] = slope;
    if (i === 0) return;
    const to = parent[i] * n;
    const atA = model[i] * n * n;
    for (let s = 0; s < n; s++) {
      let sum = c[model[i] * n + s] * slopeY[i];
      for (let r = 0; r < n; r++) sum += A[atA + r * n + s] * p[at + r];
      p[to + s] += sum;
    }
    if (changes) p[to + n - 1] -= changed;
  }
}

/** The objective at the valves and states of the last simulation, EUR. */
export function objectiveOf(program: Program, work: Workspace): number {
  const { states: n, decisions, ends, cost, change, changes, worth, penaltyCount, penaltyWeight } = program;
  const { u, x, excess } = work;
  let sum = program.constant;
  for (let i = 0; i < decisions; i++) sum += cost[i] * u[i];
  if (changes) for (let i = 0; i < decisions; i++) sum += 0.5 * change[i] * (u[i] - x[i * n + n - 1]) ** 2;
  for (let r = 0; r < penaltyCount; r++) if (excess[r] > 0) sum += penaltyWeight[r] * excess[r];
  for (let k = 0; k < ends * n; k++) sum -= worth[k] * x[decisions * n + k];
  return sum;
}

/**
 * How far the objective is at most from the optimum, EUR: its difference from the dual bound. Each term is the complementarity
 * of one constraint and none is negative, so it is exact to rounding whatever became of the iterates.
 */
export function gapOf(program: Program, work: Workspace): number {
  const { decisions, penaltyCount } = program;
  const { u, v, gradient, excess, zs, zt } = work;
  let gap = 0;
  for (let i = 0; i < decisions; i++) {
    const slope = gradient[i];
    gap += slope > 0 ? slope * u[i] : -slope * v[i];
  }
  for (let r = 0; r < penaltyCount; r++) {
    const e = excess[r];
    gap += e > 0 ? zs[r] * e : -zt[r] * e;
  }
  return gap;
}
