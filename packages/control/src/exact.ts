/**
 * The heating problem solved exactly by a backward recursion, without a linear program.
 *
 * The state is one number, the mass temperature x, and all costs are convex and piecewise linear, so the cost
 * to go V_k(x) is too: a rising, piecewise constant slope. One step of the recursion, per unit of valve u,
 *
 *     V_k(x) = min_u  p u + discomfort(c x + r + D u) + V_{k+1}(a x + m + B u),   0 <= u <= 1
 *
 * has its optimum where p + D discomfort' + B V'_{k+1} changes sign: u either is at a bound, holds the air at
 * the floor or the ceiling of comfort, or takes the mass to one of three temperatures at which V'_{k+1}
 * crosses a fixed slope (one for each slope of discomfort: too cold, comfortable, too warm). On each such
 * piece V'_k(x) is an affine function of V'_{k+1} at an affine image of x, so a step costs a pass over the
 * breakpoints.
 */
import type { Plan } from "./controller.ts";
import {
  crossing,
  equal_c,
  give,
  giveAll,
  mean,
  type PiecewiseSlope,
  push,
  pushPiece,
  reserve,
  take,
} from "./piecewise-slope.ts";
import { comfortCeiling, type Drift, drift, planOf } from "./plan.ts";
import {
  at,
  disturbanceOutcomes,
  heatCost_eur,
  InvalidProblemError,
  largestOutcome,
  type MpcProblem,
  oneState,
  type PriceBranch,
  type PriceBranches,
  type Steps,
  validateProblem,
} from "./problem.ts";

const margin_c = 1e-3; // so that V has a piece even where only one temperature can be reached

/** The cost to go at the end of a step, and that at its start, which is written by it. */
interface CostsToGo {
  readonly next: PiecewiseSlope;
  readonly value: PiecewiseSlope;
}

/** Mass temperatures at the start of a step within which pieces are written. */
interface Within {
  readonly left: number;
  readonly right: number;
}

/** One step in the symbols of the formula above; `min` and `max` are what comfort leaves beside the air's drift r. */
interface StepTerms {
  readonly a: number;
  readonly c: number;
  readonly m: number;
  readonly B: number;
  readonly D: number;
  readonly p: number;
  readonly min: number;
  readonly max: number;
  readonly cold: number; // EUR/K below `min`
  readonly warm: number; // EUR/K above `max`
}

/** Adds the pieces on which the valve stays at u: too cold at first, then comfortable, then too warm. */
function pushSteady({ next, value }: CostsToGo, { left, right }: Within, step: StepTerms, u: 0 | 1): void {
  if (!(left < right)) return;
  const { a, c, D, min, max, cold, warm } = step;
  const from = Math.min(right, Math.max(left, (min - u * D) / c));
  const until = Math.min(right, Math.max(left, (max - u * D) / c));
  const shift = step.m + u * step.B;
  pushPiece(value, next, { left, right: from, scale: a, shift, gain: a, offset: -c * cold });
  pushPiece(value, next, { left: from, right: until, scale: a, shift, gain: a, offset: 0 });
  pushPiece(value, next, { left: until, right, scale: a, shift, gain: a, offset: c * warm });
}

/** Adds the pieces on which the valve is open in part: it holds the air, or takes the mass to one of its targets. */
function pushPartlyOpen(costs: CostsToGo, within: Within, step: StepTerms, target: Target): void {
  const { a, c, m, B, D, p, min, max, cold, warm } = step;
  const held = a - (c * B) / D; // of x to the mass temperature that holding the air leads to
  const bend = a / B - c / D;
  const meets = (target_c: number, limit: number) => ((target_c - m) / B - limit / D) / bend;
  const warmHeld = meets(target.warm, max);
  const heldWarm = meets(target.comfortable, max);
  const heldCold = meets(target.comfortable, min);
  const coldHeld = meets(target.cold, min);
  const flat = (from: number, until: number, slope: number) => {
    const start = Math.max(within.left, from);
    if (start < Math.min(within.right, until) - equal_c) push(costs.value, start, slope);
  };
  const hold = (from: number, until: number, limit: number) =>
    pushPiece(costs.value, costs.next, {
      left: Math.max(within.left, from),
      right: Math.min(within.right, until),
      scale: held,
      shift: m + (B * limit) / D,
      gain: held,
      offset: (-c * p) / D,
    });
  const slopeWarm = c * warm - (a * (D * warm + p)) / B;
  const slopeComfortable = (-a * p) / B;
  const slopeCold = -c * cold + (a * (D * cold - p)) / B;
  if (held > 0) {
    flat(within.left, warmHeld, slopeWarm);
    hold(warmHeld, heldWarm, max);
    flat(heldWarm, heldCold, slopeComfortable);
    hold(heldCold, coldHeld, min);
    flat(coldHeld, within.right, slopeCold);
  } else {
    flat(within.left, coldHeld, slopeCold);
    hold(coldHeld, heldCold, min);
    flat(heldCold, heldWarm, slopeComfortable);
    hold(heldWarm, warmHeld, max);
    flat(warmHeld, within.right, slopeWarm);
  }
}

