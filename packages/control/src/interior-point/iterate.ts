/** The barrier: where to start, where each right-hand side leads, how far to go. */
import type { Program } from "./program.ts";
import type { Workspace } from "./workspace.ts";

/** Slacks and multipliers of the penalties on the central path of mu, at the excess of the last simulation. */
export function centrePenalties(program: Program, work: Workspace, mu: number): void {
  const { penaltyCount, penaltyWeight } = program;
  const { excess, s, t, zs, zt } = work;
  for (let r = 0; r < penaltyCount; r++) {
    // The positive root m of mu / m + mu / (m + |e|) = weight, without cancellation.
    const weight = penaltyWeight[r];
    const size = Math.abs(excess[r]);
    const root = Math.sqrt(weight * weight * size * size + 4 * mu * mu);
    const smaller = (mu + (2 * mu * mu) / (root + weight * size)) / weight;
    s[r] = excess[r] > 0 ? smaller + size : smaller;
    t[r] = excess[r] > 0 ? smaller : smaller + size;
    zs[r] = mu / s[r];
    zt[r] = mu / t[r];
  }
}

/** Multipliers of the bounds of the valve, whose difference is its slope, with products near mu. */
export function centreBounds(program: Program, work: Workspace, mu: number): void {
  const { u, v, zu, zv, gradient } = work;
  for (let i = 0; i < program.decisions; i++) {
    const slope = gradient[i];
    const other = Math.max(mu / (slope > 0 ? v[i] : u[i]), 1e-3 * Math.abs(slope));
    zu[i] = slope > 0 ? slope + other : other;
    zv[i] = slope > 0 ? other : other - slope;
  }
}

/** The mean product of slacks and multipliers. */
export function meanProduct(program: Program, work: Workspace): number {
  const { decisions, penaltyCount } = program;
  const { u, v, zu, zv, s, t, zs, zt } = work;
  let sum = 0;
  for (let i = 0; i < decisions; i++) sum += u[i] * zu[i] + v[i] * zv[i];
  for (let r = 0; r < penaltyCount; r++) sum += s[r] * zs[r] + t[r] * zt[r];
  return sum / (2 * (decisions + penaltyCount));
}

/** The mean product after steps of the given lengths in the last direction. */
export function meanProductAfter(program: Program, work: Workspace, primal: number, dual: number): number {
  const { decisions, penaltyCount } = program;
  const { u, v, zu, zv, du, dzu, dzv, s, t, zs, zt, ds, dt, dz } = work;
  let sum = 0;
  for (let i = 0; i < decisions; i++) {
    const step = primal * du[i];
    sum += (u[i] + step) * (zu[i] + dual * dzu[i]) + (v[i] - step) * (zv[i] + dual * dzv[i]);
  }
  for (let r = 0; r < penaltyCount; r++) {
    const step = dual * dz[r];
    sum += (s[r] + primal * ds[r]) * (zs[r] - step) + (t[r] + primal * dt[r]) * (zt[r] + step);
  }
  return sum / (2 * (decisions + penaltyCount));
}

/** The curvatures of the Newton system. */
export function formCurvature(program: Program, work: Workspace): void {
  const { decisions, penaltyCount, penaltyNode } = program;
  const { u, v, zu, zv, theta, s, t, zs, zt, thetaR, thetaY } = work;
  for (let i = 0; i < decisions; i++) theta[i] = zu[i] / u[i] + zv[i] / v[i];
  thetaY.fill(0);
  for (let r = 0; r < penaltyCount; r++) {
    const curvature = 1 / (s[r] / zs[r] + t[r] / zt[r]);
    thetaR[r] = curvature;
    thetaY[penaltyNode[r]] += curvature;
  }
}

/**
 * The right-hand side that asks for products of `target`, less the second-order error that the last direction (the predictor)
 * would make at `correction` of its length; none for the predictor itself.
 */
