/** The physics of a house: heat capacities joined by conductances, and where heat enters. */

/** A part of the house that has one temperature. */
export interface ThermalNode {
  /** `air` with furniture; `emitter`: screed, radiator with its water; `walls`: what faces the room; `core`: what lies behind. */
  readonly name: "air" | "emitter" | "walls" | "core";
  readonly C_j_k: number; // heat capacity
  readonly H_e_w_k: number; // conductance to outdoor air
  readonly H_g_w_k: number; // conductance to the ground
  /** Shares of the heater's heat, of the sun through the windows and of internal gains that enter here. */
  readonly heat: number;
  readonly sun: number;
  readonly internal: number;
  /** Weight in the operative temperature. */
  readonly operative: number;
}

/** A conductance between two nodes, given by their places in `nodes`. */
export interface ThermalLink {
  readonly between: readonly [number, number];
  readonly H_w_k: number;
}

/**
 * A network of 1 to 4 nodes, the first being the air. Node i follows
 *
 *     C_i dT_i/dt = sum_j H_ij (T_j - T_i) + H_e,i (theta_e - T_i) + H_g,i (theta_g - T_i) + shares of heat, sun, gains
 */
export interface HousePhysics {
  readonly nodes: readonly ThermalNode[];
  readonly links: readonly ThermalLink[];
  readonly theta_g_c: number; // ground; does not matter where no node touches it
}

const mostNodes = 4;

/**
 * Checks a network.
 *
 * @throws RangeError naming the field and the value: no or too many nodes, a first node that is not the air, a
 *   capacity that is not positive, a negative conductance or share, a link to a node that is not there
 */
export function checkPhysics({ nodes, links, theta_g_c }: HousePhysics): void {
  if (nodes.length < 1 || nodes.length > mostNodes)
    throw new RangeError(`nodes must be 1 to ${mostNodes}, got ${nodes.length}`);
  if (nodes[0].name !== "air") throw new RangeError(`nodes[0].name must be air, got ${nodes[0].name}`);
  if (!Number.isFinite(theta_g_c)) throw new RangeError(`theta_g_c must be finite, got ${theta_g_c}`);
  for (const [i, { name: _, ...quantities }] of nodes.entries()) {
    for (const [field, value] of Object.entries(quantities)) {
      if (!(value >= 0 && value < Number.POSITIVE_INFINITY) || (field === "C_j_k" && value === 0))
        throw new RangeError(
          `nodes[${i}].${field} must be ${field === "C_j_k" ? "> 0" : ">= 0"}, got ${value}`,
        );
    }
  }
  for (const [i, { between, H_w_k }] of links.entries()) {
    if (!(H_w_k >= 0 && H_w_k < Number.POSITIVE_INFINITY))
      throw new RangeError(`links[${i}].H_w_k must be >= 0, got ${H_w_k}`);
    if (between[0] === between[1] || between.some((node) => nodes[node] === undefined))
      throw new RangeError(
        `links[${i}].between must be two of ${nodes.length} nodes, got ${between.join(", ")}`,
      );
  }
}

/**
 * Conductances as a matrix: `K T` is the heat that leaves each node, W, when outdoors and ground are at 0.
 *
 * @returns n x n, row by row
 */
export function conductanceMatrix({ nodes, links }: HousePhysics): Float64Array {
  const n = nodes.length;
  const K = new Float64Array(n * n);
  for (const [i, { H_e_w_k, H_g_w_k }] of nodes.entries()) K[i * n + i] = H_e_w_k + H_g_w_k;
  for (const {
    between: [i, j],
    H_w_k,
  } of links) {
    K[i * n + i] += H_w_k;
    K[j * n + j] += H_w_k;
    K[i * n + j] -= H_w_k;
    K[j * n + i] -= H_w_k;
  }
  return K;
}
