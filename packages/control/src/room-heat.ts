/** How the heat that a plan gives a home is shared among its rooms. */
import { piLaw } from "./pi.ts";

/** A heated room at one moment. */
export interface SharedRoom {
  /** Heat of its heaters with all of them on, W. */
  readonly rated_w: number;
  /** Undefined where nobody knows it: the room then gets its usual share. */
  readonly theta_air_c: number | undefined;
  /** What the room is to be kept above, now or soon. */
  readonly setpoint_c: number;
  /** Above it the room gets no heat. */
  readonly max_c: number;
  /** Gets no heat whatever its temperature: its window is open. */
  readonly isClosed?: boolean;
}

/**
 * The share of each room's power that its heaters are on, 0 to 1, in the order of the rooms.
 *
 * @param dtSeconds since the call before
 */
export type ShareHeat = (rooms: readonly SharedRoom[], heat_w: number, dtSeconds: number) => number[];

/** Hours over which what a room needs more or less than its part is learnt, and the most of it. */
const balance = { integral_h: 4, most: 0.5 };
const floor_h = 1; // integral time of what keeps a room at its setpoint
/**
 * Of a difference so much is made up for within a step. A command holds for a step and follows a temperature that may be a
 * step old: with that delay the control of a difference is stable below 1, and half of it is the usual gain margin of 2.
 */
const madeUp = 0.5;

/** What the sharing follows. */
export interface RoomSharingOptions {
  /** By how much full heat lifts the air of a room within a step, K. */
  readonly lift_k: number;
  /** A room is held so far above its setpoint, K. */
  readonly above_k: number;
}

/**
 * Shares heat among rooms so that all stand equally far above their own setpoints:
 *
 *     d_i = clamp(L + k (e - e_i) + I_i, g_i, 1)      with L such that sum_i d_i P_i = Q
 *
 * `e_i` is how far a room is above its setpoint, `e` the mean of the rooms by their power; `I_i` integrates
 * `k (e - e_i)` over 4 h: it is what the room needs more or less than its part by rated power. `g_i` is what keeps a room at its
 * setpoint (PI control, `above_k` above it): it is given even where the plan has less heat for all. A room above its warmest temperature and one that is closed get nothing. Each instance has its own memory of
 * the rooms, which stay the same in number and order. Of a difference half is made up for within a step: `k = 0.5 / lift`.
 */
export function createRoomSharing(count: number, { lift_k, above_k }: RoomSharingOptions): ShareHeat {
  if (!(lift_k > 0)) throw new RangeError(`lift_k must be > 0, got ${lift_k}`);
  const gain_per_k = madeUp / lift_k;
  const floor = { gain_per_k, integral_h: floor_h };
  const integral = new Float64Array(count);
  const keep = Array.from({ length: count }, () => piLaw(floor));

  return (rooms, heat_w, dtSeconds) => {
    if (rooms.length !== count) throw new RangeError(`rooms must be ${count}, got ${rooms.length}`);
    const surplus_k = surplusOf(rooms);
    const bounds = rooms.map((room, i) =>
      boundsOf(room, (theta_air_c) => keep[i](room.setpoint_c + above_k - theta_air_c, dtSeconds)),
    );
    const wanted = surplus_k.map((k, i) => gain_per_k * -k + integral[i]);
    const duties = levelled(rooms, bounds, wanted, heat_w);
    for (const [i, duty] of duties.entries()) {
      const { least, most } = bounds[i];
      if (duty <= least || duty >= most) continue;
      const moved = (-surplus_k[i] * gain_per_k * dtSeconds) / 3600 / balance.integral_h;
      integral[i] = Math.min(balance.most, Math.max(-balance.most, integral[i] + moved));
    }
    return duties;
  };
}

/** How much farther above its setpoint each room is than the rooms' mean, K; 0 where its temperature is not known. */
function surplusOf(rooms: readonly SharedRoom[]): number[] {
  let sum = 0;
  let power_w = 0;
  for (const { rated_w, theta_air_c, setpoint_c, isClosed } of rooms) {
    if (theta_air_c === undefined || isClosed) continue;
    sum += rated_w * (theta_air_c - setpoint_c);
    power_w += rated_w;
  }
  const mean_k = power_w > 0 ? sum / power_w : 0;
  return rooms.map(({ theta_air_c, setpoint_c }) =>
    theta_air_c === undefined ? 0 : theta_air_c - setpoint_c - mean_k,
  );
}

interface DutyBounds {
  readonly least: number;
  readonly most: number;
}

function boundsOf(
  { theta_air_c, max_c, isClosed }: SharedRoom,
  leastAt: (theta_air_c: number) => number,
): DutyBounds {
  if (isClosed) return { least: 0, most: 0 };
  if (theta_air_c === undefined) return { least: 0, most: 1 };
  const least = leastAt(theta_air_c);
  return theta_air_c > max_c ? { least: 0, most: 0 } : { least, most: 1 };
}

const halvings = 40; // of a level that is within a few units: to 1e-11

/** `clamp(L + wanted)` with the level L at which the rooms together get the heat, as far as their bounds allow. */
function levelled(
  rooms: readonly SharedRoom[],
  bounds: readonly DutyBounds[],
  wanted: readonly number[],
  heat_w: number,
): number[] {
  const at = (level: number) =>
    wanted.map((own, i) => Math.min(bounds[i].most, Math.max(bounds[i].least, level + own)));
  const heatAt_w = (level: number) => at(level).reduce((sum, duty, i) => sum + duty * rooms[i].rated_w, 0);
  let low = -Math.max(0, ...wanted);
  let high = 1 - Math.min(0, ...wanted);
  for (let i = 0; i < halvings; i++) {
    const middle = (low + high) / 2;
    if (heatAt_w(middle) < heat_w) low = middle;
    else high = middle;
  }
  return at(heatAt_w(low) >= heat_w ? low : high);
}
