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

/**
 * Adds, for x in left..right, the pieces on which the valve stays as it is and the mass goes to a x + shift:
 * too cold below `comfortable`, too warm above `tooWarm`.
 */
function pushSteady(
  to: PiecewiseSlope,
  next: PiecewiseSlope,
  left: number,
  right: number,
  a: number,
  shift: number,
  comfortable: number,
  tooWarm: number,
  slopeCold: number,
  slopeWarm: number,
): void {
  if (!(left < right)) return;
  const from = Math.min(right, Math.max(left, comfortable));
  const until = Math.min(right, Math.max(left, tooWarm));
  pushPiece(to, next, left, from, a, shift, a, slopeCold);
  pushPiece(to, next, from, until, a, shift, a, 0);
  pushPiece(to, next, until, right, a, shift, a, slopeWarm);
}

/** Adds, for x in from..until as far as within left..right, a slope. */
function pushFlat(
  to: PiecewiseSlope,
  left: number,
  right: number,
  from: number,
  until: number,
  slope: number,
): void {
  const start = Math.max(left, from);
  if (start < Math.min(right, until) - equal_c) push(to, start, slope);
}

/** Adds, for x in from..until as far as within left..right, the piece on which the air is held. */
function pushHeld(
  to: PiecewiseSlope,
  next: PiecewiseSlope,
  left: number,
  right: number,
  from: number,
  until: number,
  scale: number,
  shift: number,
  slope: number,
): void {
  pushPiece(to, next, Math.max(left, from), Math.min(right, until), scale, shift, scale, slope);
}

/** Where a step takes the mass while the air is too cold, comfortable or too warm, degrees C. */
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

/** Goes back one step: from the cost to go at the end of step k to that at its start, written over `value`. */
type StepBack = (
  k: number,
  price_eur_kwh: number,
  next: PiecewiseSlope,
  value: PiecewiseSlope,
  targets: Targets | undefined,
) => void;