export function formRightSide(program: Program, work: Workspace, target: number, correction: number): void {
  const { decisions, penaltyCount, penaltyNode, penaltySign } = program;
  const { u, v, zu, zv, du, dzu, dzv, gradient, linear, ru, rv } = work;
  for (let i = 0; i < decisions; i++) {
    const productU = target - u[i] * zu[i] - correction * du[i] * dzu[i];
    const productV = target - v[i] * zv[i] + correction * du[i] * dzv[i];
    ru[i] = productU;
    rv[i] = productV;
    linear[i] = gradient[i] - zu[i] + zv[i] - productU / u[i] + productV / v[i];
  }
  const { s, t, zs, zt, ds, dt, dz, rs, rt, thetaR, linearY } = work;
  linearY.fill(0);
  for (let r = 0; r < penaltyCount; r++) {
    const productS = target - s[r] * zs[r] + correction * ds[r] * dz[r];
    const productT = target - t[r] * zt[r] - correction * dt[r] * dz[r];
    rs[r] = productS;
    rt[r] = productT;
    linearY[penaltyNode[r]] += penaltySign[r] * thetaR[r] * (productT / zt[r] - productS / zs[r]);
  }
}

/** The directions of slacks and multipliers that belong to those of valves and outputs. */
export function completeDirection(program: Program, work: Workspace): void {
  const { decisions, penaltyCount, penaltyNode, penaltySign } = program;
  const { u, v, zu, zv, du, dzu, dzv, ru, rv } = work;
  for (let i = 0; i < decisions; i++) {
    dzu[i] = (ru[i] - zu[i] * du[i]) / u[i];
    dzv[i] = (rv[i] + zv[i] * du[i]) / v[i];
  }
  const { s, t, zs, zt, ds, dt, dz, rs, rt, thetaR, dy } = work;
  for (let r = 0; r < penaltyCount; r++) {
    const change = penaltySign[r] * dy[penaltyNode[r]];
    const multiplier = thetaR[r] * (rt[r] / zt[r] - rs[r] / zs[r] + change);
    dz[r] = multiplier;
    ds[r] = (rs[r] + s[r] * multiplier) / zs[r];
    dt[r] = (rt[r] - t[r] * multiplier) / zt[r];
  }
}

/** The longest step that keeps valves and slacks positive; Infinity where none is too long. */
export function primalLength(program: Program, work: Workspace): number {
  const { decisions, penaltyCount } = program;
  const { u, v, du, s, t, ds, dt } = work;
  let inverse = 0; // of the length: one comparison instead of a division and a branch
  for (let i = 0; i < decisions; i++) {
    const step = du[i];
    const rate = step < 0 ? -step / u[i] : step / v[i];
    if (rate > inverse) inverse = rate;
  }
  for (let r = 0; r < penaltyCount; r++) {
    const rateS = -ds[r] / s[r];
    if (rateS > inverse) inverse = rateS;
    const rateT = -dt[r] / t[r];
    if (rateT > inverse) inverse = rateT;
  }
  return 1 / inverse;
}

/** The longest step that keeps the multipliers positive; Infinity where none is too long. */
export function dualLength(program: Program, work: Workspace): number {
  const { decisions, penaltyCount } = program;
  const { zu, zv, dzu, dzv, zs, zt, dz } = work;
  let inverse = 0;
  for (let i = 0; i < decisions; i++) {
    const rateU = -dzu[i] / zu[i];
    if (rateU > inverse) inverse = rateU;
    const rateV = -dzv[i] / zv[i];
    if (rateV > inverse) inverse = rateV;
  }
  for (let r = 0; r < penaltyCount; r++) {
    const step = dz[r];
    const rate = step < 0 ? -step / zt[r] : step / zs[r];
    if (rate > inverse) inverse = rate;
  }
  return 1 / inverse;
}

/** Goes the given lengths in the last direction. */
export function advance(program: Program, work: Workspace, primal: number, dual: number): void {
  const { decisions, penaltyCount } = program;
  const { u, v, zu, zv, du, dzu, dzv, s, t, zs, zt, ds, dt, dz } = work;
  for (let i = 0; i < decisions; i++) {
    u[i] += primal * du[i];
    v[i] -= primal * du[i];
    zu[i] += dual * dzu[i];
    zv[i] += dual * dzv[i];
  }
  for (let r = 0; r < penaltyCount; r++) {
    s[r] += primal * ds[r];
    t[r] += primal * dt[r];
    zs[r] -= dual * dz[r];
    zt[r] += dual * dz[r];
  }
}