/** Where a step takes the mass while the air is too cold, comfortable or too warm, degrees C. */
interface Target {
  readonly cold: number;
  readonly comfortable: number;
  readonly warm: number;
}

/** The targets of all steps. */
interface Targets {
  readonly cold: Float64Array;
  readonly comfortable: Float64Array;
  readonly warm: Float64Array;
}

/** The range of mass temperatures, at the start of each step, for which the cost to go is wanted. */
interface Range {
  readonly low_c: Float64Array;
  readonly high_c: Float64Array;
}

/** Goes back one step: from the cost to go at the end of step k to that at its start. */
type StepBack = (k: number, price_eur_kwh: number, costs: CostsToGo, targets: Targets | undefined) => void;

function stepBackOf(
  problem: MpcProblem,
  { state_c: mass_c, output_c: air_c }: Drift,
  ceiling: Float64Array,
  range: Range,
): StepBack {
  const { comfort, weights } = problem;
  const { a, bq, c, dq } = oneState(problem.model);
  const hours = problem.model.dtSeconds / 3600;
  return (k, price_eur_kwh, costs, targets) => {
    const power = at(problem.maxPower_w, k);
    const step: StepTerms = {
      a,
      c,
      m: mass_c[k],
      B: bq * power,
      D: dq * power,
      p: heatCost_eur(problem, k, price_eur_kwh),
      min: at(comfort.min_c, k) - air_c[k],
      max: ceiling[k] - air_c[k],
      cold: weights.below_eur_kh * hours,
      warm: weights.above_eur_kh * hours,
    };
    const low = range.low_c[k];
    const high = range.high_c[k];
    costs.value.count = -1;
    let shut = Number.NEGATIVE_INFINITY; // the valve is closed above it
    if (power > 0) {
      const target = targetOf(costs.next, step);
      if (targets) {
        targets.cold[k] = target.cold;
        targets.comfortable[k] = target.comfortable;
        targets.warm[k] = target.warm;
      }
      const full = valveStaysAt(1, step, target); // the valve is open below it
      shut = valveStaysAt(0, step, target);
      pushSteady(costs, { left: low, right: Math.min(full, high) }, step, 1);
      const within = { left: Math.max(full, low), right: Math.min(shut, high) };
      if (within.left < within.right) pushPartlyOpen(costs, within, step, target);
    }
    pushSteady(costs, { left: Math.max(shut, low), right: high }, step, 0);
  };
}

/** The temperatures of the mass at which the cost to go weighs as much as what a kelvin more of it costs. */
function targetOf(next: PiecewiseSlope, { B, D, p, cold, warm }: StepTerms): Target {
  return {
    cold: crossing(next, (D * cold - p) / B),
    comfortable: crossing(next, -p / B),
    warm: crossing(next, -(D * warm + p) / B),
  };
}

/** The mass temperature up to which the best valve is u at least, or from which on it is u at most. */
function valveStaysAt(u: 0 | 1, { a, c, m, B, D, min, max }: StepTerms, target: Target): number {
  const startOf = (target_c: number) => (target_c - m - u * B) / a;
  return optimum(
    { cold: startOf(target.cold), comfortable: startOf(target.comfortable), warm: startOf(target.warm) },
    { floor: (min - u * D) / c, ceiling: (max - u * D) / c },
  );
}

/**
 * The recursion from the end of the horizon to its start: the targets of each step.
 *
 * What turns out on the way makes the cost to go a mean: over the outcomes of a disturbance in the mass
 * temperature, over the colours where one is published. After the first colour the targets are those of the expected prices, for the plan that people see.
 */
