/** From the physics of a house to its step, exactly. */
import { exponential, product, solve } from "./matrix.ts";
import type { StateSpace } from "./state-space.ts";
import { checkPhysics, conductanceMatrix, type HousePhysics } from "./thermal-network.ts";

/** The temperature that a house is asked for: the air's mean over a step or at its end, or the operative one's mean. */
export type HouseOutput = "air" | "airAtEnd" | "operative";

/**
 * The step of a house whose inputs are constant within it (zero-order hold).
 *
 * The ground is not among the disturbances of a `StateSpace`: add `groundGains_w` to the internal gains.
 *
 * @throws RangeError as `checkPhysics` does, or when `dtSeconds` is not positive and finite
 * @see Franklin, Powell, Workman, Digital Control of Dynamic Systems, 4.3
 */
export function discretise(
  physics: HousePhysics,
  dtSeconds: number,
  output: HouseOutput = "air",
): StateSpace {
  checkPhysics(physics);
  if (!(dtSeconds > 0 && dtSeconds < Number.POSITIVE_INFINITY))
    throw new RangeError(`dtSeconds must be > 0, got ${dtSeconds}`);
  const { nodes } = physics;
  const n = nodes.length;
  const perCapacity = (i: number) => dtSeconds / nodes[i].C_j_k;
  const M = conductanceMatrix(physics).map((H, place) => -H * perCapacity(Math.floor(place / n)));
  // Inputs: heat, outdoor temperature, sun, internal gains.
  const B = Float64Array.from(
    nodes.flatMap(({ heat, H_e_w_k, sun, internal }, i) =>
      [heat, H_e_w_k, sun, internal].map((share) => share * perCapacity(i)),
    ),
  );
  const { exp, phi1, phi2 } = exponential(M, n);
  const end = product(phi1, B, n);
  const weights = nodes.map(({ operative }, i) => (output === "operative" ? operative : i === 0 ? 1 : 0));
  const [C, DF] = output === "airAtEnd" ? [exp, end] : [phi1, product(phi2, B, n)];
  const c = Array.from({ length: n }, (_, j) => weights.reduce((sum, w, i) => sum + w * C[i * n + j], 0));
  const [D, ...F] = [0, 1, 2, 3].map((j) => weights.reduce((sum, w, i) => sum + w * DF[i * 4 + j], 0));
  return {
    dtSeconds,
    A: [...exp],
    b: nodes.map((_, i) => end[4 * i]),
    E: nodes.flatMap((_, i) => [end[4 * i + 1], end[4 * i + 2], end[4 * i + 3]]),
    c,
    D: D,
    F,
  };
}

/** Of physics asked for before: a house is asked in every step, and its physics do not change. */
const knownGround_w = new WeakMap<HousePhysics, number>();

/** Internal gains that warm the air in the long run as the ground does, W. */
export function groundGains_w(physics: HousePhysics): number {
  const known = knownGround_w.get(physics);
  if (known !== undefined) return known;
  const value = solvedGround_w(physics);
  knownGround_w.set(physics, value);
  return value;
}

function solvedGround_w(physics: HousePhysics): number {
  const { nodes, theta_g_c } = physics;
  if (nodes.every(({ H_g_w_k }) => H_g_w_k === 0)) return 0;
  const sources = nodes.flatMap(({ H_g_w_k, internal }) => [H_g_w_k, internal]);
  const rises = solve(conductanceMatrix(physics), sources, nodes.length);
  return (theta_g_c * rises[0]) / rises[1];
}

/**
 * Heat that keeps the air 1 K above outdoors and ground when nothing changes any more and it enters the air, W/K.
 */
export function lossOf_w_k(physics: HousePhysics): number {
  const n = physics.nodes.length;
  const intoAir = Float64Array.from({ length: n }, (_, i) => (i === 0 ? 1 : 0));
  return 1 / solve(conductanceMatrix(physics), intoAir, n)[0];
}
