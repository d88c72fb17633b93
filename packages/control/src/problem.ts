/** The heating problem of one zone over one horizon: plain numbers, so that it can travel as JSON. */
import type { StateSpace } from "@azru/house";
import type { PriceBranch, PriceBranches } from "@azru/tariff";

export type { PriceBranch, PriceBranches };

/** One number a step. */
export type Steps = Float64Array | readonly number[];

/**
 * What the heat left in the house is worth when the horizon ends: a concave, piecewise linear function of one
 * temperature, zero at the first breakpoint. That temperature is the state of a house of one state (its mass), and
 * the mean of the states by `weights` otherwise.
 */
export interface TerminalValue {
  /** Of each state in the temperature that is valued, summing to 1; [1] when absent. */
  readonly weights?: Steps;
  /** Temperatures at which the slope changes, rising, degrees C; at least one. */
  readonly breakpoints_c: Steps;
  /** Slope below the first breakpoint, then one above each; never rising, EUR/K. */
  readonly slopes_eur_k: Steps;
}

/** The largest outcome of a disturbance, in standard deviations. */
export const largestOutcome = Math.sqrt(3);

/**
 * What a disturbance of one standard deviation may come to: a normal variable as three numbers of the same moments up to
 * the fifth (Gauss-Hermite).
 */
export const disturbanceOutcomes = [
  { z: -largestOutcome, probability: 1 / 6 },
  { z: 0, probability: 2 / 3 },
  { z: largestOutcome, probability: 1 / 6 },
] as const;

export interface ComfortBand {
  readonly min_c: Steps | number;
  readonly max_c: Steps | number;
}

export interface ComfortWeights {
  readonly below_eur_kh: number;
  readonly above_eur_kh: number;
}

/**
 * Heats at least cost: choose the valve u[k] in 0..1 of each step, phi_HC[k] = u[k] maxPower[k], to minimise
 *
 *     sum_k price[k] phi_HC[k] / cop[k] h / 1000                      electricity, EUR
 *     + h sum_k (below (min[k] - y[k])+ + above (y[k] - ceiling[k])+)
 *     - terminal(x[N])
 *
 * with h the step in hours, x the model's states and y its output. The ceiling is `max_c`, or what sun and
 * the least heating for comfort bring about where that is warmer (see `comfortCeiling`). Always feasible.
 *
 * The horizon is the length of `price_eur_kwh`; other arrays have that length, and a plain number stands
 * for the same value at every step.
 */
export interface MpcProblem {
  readonly model: StateSpace;
  readonly x_c: Steps; // states of the model now
  readonly maxPower_w: Steps | number; // thermal, at full valve
  readonly cop: Steps | number; // heat per electricity; 1 for direct electric heating
  readonly theta_e_c: Steps; // outdoor air
  readonly phi_sol_w: Steps; // solar gains
  readonly phi_int_w: Steps; // internal gains
  readonly price_eur_kwh: Steps;
  readonly comfort: ComfortBand;
  readonly weights: ComfortWeights;
  readonly terminal: TerminalValue;
  /**
   * By how much the states will be warmer or colder than planned when a step begins, K: n values a step, what one
   * standard deviation of a normal disturbance moves each of them by. It is seen before the step is decided. None when
   * absent.
   */
  readonly surprise_k?: Steps;
  /** Prices that are not published yet; `price_eur_kwh` has their expectation. */
  readonly colours?: PriceBranches;
}

/** A problem that cannot be solved because one of its fields makes no sense. */
export class InvalidProblemError extends Error {
  override readonly name = "InvalidProblemError";
  readonly field: string;
  readonly value: unknown;

  constructor(field: string, value: unknown, expected: string) {
    super(`${field} must be ${expected}, got ${String(value)}`);
    this.field = field;
    this.value = value;
  }
}

/** The value of a field at a step. */
export function at(field: Steps | number, k: number): number {
  return typeof field === "number" ? field : field[k];
}

/** Coefficients of a house of one state, by the names of `AffineStep`. */
export interface OneState {
  readonly a: number;
  readonly bq: number;
  readonly c: number;
  readonly dq: number;
}

/**
 * The model of a problem whose solver takes one state only.
 *
 * @throws InvalidProblemError when the house has more states
 */
export function oneState({ A, b, c, D }: StateSpace): OneState {
  if (b.length !== 1) throw new InvalidProblemError("model.b.length", b.length, "1 for this solver");
  return { a: A[0], bq: b[0], c: c[0], dq: D };
}

// Free heat is still not wasted. Less than this, and near-ties make the simplex pivot on tiny elements.
const tieBreak_eur_kwh = 1e-7;

/** What a fully open valve costs in a step at a price, EUR, for the solvers: with a hair more, to break ties. */
export function heatCost_eur(
  { model, maxPower_w, cop }: Pick<MpcProblem, "model" | "maxPower_w" | "cop">,
  k: number,
  price_eur_kwh: number,
): number {
  const heat_kwh = (at(maxPower_w, k) * model.dtSeconds) / 3.6e6;
  return (price_eur_kwh / at(cop, k) + tieBreak_eur_kwh) * heat_kwh;
}

/**
 * Checks every field of a problem.
 *
 * @throws InvalidProblemError naming the first field (and index) that is not finite, has the wrong length
 *   or is out of range
 */
