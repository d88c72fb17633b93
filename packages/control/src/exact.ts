/**
 * The heating problem solved exactly by a backward recursion, without a linear program.
 *
 * The state is one number, the mass temperature x, and all costs are convex and piecewise linear, so the cost
 * to go V_k(x) is too: a rising staircase of slopes. One step of the recursion, per unit of valve u,
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
import { comfortCeiling, type Drift, drift, planOf } from "./plan.ts";
import { at, heatCost_eur, InvalidProblemError, type MpcProblem, validateProblem } from "./problem.ts";

const equalSlopes_eur_k = 1e-12; // steps of V' lower than this are rounding,
const equal_c = 1e-10; // and so are pieces shorter than this
const margin_c = 1e-3; // so that V has a piece even where only one temperature can be reached

/** A rising staircase: `slopes[i]` holds between `breakpoints[i - 1]` and `breakpoints[i]`. */
interface Staircase {
  breakpoints: Float64Array;
  slopes: Float64Array;
  count: number; // of breakpoints; there is one slope more
}

/** Where the staircase reaches a slope: the least x with V'(x+) >= slope. */
function crossing({ breakpoints, slopes, count }: Staircase, slope: number): number {
  if (slopes[0]! >= slope) return Number.NEGATIVE_INFINITY;
  let below = 0;
  let above = count + 1;
  while (above - below > 1) {
    const middle = (below + above) >> 1;
    if (slopes[middle]! >= slope) above = middle;
    else below = middle;
  }
  return above > count ? Number.POSITIVE_INFINITY : breakpoints[above - 1]!;
}

