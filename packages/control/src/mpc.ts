/** The model predictive controller: at every step it solves the horizon ahead and applies the first valve. */
import type { StateSpace } from "@azru/house";
import type { Controller, Forecast, Observation } from "./controller.ts";
import { solveLp } from "./lp.ts";
import type { Solver } from "./plan.ts";
import {
  at,
  type ComfortBand,
  type ComfortWeights,
  InvalidProblemError,
  type MpcProblem,
} from "./problem.ts";
import { linearTerminal, type TerminalRule } from "./terminal.ts";

export interface MpcOptions {
  readonly model: StateSpace;
  readonly maxPower_w: number; // thermal
  /** Heat per electricity at an outdoor temperature; 1 by default, direct electric heating. */
  readonly cop?: (theta_e_c: number) => number;
  /** 24 h by default. */
  readonly horizonSteps?: number;
  /** 19 to 28 degrees C by default. */
  readonly comfort?: ComfortBand;
  /** 10 EUR/K h below and 20 above by default. */
  readonly weights?: ComfortWeights;
  readonly terminal?: TerminalRule;
  /** What to be ready for, of a forecast that errs, see `MpcProblem.surprise_k`; nothing by default. */
  readonly surprise_k?: (model: StateSpace, phi_sol_w: Float64Array) => Float64Array;
  readonly solver?: Solver;
}

/**
 * Discomfort weighs more than heat ever could save. A tenth of this below the band suffices where heat reaches
 * the room soon, but with thermally active slabs (TABS) cold hours would be bought.
 */
const defaultComfort: ComfortBand = { min_c: 19, max_c: 28 };
/** Prices of discomfort where none are given. */
export const defaultWeights: ComfortWeights = { below_eur_kh: 10, above_eur_kh: 20 };

/** Steps of a day, the default horizon. */
function dayOf({ dtSeconds }: StateSpace): number {
  return Math.round(86_400 / dtSeconds);
}

/**
 * The problem to be solved at one moment: the options, what is seen and what is foreseen, cut to the horizon.
 *
 * @throws InvalidProblemError naming the field when the forecast has another step than the model or is shorter
 *   than the horizon
 */
export function mpcProblem(
  options: MpcOptions,
  { x_c }: Pick<Observation, "x_c">,
  forecast: Forecast,
): MpcProblem {
  const {
    model,
    maxPower_w,
    cop = () => 1,
    horizonSteps = dayOf(model),
    comfort = defaultComfort,
    weights = defaultWeights,
    terminal = linearTerminal(),
    surprise_k,
  } = options;
  if (forecast.dtSeconds !== model.dtSeconds)
    throw new InvalidProblemError("forecast.dtSeconds", forecast.dtSeconds, `${model.dtSeconds}`);
  const ahead = (field: "theta_e_c" | "phi_sol_w" | "phi_int_w" | "price_eur_kwh" | "min_c" | "max_c") => {
    const { length } = forecast[field]!;
    if (length < horizonSteps)
      throw new InvalidProblemError(`forecast.${field}.length`, length, `>= ${horizonSteps}, the horizon`);
    return forecast[field]!.subarray(0, horizonSteps);
  };
  const theta_e_c = ahead("theta_e_c");
  const band = {
    min_c: forecast.min_c ? ahead("min_c") : comfort.min_c,
    max_c: forecast.max_c ? ahead("max_c") : comfort.max_c,
  };
  const phi_sol_w = ahead("phi_sol_w");
  const given = {
    model,
    x_c,
    maxPower_w,
    cop: theta_e_c.map(cop),
    theta_e_c,
    phi_sol_w,
    phi_int_w: ahead("phi_int_w"),
    price_eur_kwh: ahead("price_eur_kwh"),
    comfort: withMargins(band, forecast, horizonSteps),
    weights,
    ...(forecast.colours && { colours: forecast.colours }),
    ...(surprise_k && { surprise_k: surprise_k(model, phi_sol_w) }),
  };
  return { ...given, terminal: terminal(given) };
}

/** The band with its floor raised, nowhere above its ceiling, and its ceiling lowered, nowhere below that floor. */
function withMargins(
  comfort: ComfortBand,
  { margin_k, marginAbove_k }: Pick<Forecast, "margin_k" | "marginAbove_k">,
  steps: number,
): ComfortBand {
  if (!margin_k && !marginAbove_k) return comfort;
  const min_c = Float64Array.from({ length: steps }, (_, k) =>
    Math.min(at(comfort.max_c, k), at(comfort.min_c, k) + (margin_k?.[k] ?? 0)),
  );
  if (!marginAbove_k) return { min_c, max_c: comfort.max_c };
  const max_c = min_c.map((floor_c, k) => Math.max(floor_c, at(comfort.max_c, k) - (marginAbove_k[k] ?? 0)));
  return { min_c, max_c };
}

/**
 * A controller that plans `horizonSteps` ahead with the given linear model and solver.
 *
 * Its `decide` throws `InvalidProblemError` naming the field when the forecast has another step than the
 * model, is shorter than the horizon, or holds a value that makes no sense.
 */
export function mpcController(options: MpcOptions): Controller {
  const { model, horizonSteps = dayOf(model), solver = solveLp } = options;
  if (!(Number.isInteger(horizonSteps) && horizonSteps >= 1))
    throw new InvalidProblemError("horizonSteps", horizonSteps, "a whole number >= 1");
  return {
    name: "mpc",
    horizonSteps,
    decide(observation, forecast) {
      const plan = solver(mpcProblem(options, observation, forecast));
      return { valve: plan.valve[0], plan };
    },
  };
}
