/** What the last plan would cost more with a lower ceiling: the optimiser's own answer, of two plans. */
import { randomUUID } from "node:crypto";
import { isoTimeOf, type LowerCeilingResponse, type OptimalPlan, timeMsOf } from "@azru/contracts";
import { type MpcProblem, planOf } from "@azru/control";
import type { Refusal } from "./decision.ts";
import { problemOf, type Question } from "./mpc-request.ts";
import type { Optimiser } from "./optimiser.ts";

/** A plan, and what it was made for. */
export interface Planned {
  readonly plan: OptimalPlan;
  readonly question: Question;
}

export interface LowerCeilingOptions {
  readonly optimiser: Optimiser;
  /** The last plan; undefined before the first since the start. */
  readonly planned: () => Planned | undefined;
}

/** @param by_k how much lower the ceiling is, K */
export type AskLowerCeiling = (by_k: number) => Promise<LowerCeilingResponse | Refusal | undefined>;

/** Each question is put to the optimiser once a plan, however many ask; undefined while there is no plan. */
export function createLowerCeiling({ optimiser, planned }: LowerCeilingOptions): AskLowerCeiling {
  let planId: string | undefined;
  const asked = new Map<number, ReturnType<AskLowerCeiling>>();

  async function ask({ plan, question }: Planned, by_k: number): Promise<LowerCeilingResponse | Refusal> {
    const answer = await optimiser.plan(randomUUID(), lowered(question, by_k), new AbortController().signal);
    if (!("plan" in answer)) return answer;
    const problem = problemOf(question);
    const warmest = answer.plan.temperature.reduce((best, one, k, all) => (one > all[best] ? k : best), 0);
    return {
      plan_id: plan.id,
      start: plan.time[0],
      end: isoTimeOf(timeMsOf(plan.time[0]) + plan.time.length * plan.step_s * 1000),
      by: by_k,
      cost: cost_eur(problem, answer.plan) - cost_eur(problem, plan),
      warmest: { temperature: answer.plan.temperature[warmest], time: answer.plan.time[warmest] },
    };
  }

  return async (by_k) => {
    const now = planned();
    if (!now) return undefined;
    if (now.plan.id !== planId) asked.clear();
    planId = now.plan.id;
    const known = asked.get(by_k) ?? ask(now, by_k);
    asked.set(by_k, known);
    return known;
  };
}

/** The same with a lower ceiling, which stays above the least comfort. */
function lowered(question: Question, by_k: number): Question {
  const { min_c, max_c } = question.forecast;
  const lower_c = max_c.map((one_c, k) => Math.max(min_c[k], one_c - by_k));
  return { ...question, forecast: { ...question.forecast, max_c: lower_c } };
}

/** What a plan costs in the problem's model at its prices, less what the heat left is worth; discomfort costs nothing. */
function cost_eur(problem: MpcProblem, { valve_position }: OptimalPlan): number {
  const valve = Float64Array.from(valve_position, (percent) => percent / 100);
  const { objective_eur, discomfortBelow_kh } = planOf(problem, valve);
  return objective_eur - problem.weights.below_eur_kh * discomfortBelow_kh;
}
