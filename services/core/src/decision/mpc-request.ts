/** The question to the optimiser. */
import { isoTimeOf, type MpcRequest } from "@azru/contracts";
import { type MpcOptions, type MpcProblem, mpcProblem, packProblem } from "@azru/control";
import { heatingCop } from "@azru/simulation";
import type { HouseModel } from "../home/house-model.ts";
import type { HomeForecast } from "../outlook/home-forecast.ts";

/** What a plan is made for. */
export interface Question {
  readonly model: HouseModel;
  /** The house's state at the beginning of the first step. */
  readonly state: { readonly x_c: readonly number[] };
  readonly forecast: HomeForecast;
}

export interface RequestTimes {
  readonly startMs: number; // home time
  /** Wall time, because solving takes wall time also where the home's time runs faster. */
  readonly issuedMs: number;
  readonly timeout_ms: number;
}

/** One self-contained request. */
export function mpcRequest(
  id: string,
  problem: MpcProblem,
  { startMs, issuedMs, timeout_ms }: RequestTimes,
): MpcRequest {
  return {
    id,
    issued_at: isoTimeOf(issuedMs),
    deadline: isoTimeOf(issuedMs + timeout_ms),
    start: isoTimeOf(startMs),
    problem: packProblem(problem),
  };
}

/** The problem that a question puts to the optimiser. */
export function problemOf({ model, state, forecast }: Question): MpcProblem {
  const { building, planModels, maxPower_w } = model;
  const {
    disturbances,
    price_eur_kwh,
    colours,
    of = "air",
    min_c,
    max_c,
    margin_k,
    marginAbove_k,
  } = forecast;
  const options = {
    model: planModels[of],
    maxPower_w,
    cop: (theta_e_c) => heatingCop(building, theta_e_c),
    comfort: { min_c, max_c: max_c.every((one_c) => one_c === max_c[0]) ? max_c[0] : max_c },
    horizonSteps: price_eur_kwh.length,
  } satisfies MpcOptions;
  const ahead = {
    ...disturbances,
    price_eur_kwh,
    ...(colours && { colours }),
    ...(margin_k && { margin_k }),
    ...(marginAbove_k && { marginAbove_k }),
  };
  return mpcProblem(options, state, ahead);
}
