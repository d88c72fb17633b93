/** Piecewise constant slopes, of which the exact recursion is made: where they cross, pieces of them, means of them. */

const equalSlopes_eur_k = 1e-12; // steps of V' lower than this are rounding,
export const equal_c = 1e-10; // and so are pieces shorter than this
const smallSlope_eur_k = 0.3; // of the worth of a kelvin of heat in a light home

/** The slope V' of a convex, piecewise linear function of the mass temperature, EUR/K: `slopes[i]` holds between `breakpoints[i - 1]` and `breakpoints[i]`. */
export interface PiecewiseSlope {
  breakpoints: Float64Array;
  slopes: Float64Array;
  count: number; // of breakpoints; there is one slope more
}

/** Where it reaches a slope: the least x with V'(x+) >= slope. */
export function crossing({ breakpoints, slopes, count }: PiecewiseSlope, slope: number): number {
  if (slopes[0] >= slope) return Number.NEGATIVE_INFINITY;
  let below = 0;
  let above = count + 1;
  while (above - below > 1) {
    const middle = (below + above) >> 1;
    if (slopes[middle] >= slope) above = middle;
    else below = middle;
  }
  return above > count ? Number.POSITIVE_INFINITY : breakpoints[above - 1];
}

/** Number of breakpoints below x, or below and at x. */
function countBelow({ breakpoints, count }: PiecewiseSlope, x: number, orAt: boolean): number {
  let from = 0;
  let to = count;
  while (from < to) {
    const middle = (from + to) >> 1;
    const value = breakpoints[middle];
    if (value < x || (orAt && value === x)) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Adds a slope that holds from x on. */
export function push(to: PiecewiseSlope, x: number, slope: number): void {
  if (to.count < 0) {
    to.slopes[0] = slope;
    to.count = 0;
    return;
  }
  while (to.count > 0 && to.breakpoints[to.count - 1] > x - equal_c) to.count--;
  if (slope <= to.slopes[to.count] + equalSlopes_eur_k) return;
  if (to.count + 1 === to.slopes.length) reserve(to, 2 * to.slopes.length);
  to.breakpoints[to.count] = x;
  to.slopes[++to.count] = slope;
}

/** For x in left..right, the slope gain * V'(scale x + shift) + offset. */
export interface Piece {
  readonly left: number;
  readonly right: number;
  readonly scale: number;
  readonly shift: number;
  readonly gain: number;
  readonly offset: number;
}

/** Adds a piece that is made of another function. */
export function pushPiece(to: PiecewiseSlope, from: PiecewiseSlope, piece: Piece): void {
  const { left, right, scale, shift, gain, offset } = piece;
  if (!(left < right - equal_c)) return;
  if (gain === 0) {
    push(to, left, offset);
    return;
  }
  const { breakpoints, slopes, count } = from;
  const start = scale * left + shift;
  const end = scale * right + shift;
  if (scale > 0) {
    let i = countBelow(from, start, true);
    push(to, left, gain * slopes[i] + offset);
    for (; i < count && breakpoints[i] < end; i++)
      push(to, (breakpoints[i] - shift) / scale, gain * slopes[i + 1] + offset);
  } else {
    let i = countBelow(from, start, false);
    push(to, left, gain * slopes[i] + offset);
    for (; i > 0 && breakpoints[i - 1] > end; i--)
      push(to, (breakpoints[i - 1] - shift) / scale, gain * slopes[i - 1] + offset);
  }
}

// They are many and short-lived: those of one solution serve the next.
const kept: PiecewiseSlope[] = [];
let taken = 0;
const room = 256;

/** One that holds nothing yet, until `give` or `giveAll`. */
export function take(): PiecewiseSlope {
  if (taken === kept.length)
    kept.push({ breakpoints: new Float64Array(room), slopes: new Float64Array(room), count: -1 });
  const one = kept[taken++];
  one.count = -1;
  return one;
}

/** Gives one back that is in use. */
export function give(one: PiecewiseSlope): void {
  const i = kept.lastIndexOf(one, taken - 1);
  kept[i] = kept[--taken];
  kept[taken] = one;
}

/** Gives all back: a new solution begins. */
export function giveAll(): void {
  taken = 0;
}

/** Makes room for that many slopes. */
export function reserve(one: PiecewiseSlope, slopes: number): void {
  if (slopes <= one.slopes.length) return;
  one.breakpoints = grown(one.breakpoints, slopes);
  one.slopes = grown(one.slopes, slopes);
}

function grown(values: Float64Array, length: number): Float64Array {
  const longer = new Float64Array(length);
  longer.set(values);
  return longer;
}

/** A function that turns out with a probability, moved to the right. */
export interface Outcome {
  readonly value: PiecewiseSlope;
  readonly probability: number;
  readonly shift_c: number;
}

/**
 * The mean of what may turn out. Steps that are lower than the tolerance allows are made one, at
 * their centre of gravity, so that repeated means do not grow without end: the slope is then nowhere further off
 * than that.
 *
 * @param to is overwritten
 * @param tolerance 0 for the exact mean; else the part of a slope (and of `smallSlope_eur_k`) that does not matter
 */
export function mean(to: PiecewiseSlope, outcomes: readonly Outcome[], tolerance: number): void {
  const index = new Int32Array(outcomes.length);
  let slope = 0;
  for (const { value, probability } of outcomes) slope += probability * value.slopes[0];
  to.count = -1;
  push(to, Number.NEGATIVE_INFINITY, slope);
  let gathered = slope; // slope up to which `to` is written
  let moment = 0; // of the steps gathered since,
  let start_c = 0; // the first of which is here
  for (;;) {
    let first = -1;
    let x = Number.POSITIVE_INFINITY;
    for (let i = 0; i < outcomes.length; i++) {
      const { value, shift_c } = outcomes[i];
      if (index[i] < value.count && value.breakpoints[index[i]] + shift_c < x) {
        x = value.breakpoints[index[i]] + shift_c;
        first = i;
      }
    }
    if (first < 0) break;
    const { value, probability } = outcomes[first];
    const rise = probability * (value.slopes[index[first] + 1] - value.slopes[index[first]]);
    index[first]++;
    if (slope > gathered && slope + rise - gathered > tolerance * (smallSlope_eur_k + Math.abs(gathered))) {
      push(to, Math.max(start_c, moment / (slope - gathered)), slope);
      gathered = slope;
      moment = 0;
    }
    if (slope === gathered) start_c = x;
    slope += rise;
    moment += rise * x;
  }
  if (slope > gathered) push(to, Math.max(start_c, moment / (slope - gathered)), slope);
}
