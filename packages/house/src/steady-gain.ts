/** What heat does to a house in the long run. */
import { solve } from "./matrix.ts";
import type { StateSpace } from "./state-space.ts";

/** How far a watt of heat for good lifts the temperature that comfort is asked of: `D + c (I - A)^-1 b`, K/W. */
export function steadyGain_k_w({ A, b, c, D }: StateSpace): number {
  const n = b.length;
  const remaining = Float64Array.from(A, (a, i) => (i % (n + 1) === 0 ? 1 : 0) - a);
  const rises = solve(remaining, b, n);
  return c.reduce((sum, ci, i) => sum + ci * rises[i], D);
}
