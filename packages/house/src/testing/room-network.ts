/** Several rooms of one house, joined through inner walls and doors: each heated by itself. */
import { exponential, product } from "../matrix.ts";
import { checkPhysics, conductanceMatrix, type HousePhysics } from "../thermal-network.ts";

/** A conductance between the air of two rooms, given by their places: inner wall and door. */
export interface RoomLink {
  readonly between: readonly [number, number];
  readonly H_w_k: number;
}

/** Rooms, each a network of its own, and what joins them. */
export interface RoomNetwork {
  readonly rooms: readonly HousePhysics[];
  readonly links: readonly RoomLink[];
}

/** What acts on the rooms in a step: one value a room, means over the step. */
export interface RoomForces {
  readonly theta_e_c: number; // outdoor air
  readonly phi_HC_w: ArrayLike<number>; // heat of the room's heater
  readonly phi_sol_w: ArrayLike<number>; // solar gains through its windows
  readonly phi_int_w: ArrayLike<number>; // internal gains
}

export interface RoomStep {
  readonly dtSeconds: number;
  /** Place of each room's air among the states. */
  readonly air: readonly number[];
  /** Heat capacity of each state, J/K. */
  readonly C_j_k: readonly number[];
  /** The states at the end of a step, degrees C. */
  next(x_c: ArrayLike<number>, forces: RoomForces): Float64Array;
}

/**
 * The step of rooms whose inputs are constant within it (zero-order hold), solved exactly. States are the nodes of the
 * rooms one after the other, each room's air first.
 *
 * @throws RangeError as `checkPhysics` does, and for a link that joins no two rooms or has a negative conductance
 */
export function discretiseRooms({ rooms, links }: RoomNetwork, dtSeconds: number): RoomStep {
  if (!(dtSeconds > 0 && dtSeconds < Number.POSITIVE_INFINITY))
    throw new RangeError(`dtSeconds must be > 0, got ${dtSeconds}`);
  const air = placesOf(rooms);
  const nodes = rooms.flatMap((room) => room.nodes);
  const n = nodes.length;
  const K = coupledMatrix({ rooms, links }, air, n);
  const perCapacity = (i: number) => dtSeconds / nodes[i].C_j_k;
  const { exp, phi1 } = exponential(
    K.map((H, place) => -H * perCapacity(Math.floor(place / n))),
    n,
  );
  const roomOf = rooms.flatMap(({ nodes: own }, room) => own.map(() => room));
  return {
    dtSeconds,
    air,
    C_j_k: nodes.map(({ C_j_k }) => C_j_k),
    next(x_c, { theta_e_c, phi_HC_w, phi_sol_w, phi_int_w }) {
      const rise_k = Float64Array.from(nodes, ({ heat, sun, internal, H_e_w_k, H_g_w_k }, i) => {
        const room = roomOf[i];
        const flow_w = heat * phi_HC_w[room] + sun * phi_sol_w[room] + internal * phi_int_w[room];
        const outside_w = H_e_w_k * theta_e_c + H_g_w_k * rooms[room].theta_g_c;
        return perCapacity(i) * (flow_w + outside_w);
      });
      const forced = product(phi1, rise_k, n);
      return product(exp, x_c, n).map((free, i) => free + forced[i]);
    },
  };
}

function placesOf(rooms: readonly HousePhysics[]): number[] {
  const places: number[] = [];
  let next = 0;
  for (const room of rooms) {
    checkPhysics(room);
    places.push(next);
    next += room.nodes.length;
  }
  return places;
}

function coupledMatrix({ rooms, links }: RoomNetwork, air: readonly number[], n: number): Float64Array {
  const K = new Float64Array(n * n);
  for (const [room, physics] of rooms.entries()) {
    const own = conductanceMatrix(physics);
    const m = physics.nodes.length;
    for (let i = 0; i < m; i++)
      for (let j = 0; j < m; j++) K[(air[room] + i) * n + air[room] + j] = own[i * m + j];
  }
  for (const [place, { between, H_w_k }] of links.entries()) {
    if (!(H_w_k >= 0 && H_w_k < Number.POSITIVE_INFINITY))
      throw new RangeError(`links[${place}].H_w_k must be >= 0, got ${H_w_k}`);
    const [i, j] = between.map((room) => air[room]);
    if (i === undefined || j === undefined || i === j)
      throw new RangeError(
        `links[${place}].between must be two of ${rooms.length} rooms, got ${between.join(", ")}`,
      );
    K[i * n + i] += H_w_k;
    K[j * n + j] += H_w_k;
    K[i * n + j] -= H_w_k;
    K[j * n + i] -= H_w_k;
  }
  return K;
}