/** Number of breakpoints below x, or below and at x. */
function countBelow({ breakpoints, count }: Staircase, x: number, orAt: boolean): number {
  let from = 0;
  let to = count;
  while (from < to) {
    const middle = (from + to) >> 1;
    const value = breakpoints[middle]!;
    if (value < x || (orAt && value === x)) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Adds a slope that holds from x on. */
function push(to: Staircase, x: number, slope: number): void {
  if (to.count < 0) {
    to.slopes[0] = slope;
    to.count = 0;
    return;
  }
  while (to.count > 0 && to.breakpoints[to.count - 1]! > x - equal_c) to.count--;
  if (slope <= to.slopes[to.count]! + equalSlopes_eur_k) return;
  if (to.count + 1 === to.slopes.length) {
    const room = 2 * to.slopes.length;
    const breakpoints = new Float64Array(room);
    const slopes = new Float64Array(room);
    breakpoints.set(to.breakpoints);
    slopes.set(to.slopes);
    to.breakpoints = breakpoints;
    to.slopes = slopes;
  }
  to.breakpoints[to.count] = x;
  to.slopes[++to.count] = slope;
}

/** Adds, for x in left..right, the slope gain * V'(scale x + shift) + offset. */
function pushPiece(
  to: Staircase,
  next: Staircase,
  left: number,
  right: number,
  scale: number,
  shift: number,
  gain: number,
  offset: number,
): void {
  if (!(left < right - equal_c)) return;
  if (gain === 0) {
    push(to, left, offset);
    return;
  }
  const { breakpoints, slopes, count } = next;
  const start = scale * left + shift;
  const end = scale * right + shift;
  if (scale > 0) {
    let i = countBelow(next, start, true);
    push(to, left, gain * slopes[i]! + offset);
    for (; i < count && breakpoints[i]! < end; i++)
      push(to, (breakpoints[i]! - shift) / scale, gain * slopes[i + 1]! + offset);
  } else {
    let i = countBelow(next, start, false);
    push(to, left, gain * slopes[i]! + offset);
    for (; i > 0 && breakpoints[i - 1]! > end; i--)
      push(to, (breakpoints[i - 1]! - shift) / scale, gain * slopes[i - 1]! + offset);
  }
}

/**
 * Adds, for x in left..right, the pieces on which the valve stays as it is and the mass goes to a x + shift:
 * too cold below `comfortable`, too warm above `tooWarm`.
 */
function pushSteady(
  to: Staircase,
  next: Staircase,
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

/** The recursion from the end of the horizon to its start: the targets of each step. */
function recursion(
  problem: MpcProblem,
  { mass_c, air_c }: Drift,
  ceiling: Float64Array,
  range: Range,
): Targets {
  const { model, comfort, weights, terminal } = problem;
  const { a, c } = model;
  const steps = problem.price_eur_kwh.length;
  const hours = model.dtSeconds / 3600;
  const cold = weights.below_eur_kh * hours; // EUR/K
  const warm = weights.above_eur_kh * hours; // EUR/K
  const targets = {
    cold: new Float64Array(steps).fill(Number.NEGATIVE_INFINITY),
    comfortable: new Float64Array(steps).fill(Number.NEGATIVE_INFINITY),
    warm: new Float64Array(steps).fill(Number.NEGATIVE_INFINITY),
  };

  const room = Math.max(64, terminal.slopes_eur_k.length);
  let next: Staircase = {
    breakpoints: new Float64Array(room),
    slopes: new Float64Array(room),
    count: terminal.breakpoints_c.length,
  };
  next.breakpoints.set(terminal.breakpoints_c);
  for (let i = 0; i <= next.count; i++) next.slopes[i] = -terminal.slopes_eur_k[i]!;
  let value: Staircase = { breakpoints: new Float64Array(room), slopes: new Float64Array(room), count: -1 };

  for (let k = steps - 1; k >= 0; k--) {
    const power = at(problem.maxPower_w, k);
    const B = model.bq * power;
    const D = model.dq * power;
    const p = heatCost_eur(problem, k);
    const m = mass_c[k]!;
    const min = at(comfort.min_c, k) - air_c[k]!;
    const max = ceiling[k]! - air_c[k]!;
    const low = range.low_c[k]!;
    const high = range.high_c[k]!;
    value.count = -1;

    // The valve is open below `full` and closed above `shut`.
    let full = Number.NEGATIVE_INFINITY;
    let shut = Number.NEGATIVE_INFINITY;
    if (power > 0) {
      const toCold = crossing(next, (D * cold - p) / B);
      const toComfortable = crossing(next, -p / B);
      const toWarm = crossing(next, -(D * warm + p) / B);
      targets.cold[k] = toCold;
      targets.comfortable[k] = toComfortable;
      targets.warm[k] = toWarm;
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
        const border = (target: number, air: number) => ((target - m) / B - air / D) / (a / B - c / D);
        const warmHeld = border(toWarm, max);
        const heldWarm = border(toComfortable, max);
        const heldCold = border(toComfortable, min);
        const coldHeld = border(toCold, min);
        const hold = (from: number, to: number, air: number) =>
          pushPiece(
            value,
            next,
            Math.max(left, from),
            Math.min(right, to),
            held,
            m + (B * air) / D,
            held,
            (-c * p) / D,
          );
        const go = (from: number, to: number, slope: number) => {
          const start = Math.max(left, from);
          if (start < Math.min(right, to) - equal_c) push(value, start, slope);
        };
        const slopeWarm = c * warm - (a * (D * warm + p)) / B;
        const slopeComfortable = (-a * p) / B;
        const slopeCold = -c * cold + (a * (D * cold - p)) / B;
        if (held > 0) {
          go(left, warmHeld, slopeWarm);
          hold(warmHeld, heldWarm, max);
          go(heldWarm, heldCold, slopeComfortable);
          hold(heldCold, coldHeld, min);
          go(coldHeld, right, slopeCold);
        } else {
          go(left, coldHeld, slopeCold);
          hold(coldHeld, heldCold, min);
          go(heldCold, heldWarm, slopeComfortable);
          hold(heldWarm, warmHeld, max);
          go(warmHeld, right, slopeWarm);
        }
      }
    }
    pushSteady(value, next, Math.max(shut, low), high, a, m, min / c, max / c, -c * cold, c * warm);
    const spare = next;
    next = value;
    value = spare;
  }
  return targets;
}

/**
 * Solves a heating problem exactly, in well under a millisecond for a day at 15 min; same optimum as `solveLp`.
 *
 * @throws InvalidProblemError naming the field that makes no sense, and where `model.a` is not positive: the
 *   step is then longer than the mass can follow
 */
export function solveExact(problem: MpcProblem): Plan {
  validateProblem(problem);
  const { a, bq, c, dq } = problem.model;
  if (!(a > 0)) throw new InvalidProblemError("model.a", a, "> 0 for the exact recursion");
  const steps = problem.price_eur_kwh.length;
  const drifts = drift(problem);
  const { mass_c, air_c } = drifts;
  const ceiling = comfortCeiling(problem, drifts);

  // From no heat to full heat: V is only needed where the mass can be.
  const low_c = new Float64Array(steps);
  const high_c = new Float64Array(steps);
  low_c[0] = problem.theta_m_c - margin_c;
  high_c[0] = problem.theta_m_c + margin_c;
  for (let k = 1; k < steps; k++) {
    low_c[k] = a * low_c[k - 1]! + mass_c[k - 1]!;
    high_c[k] = a * high_c[k - 1]! + mass_c[k - 1]! + bq * at(problem.maxPower_w, k - 1);
  }
  const targets = recursion(problem, drifts, ceiling, { low_c, high_c });

  const valve = new Float64Array(steps);
  let x = problem.theta_m_c;
  for (let k = 0; k < steps; k++) {
    const B = bq * at(problem.maxPower_w, k);
    const D = dq * at(problem.maxPower_w, k);
    const unheated = c * x + air_c[k]!;
    const left = a * x + mass_c[k]!;
    if (B > 0) {
      const u = optimum(
        (targets.warm[k]! - left) / B,
        (ceiling[k]! - unheated) / D,
        (targets.comfortable[k]! - left) / B,
        (at(problem.comfort.min_c, k) - unheated) / D,
        (targets.cold[k]! - left) / B,
      );
      valve[k] = Math.min(1, Math.max(0, u));
    }
    x = left + B * valve[k]!;
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