export function validateProblem(problem: MpcProblem): void {
  const { model, weights, terminal, comfort } = problem;
  const steps = problem.price_eur_kwh.length;
  if (steps < 1) throw new InvalidProblemError("price_eur_kwh.length", steps, ">= 1 step");

  const n = validateModel(model);
  eachStep("x_c", problem.x_c, n, finite, "the states of the model");
  eachStep("maxPower_w", problem.maxPower_w, steps, nonNegative);
  eachStep("cop", problem.cop, steps, positive);
  eachStep("theta_e_c", problem.theta_e_c, steps, finite);
  eachStep("phi_sol_w", problem.phi_sol_w, steps, finite);
  eachStep("phi_int_w", problem.phi_int_w, steps, finite);
  eachStep("price_eur_kwh", problem.price_eur_kwh, steps, finite);
  eachStep("comfort.min_c", comfort.min_c, steps, finite);
  eachStep("comfort.max_c", comfort.max_c, steps, finite);
  for (let k = 0; k < steps; k++) {
    const min = at(comfort.min_c, k);
    if (min > at(comfort.max_c, k))
      throw new InvalidProblemError(`comfort.min_c[${k}]`, min, `<= comfort.max_c (${at(comfort.max_c, k)})`);
  }
  nonNegative("weights.below_eur_kh", weights.below_eur_kh);
  nonNegative("weights.above_eur_kh", weights.above_eur_kh);
  validateTerminal(terminal, n);
  if (problem.surprise_k !== undefined)
    eachStep(
      "surprise_k",
      problem.surprise_k,
      n * steps,
      n === 1 ? nonNegative : finite,
      "one a step and state",
    );
  if (problem.colours !== undefined) validateColours("colours", problem.colours, 0, steps);
}

const largestOrder = 4;

/** @returns how many states the model has */
function validateModel(model: StateSpace): number {
  positive("model.dtSeconds", model.dtSeconds);
  const n = model.b.length;
  if (!(n >= 1 && n <= largestOrder))
    throw new InvalidProblemError("model.b.length", n, `1 to ${largestOrder}, the states of the house`);
  for (const [field, length] of [
    ["A", n * n],
    ["b", n],
    ["E", 3 * n],
    ["c", n],
    ["F", 3],
  ] as const)
    eachStep(`model.${field}`, model[field], length, finite, `as fits ${n} states`);
  nonNegative("model.D", model.D);
  if (n === 1) {
    const { b, c, D } = model; // heat warms a mass, and both warm the room
    for (const [field, value] of [
      ["b[0]", b[0]],
      ["c[0]", c[0]],
      ["D", D],
    ] as const)
      positive(`model.${field}`, value);
  }
  return n;
}

function validateColours(
  field: string,
  { step, branches }: PriceBranches,
  from: number,
  steps: number,
): void {
  if (!(Number.isInteger(step) && step >= from && step < steps))
    throw new InvalidProblemError(`${field}.step`, step, `a whole number within ${from}..${steps - 1}`);
  let sum = 0;
  for (const [i, { probability, price_eur_kwh, after }] of branches.entries()) {
    const name = `${field}.branches[${i}]`;
    nonNegative(`${name}.probability`, probability);
    sum += probability;
    const until = after?.step ?? steps;
    eachStep(`${name}.price_eur_kwh`, price_eur_kwh, until - step, finite);
    if (after) validateColours(`${name}.after`, after, step + 1, steps);
  }
  if (Math.abs(sum - 1) > 1e-9)
    throw new InvalidProblemError(`${field}.branches`, sum, "probabilities that sum to 1");
}

function validateTerminal({ weights, breakpoints_c, slopes_eur_k }: TerminalValue, states: number): void {
  if (weights !== undefined)
    eachStep("terminal.weights", weights, states, nonNegative, "the states of the model");
  else if (states !== 1)
    throw new InvalidProblemError("terminal.weights", weights, `${states} values, the states of the model`);
  const n = breakpoints_c.length;
  if (n < 1) throw new InvalidProblemError("terminal.breakpoints_c.length", n, ">= 1");
  eachStep("terminal.breakpoints_c", breakpoints_c, n, finite);
  eachStep("terminal.slopes_eur_k", slopes_eur_k, n + 1, finite);
  for (let i = 1; i <= n; i++) {
    if (i < n && !(breakpoints_c[i] > breakpoints_c[i - 1]))
      throw new InvalidProblemError(
        `terminal.breakpoints_c[${i}]`,
        breakpoints_c[i],
        `> ${breakpoints_c[i - 1]}`,
      );
    if (slopes_eur_k[i] > slopes_eur_k[i - 1])
      throw new InvalidProblemError(
        `terminal.slopes_eur_k[${i}]`,
        slopes_eur_k[i],
        `<= ${slopes_eur_k[i - 1]}`,
      );
  }
}

type Check = (field: string, value: number) => void;

function eachStep(
  field: string,
  values: Steps | number,
  steps: number,
  check: Check,
  what = "the horizon",
): void {
  if (typeof values === "number") {
    check(field, values);
    return;
  }
  if (values.length !== steps)
    throw new InvalidProblemError(`${field}.length`, values.length, `${steps}, ${what}`);
  for (let k = 0; k < steps; k++) check(`${field}[${k}]`, values[k]);
}

const finite: Check = (field, value) => {
  if (!Number.isFinite(value)) throw new InvalidProblemError(field, value, "a finite number");
};

const nonNegative: Check = (field, value) => {
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) throw new InvalidProblemError(field, value, ">= 0");
};

const positive: Check = (field, value) => {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) throw new InvalidProblemError(field, value, "> 0");
};
