/** How far a plan must look ahead so that a home left cold is warm again in time, at least cost. */
import type { AffineStep } from "@azru/physics";
import { holdingPower_w } from "../home/holding.ts";

export interface Heating {
  readonly model: AffineStep;
  readonly maxPower_w: number; // thermal
  readonly phi_int_w: number;
}

/**
 * Steps at full power that bring the walls from where they hold one air temperature to where they hold another.
 *
 * @param longest most steps that are counted
 */
export function reheatingSteps(
  { model, maxPower_w, phi_int_w }: Heating,
  from_c: number,
  to_c: number,
  theta_e_c: number,
  longest: number,
): number {
  const { a, bq, bo, bi } = model;
  const drift_c = bo * theta_e_c + bi * phi_int_w;
  const heldMass_c = (air_c: number) =>
    (bq * holdingPower_w(model, air_c, theta_e_c, phi_int_w) + drift_c) / (1 - a);
  const wanted_c = heldMass_c(to_c);
  let theta_m_c = heldMass_c(from_c);
  let steps = 0;
  while (theta_m_c < wanted_c && steps < longest) {
    theta_m_c = a * theta_m_c + bq * maxPower_w + drift_c;
    steps++;
  }
  return steps;
}

/** Notice of a rise, in times of what full power needs: the rest is free to choose the cheaper hours from. */
const freedom = 2;
/** Farthest rise of the setpoint that a plan is made for. */
const farthest_s = 72 * 3600;

/** Steps of the longest plan that `planSteps` may ask for. */
export function longestPlanSteps(horizonHours: number, stepMinutes: number): number {
  return Math.ceil(((farthest_s / 3600 + horizonHours) * 60) / stepMinutes);
}

/** Steps whose setpoints `planSteps` looks at. */
export function stepsInView(horizonSteps: number, { dtSeconds }: AffineStep): number {
  return Math.max(horizonSteps, Math.ceil(farthest_s / dtSeconds));
}

/**
 * Steps that a plan must have: the usual horizon, and a whole one beyond every rise of the setpoint that takes
 * longer to reach than the usual horizon lets choose from, as soon as that matters.
 *
 * @param setpoints_c of the `stepsInView` from now on
 * @param theta_e_c outdoor temperature to expect
 */
export function planSteps(
  heating: Heating,
  horizonSteps: number,
  setpoints_c: Float64Array,
  theta_e_c: number,
): number {
  let steps = horizonSteps;
  for (let k = 1; k < setpoints_c.length; k++) {
    if (!(setpoints_c[k] > setpoints_c[k - 1])) continue;
    const full = reheatingSteps(heating, setpoints_c[k - 1], setpoints_c[k], theta_e_c, setpoints_c.length);
    const notice = Math.min(freedom * full, setpoints_c.length);
    if (notice > horizonSteps && k <= notice) steps = k + horizonSteps;
  }
  return steps;
}
