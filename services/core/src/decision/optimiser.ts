/** Asks the optimiser for a plan; everything that can go wrong is an answer. */
import type { ComfortTemperature, MpcPlan, MpcRequest, OptimalPlan } from "@azru/contracts";
import { planOf, unpackProblem } from "@azru/control";
import { InvalidAnswerError, RequestNotSentError, RequestTimeoutError } from "@azru/messaging";
import type { HomeForecast } from "../outlook/home-forecast.ts";
import { type Ask, NoWorkerError } from "./ask.ts";
import type { Refusal } from "./decision.ts";
import { mpcRequest, problemOf, type Question } from "./mpc-request.ts";
import { refusalOf } from "./plan-check.ts";

export interface OptimiserOptions {
  /** Wall time that an answer may take. */
  readonly timeout_ms: number;
  readonly wallNow: () => number;
  readonly ask: Ask;
}

type Answer = ({ readonly plan: OptimalPlan } | Refusal) & { readonly roundTrip_ms: number };

export interface Optimiser {
  /** Asks for a plan. What goes wrong is an answer too; only an abort rejects, with the signal's reason. */
  plan(id: string, question: Question, signal: AbortSignal): Promise<Answer>;
}

export function createOptimiser(options: OptimiserOptions): Optimiser {
  const { timeout_ms, wallNow, ask } = options;

  async function outcome(
    request: MpcRequest,
    asked: Pick<HomeForecast, "min_c" | "max_c">,
    signal: AbortSignal,
  ): Promise<{ readonly plan: OptimalPlan } | Refusal> {
    let plan: MpcPlan;
    try {
      plan = await ask(request, { timeout_ms, signal });
    } catch (error) {
      signal.throwIfAborted();
      return failureOf(error, timeout_ms);
    }
    if (plan.status === "failed") {
      return { cause: "mpc_failed", why: `the optimiser failed: ${plan.error}` };
    }
    const mismatch = mismatchOf(plan, request);
    if (mismatch !== undefined) return { cause: "bad_plan", why: `unusable plan: ${mismatch}` };
    return refusalOf(plan, unpackProblem(request.problem), asked) ?? { plan };
  }

  return {
    async plan(id, question, signal) {
      const issuedMs = wallNow();
      const answer = await outcome(requestOf(id, question, issuedMs, timeout_ms), question.forecast, signal);
      const roundTrip_ms = wallNow() - issuedMs;
      if (!("plan" in answer)) return { ...answer, roundTrip_ms };
      const judged = againstSetpoints(answer.plan, question.forecast.min_c);
      return { plan: withTemperatures(judged, question), roundTrip_ms };
    },
  };
}

function requestOf(id: string, question: Question, issuedMs: number, timeout_ms: number): MpcRequest {
  const { startMs } = question.forecast;
  return mpcRequest(id, problemOf(question), { startMs, issuedMs, timeout_ms });
}

/** The plan as people judge it: by the setpoints, not by the distance kept from them. */
function againstSetpoints(plan: OptimalPlan, min_c: Float64Array): OptimalPlan {
  const below_k = plan.temperature.reduce((sum, theta_c, k) => sum + Math.max(0, min_c[k] - theta_c), 0);
  return { ...plan, discomfort_below: (below_k * plan.step_s) / 3600 };
}

/** The plan with the temperatures of the air and of air and surfaces together; the optimiser knows the one that was asked. */
function withTemperatures(plan: OptimalPlan, question: Question): OptimalPlan {
  const valve = Float64Array.from(plan.valve_position, (position) => position / 100);
  const expected = (of: ComfortTemperature) => {
    const forecast = { ...question.forecast, of };
    return [...planOf(problemOf({ ...question, forecast }), valve).theta_air_c];
  };
  return question.forecast.of === "operative"
    ? { ...plan, temperature: expected("air"), operative_temperature: plan.temperature }
    : { ...plan, operative_temperature: expected("operative") };
}

function failureOf(error: unknown, timeout_ms: number): Refusal {
  if (error instanceof RequestTimeoutError) {
    return { cause: "mpc_timeout", why: `the optimiser did not answer within ${timeout_ms / 1000} s` };
  }
  if (error instanceof InvalidAnswerError) {
    return { cause: "bad_plan", why: `the optimiser's answer is none: ${error.message}` };
  }
  if (error instanceof NoWorkerError) return { cause: "mpc_offline", why: error.message };
  if (error instanceof RequestNotSentError) return { cause: "broker_away", why: "the broker is away" };
  const message = error instanceof Error ? error.message : String(error);
  return { cause: "error", why: `the optimiser could not be asked: ${message}` };
}

/** How a plan, valid in itself, does not answer what was asked. */
function mismatchOf(plan: OptimalPlan, { start, problem }: MpcRequest): string | undefined {
  const { time, step_s } = plan;
  const steps = problem.price_eur_kwh.length;
  if (time.length !== steps) return `it has ${time.length} steps, ${steps} were asked for`;
  if (step_s !== problem.model.dtSeconds) return `its step is ${step_s} s, not ${problem.model.dtSeconds} s`;
  if (time[0] !== start) return `it begins at ${time[0]}, not at ${start}`;
  return undefined;
}