function recursion(problem: MpcProblem, stepBack: StepBack, tolerance: number): Targets {
  const { terminal, surprise_k, colours } = problem;
  const steps = problem.price_eur_kwh.length;
  giveAll();
  const targets = {
    cold: new Float64Array(steps).fill(Number.NEGATIVE_INFINITY),
    comfortable: new Float64Array(steps).fill(Number.NEGATIVE_INFINITY),
    warm: new Float64Array(steps).fill(Number.NEGATIVE_INFINITY),
  };
  const end = take();
  reserve(end, terminal.slopes_eur_k.length);
  end.count = terminal.breakpoints_c.length;
  end.breakpoints.set(terminal.breakpoints_c);
  for (let i = 0; i <= end.count; i++) end.slopes[i] = -terminal.slopes_eur_k[i];

  /** The cost to go at step `from`, before its disturbance, given that after the last price, `last`. */
  const back = (from: number, prices: Steps, last: PiecewiseSlope, to?: Targets) => {
    let next = last;
    for (let k = from + prices.length - 1; k >= from; k--) {
      let value = take();
      stepBack(k, prices[k - from], { next, value }, to);
      if (next !== last) give(next);
      next = value;
      const sd_k = surprise_k?.[k] ?? 0;
      if (sd_k === 0) continue;
      value = take();
      const outcomes = disturbanceOutcomes.map(({ z, probability }) => ({
        value: next,
        probability,
        shift_c: -z * sd_k,
      }));
      mean(value, outcomes, tolerance);
      give(next);
      next = value;
    }
    return next;
  };

  const known = new Map<PriceBranch, PiecewiseSlope>(); // a branch may be reached on several ways
  const branched = ({ step, branches }: PriceBranches): PiecewiseSlope => {
    const outcomes = branches.map((branch) => {
      let value = known.get(branch);
      if (!value) {
        const { price_eur_kwh, after } = branch;
        value = back(step, price_eur_kwh, after ? branched(after) : end);
        known.set(branch, value);
      }
      return { value, probability: branch.probability, shift_c: 0 };
    });
    const value = take();
    mean(value, outcomes, tolerance);
    return value;
  };

  const price_eur_kwh = Float64Array.from(problem.price_eur_kwh);
  const first = colours?.step ?? steps;
  if (colours) back(first, price_eur_kwh.subarray(first), end, targets);
  back(0, price_eur_kwh.subarray(0, first), colours ? branched(colours) : end, targets);
  return targets;
}

/**
 * Solves a heating problem exactly, in well under a millisecond for a day at 15 min; same optimum as `solveLp` where
 * nothing may turn out otherwise.
 *
 * Where the problem has disturbances or colours to be published, the plan is the first stage of the stochastic
 * program over all their outcomes: whatever turns out, it is decided anew. Its temperatures and costs are those without disturbance, at the expected prices.
 *
 * @param tolerance part of a slope of the cost to go that may be neglected where outcomes are averaged; 0 is exact
 *   and takes long from the fourth disturbance on
 * @throws InvalidProblemError naming the field that makes no sense, and where the house has more than one state, and
 *   where `model.A` is not positive: the step is then longer than the mass can follow
 */
export function solveExact(problem: MpcProblem, tolerance = 0.01): Plan {
  validateProblem(problem);
  const { a, bq, c, dq } = oneState(problem.model);
  if (!(a > 0)) throw new InvalidProblemError("model.A[0]", a, "> 0 for the exact recursion");
  const steps = problem.price_eur_kwh.length;
  const drifts = drift(problem);
  const { state_c: mass_c, output_c: air_c } = drifts;
  const ceiling = comfortCeiling(problem, drifts);

  // From no heat to full heat: V is only needed where the mass can be.
  const low_c = new Float64Array(steps);
  const high_c = new Float64Array(steps);
  low_c[0] = problem.x_c[0] - margin_c;
  high_c[0] = problem.x_c[0] + margin_c;
  for (let k = 1; k < steps; k++) {
    const disturbance = largestOutcome * (problem.surprise_k?.[k] ?? 0);
    low_c[k] = a * low_c[k - 1] + mass_c[k - 1] - disturbance;
    high_c[k] = a * high_c[k - 1] + mass_c[k - 1] + bq * at(problem.maxPower_w, k - 1) + disturbance;
  }
  const targets = recursion(problem, stepBackOf(problem, drifts, ceiling, { low_c, high_c }), tolerance);

  const valve = new Float64Array(steps);
  let x = problem.x_c[0];
  for (let k = 0; k < steps; k++) {
    const B = bq * at(problem.maxPower_w, k);
    const D = dq * at(problem.maxPower_w, k);
    const unheated = c * x + air_c[k];
    const left = a * x + mass_c[k];
    if (B > 0) {
      const valveTo = (target_c: number) => (target_c - left) / B;
      const u = optimum(
        {
          cold: valveTo(targets.cold[k]),
          comfortable: valveTo(targets.comfortable[k]),
          warm: valveTo(targets.warm[k]),
        },
        { floor: (at(problem.comfort.min_c, k) - unheated) / D, ceiling: (ceiling[k] - unheated) / D },
      );
      valve[k] = Math.min(1, Math.max(0, u));
    }
    x = left + B * valve[k];
  }
  return planOf(problem, valve);
}

/**
 * Where the marginal cost of heat changes sign.
 *
 * @param throughout where it would if the air were too cold, comfortable or too warm all along
 * @param reached where the air reaches the floor and the ceiling of comfort
 */
function optimum(
  { cold, comfortable, warm }: Target,
  { floor, ceiling }: { readonly floor: number; readonly ceiling: number },
): number {
  return Math.min(Math.max(comfortable, Math.min(floor, cold)), Math.max(ceiling, warm));
}
