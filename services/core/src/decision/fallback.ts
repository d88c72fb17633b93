/** What decides when the optimiser does not: the last plan, the thermostat, or what holds the house unseen. */
import { type FallbackCause, timeMsOf } from "@azru/contracts";
import { homeMinute } from "@azru/runtime";
import type { Choice } from "./decision.ts";
import { followable, type KeptPlan } from "./kept-plan.ts";

/** What is left to decide by. */
export interface Remaining {
  readonly kept: KeptPlan | undefined;
  readonly nowMs: number; // home time
  /** When the comfort requests last changed, home time. */
  readonly comfortChangedMs: number;
  /** Undefined where nobody knows it. */
  readonly theta_air_c: number | undefined;
  /** Where the thermostat has the valve, 0 to 1; undefined where nobody knows the temperature. */
  readonly thermostatValve: number | undefined;
  /** The valve that holds the least comfort in steady state, 0 to 1. */
  readonly holdingValve: number;
}

/**
 * Decides without the optimiser. The last plan is followed as long as it reaches and the home does what it
 * expected; then the thermostat decides; and where nobody knows the temperature, the valve is left where it
 * holds the least comfort for the weather foreseen.
 *
 * @param why the optimiser did not decide, in words
 */
export function fallBack(fallback: FallbackCause, why: string, remaining: Remaining): Choice {
  const { kept, nowMs, theta_air_c, comfortChangedMs, thermostatValve, holdingValve } = remaining;
  const answer = followable(kept, nowMs, theta_air_c, comfortChangedMs);
  const failsafe = { source: "failsafe", fallback } as const;
  if (kept && "step" in answer) {
    const { id, time, valve_position } = kept.plan;
    const planFromMs = timeMsOf(time[0]);
    return {
      ...failsafe,
      instead: "plan",
      planFromMs,
      valve: valve_position[answer.step] / 100,
      planId: id,
      reason: `${why}: following the plan of ${homeMinute(planFromMs)}`,
    };
  }
  const noPlan = "why" in answer ? answer.why : "no plan yet";
  if (thermostatValve !== undefined) {
    const reason = `${why}, ${noPlan}: the thermostat decides`;
    return { ...failsafe, instead: "thermostat", valve: thermostatValve, reason };
  }
  return {
    ...failsafe,
    instead: "holding",
    valve: holdingValve,
    reason: `${why}, ${noPlan}: heating what holds the least comfort at the outdoor temperature foreseen`,
  };
}