function stepBackOf(
  problem: MpcProblem,
  { state_c: mass_c, output_c: air_c }: Drift,
  ceiling: Float64Array,
  range: Range,
): StepBack {
  const { comfort, weights } = problem;
  const { a, bq, c, dq } = oneState(problem.model);
  const hours = problem.model.dtSeconds / 3600;
  const cold = weights.below_eur_kh * hours; // EUR/K
  const warm = weights.above_eur_kh * hours; // EUR/K
  return (k, price_eur_kwh, next, value, targets) => {
    const power = at(problem.maxPower_w, k);
    const B = bq * power;
    const D = dq * power;
    const p = heatCost_eur(problem, k, price_eur_kwh);
    const m = mass_c[k];
    const min = at(comfort.min_c, k) - air_c[k];
    const max = ceiling[k] - air_c[k];
    const low = range.low_c[k];
    const high = range.high_c[k];
    value.count = -1;

    // The valve is open below `full` and closed above `shut`.
    let full = Number.NEGATIVE_INFINITY;
    let shut = Number.NEGATIVE_INFINITY;
    if (power > 0) {
      const toCold = crossing(next, (D * cold - p) / B);
      const toComfortable = crossing(next, -p / B);
      const toWarm = crossing(next, -(D * warm + p) / B);
      if (targets) {
        targets.cold[k] = toCold;
        targets.comfortable[k] = toComfortable;
        targets.warm[k] = toWarm;
      }
      full = optimum(
        (toWarm - m - B) / a,
        (max - D) / c,
        (toComfortable - m - B) / a,
        (min - D) / c,
        (toCold - m - B) / a,
      );
      shut = optimum((toWarm - m) / a, max / c, (toComfortable - m) / a, min / c, (toCold - m) / a);
      pushSteady(
        value,
        next,
        low,
        Math.min(full, high),
        a,
        m + B,
        (min - D) / c,
        (max - D) / c,
        -c * cold,
        c * warm,
      );

      const left = Math.max(full, low);
      const right = Math.min(shut, high);
      if (left < right) {
        const held = a - (c * B) / D; // of x to the mass temperature that holding the air leads to
        const bend = a / B - c / D;
        const warmHeld = ((toWarm - m) / B - max / D) / bend;
        const heldWarm = ((toComfortable - m) / B - max / D) / bend;
        const heldCold = ((toComfortable - m) / B - min / D) / bend;
        const coldHeld = ((toCold - m) / B - min / D) / bend;
        const atCeiling_c = m + (B * max) / D;
        const atFloor_c = m + (B * min) / D;
        const slopeHeld = (-c * p) / D;
        const slopeWarm = c * warm - (a * (D * warm + p)) / B;
        const slopeComfortable = (-a * p) / B;
        const slopeCold = -c * cold + (a * (D * cold - p)) / B;
        if (held > 0) {
          pushFlat(value, left, right, left, warmHeld, slopeWarm);
          pushHeld(value, next, left, right, warmHeld, heldWarm, held, atCeiling_c, slopeHeld);
          pushFlat(value, left, right, heldWarm, heldCold, slopeComfortable);
          pushHeld(value, next, left, right, heldCold, coldHeld, held, atFloor_c, slopeHeld);
          pushFlat(value, left, right, coldHeld, right, slopeCold);
        } else {
          pushFlat(value, left, right, left, coldHeld, slopeCold);
          pushHeld(value, next, left, right, coldHeld, heldCold, held, atFloor_c, slopeHeld);
          pushFlat(value, left, right, heldCold, heldWarm, slopeComfortable);
          pushHeld(value, next, left, right, heldWarm, warmHeld, held, atCeiling_c, slopeHeld);
          pushFlat(value, left, right, warmHeld, right, slopeWarm);
        }
      }
    }
    pushSteady(value, next, Math.max(shut, low), high, a, m, min / c, max / c, -c * cold, c * warm);
  };
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

  /** The cost to go at step `from`, before its disturbance, given that at step `until` after its own. */
  const back = (
    from: number,
    until: number,
    prices: Steps,
    first: number,
    last: PiecewiseSlope,
    to?: Targets,
  ) => {
    let next = last;
    for (let k = until - 1; k >= from; k--) {
      let value = take();
      stepBack(k, prices[k - first], next, value, to);
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
        value = back(step, step + price_eur_kwh.length, price_eur_kwh, step, after ? branched(after) : end);
        known.set(branch, value);
      }
      return { value, probability: branch.probability, shift_c: 0 };
    });
    const value = take();
    mean(value, outcomes, tolerance);
    return value;
  };

  const first = colours?.step ?? steps;
  if (colours) back(first, steps, problem.price_eur_kwh, 0, end, targets);
  back(0, first, problem.price_eur_kwh, 0, colours ? branched(colours) : end, targets);
  return targets;
}

/**
 * Solves a heating problem exactly, in well under a millisecond for a day at 15 min; same optimum as `solveLp` where
 * nothing may turn out otherwise.
 *
 * Where the problem has disturbances or colours to be published, the plan is the first stage of the stochastic
 * program over all their outcomes: whatever turns out, it is decided anew, and the plan is the best to have begun
 * with. Its temperatures and costs are those without disturbance, at the expected prices.
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
      const u = optimum(
        (targets.warm[k] - left) / B,
        (ceiling[k] - unheated) / D,
        (targets.comfortable[k] - left) / B,
        (at(problem.comfort.min_c, k) - unheated) / D,
        (targets.cold[k] - left) / B,
      );
      valve[k] = Math.min(1, Math.max(0, u));
    }
    x = left + B * valve[k];
  }
  return planOf(problem, valve);
}

/**
 * Where the marginal cost of heat changes sign, given where it would if the air were too warm, comfortable
 * or too cold throughout, and where the air reaches the ceiling and the floor of comfort.
 */
function optimum(warm: number, ceiling: number, comfortable: number, floor: number, cold: number): number {
  return Math.min(Math.max(comfortable, Math.min(floor, cold)), Math.max(ceiling, warm));
}
