/** The lowest point of a function of one number. */

const points = 13; // of the grid that finds the valley
const golden = (Math.sqrt(5) - 1) / 2;
const shrinks = 16; // of the bracket around it, to a two-thousandth

/**
 * The least value on `[from, to]`: the best point of an even grid, then golden section between its neighbours.
 * Finds the lowest valley if it is wider than a step of the grid.
 *
 * @see Kiefer, J. (1953), Sequential minimax search for a maximum, Proc. AMS 4
 */
export function lowest(f: (x: number) => number, from: number, to: number): { at: number; value: number } {
  const step = (to - from) / (points - 1);
  let best = { at: from, value: Number.POSITIVE_INFINITY };
  const consider = (at: number) => {
    const value = f(at);
    if (value < best.value) best = { at, value };
    return value;
  };
  for (let i = 0; i < points; i++) consider(from + i * step);
  let low = Math.max(from, best.at - step);
  let high = Math.min(to, best.at + step);
  let [a, b] = [high - golden * (high - low), low + golden * (high - low)];
  let [fa, fb] = [consider(a), consider(b)];
  for (let i = 0; i < shrinks; i++) {
    if (fa < fb) {
      [high, b, fb] = [b, a, fa];
      a = high - golden * (high - low);
      fa = consider(a);
    } else {
      [low, a, fa] = [a, b, fb];
      b = low + golden * (high - low);
      fb = consider(b);
    }
  }
  return best;
}
