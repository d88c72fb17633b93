/** The last plan, which is followed while no new one comes. */
import { isoTimeOf, type OptimalPlan, type PlanResponse, timeMsOf } from "@azru/contracts";
import { homeMinute } from "@azru/runtime";

export interface KeptPlan {
  readonly requestedMs: number; // home time
  readonly plan: OptimalPlan;
}

/** How far the air may be from what a plan expected before the plan is no longer followed, K. */
const largestDeparture_k = 1.5;

/** Index of the plan's step in which an instant lies; undefined before and after the plan. */
export function planStepAt({ time, step_s }: OptimalPlan, nowMs: number): number | undefined {
  const k = Math.floor((nowMs - timeMsOf(time[0])) / (step_s * 1000));
  return k >= 0 && k < time.length ? k : undefined;
}

/** A step that may be followed, or why there is none. */
export type Followable = { readonly step: number } | { readonly why: string };

/**
 * Whether a kept plan can still be followed.
 *
 * @param theta_air_c undefined where nobody knows it; the plan is then followed unseen
 * @param comfortChangedMs when the comfort requests last changed
 */
export function followable(
  kept: KeptPlan | undefined,
  nowMs: number,
  theta_air_c: number | undefined,
  comfortChangedMs: number,
): Followable {
  if (!kept) return { why: "no plan yet" };
  if (kept.requestedMs <= comfortChangedMs) return { why: "the last plan was made for another comfort" };
  const step = planStepAt(kept.plan, nowMs);
  if (step === undefined) {
    return { why: `the last plan does not reach from ${homeMinute(timeMsOf(kept.plan.time[0]))} to now` };
  }
  if (theta_air_c === undefined) return { step };
  const expected_c = kept.plan.temperature[step];
  if (Math.abs(theta_air_c - expected_c) <= largestDeparture_k) return { step };
  return { why: `the last plan expected ${expected_c.toFixed(1)} degrees, it is ${theta_air_c.toFixed(1)}` };
}

/** Why a step of a plan is followed. */
export function planReason(
  { temperature, energy_cost }: OptimalPlan,
  step: number,
  backOff_k: number,
): string {
  const distance = backOff_k > 0 ? `${backOff_k.toFixed(2)} K kept from the floor, ` : "";
  return `optimal plan: ${temperature[step].toFixed(1)} degrees expected, ${distance}${energy_cost.toFixed(2)} EUR over the horizon`;
}

/** A plan as `GET /plan` publishes it. */
export function planResponse({ requestedMs, plan }: KeptPlan): PlanResponse {
  return { requested_at: isoTimeOf(requestedMs), plan };
}
