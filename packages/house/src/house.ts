/** All that is known of a house: its physics, and what of sun, heater and people reaches it. Plain data. */
import { housePhysicsOf, type PhysicalBuilding } from "./building-physics.ts";
import { discretise, groundGains_w, type HouseOutput } from "./discretise.ts";
import type { StateSpace } from "./state-space.ts";
import type { HousePhysics } from "./thermal-network.ts";

export interface House {
  readonly physics: HousePhysics;
  readonly aperture: number; // factor on the sun through the building file's windows
  readonly heaterPower_w: number; // heat with the valve open
  readonly gains_w: number; // of people and things, mean of a day
  /** Their daily rhythm: coefficients of cosine and sine of 24, 12 and 8 h of the hour of the day, W. */
  readonly rhythm_w: readonly number[];
}

/** A house as its building file has it. Throws RangeError as `createZone` does. */
export function houseOf(building: PhysicalBuilding & { readonly internalGains_w: number }): House {
  return {
    physics: housePhysicsOf(building),
    aperture: 1,
    heaterPower_w: building.heating.maxPower_w,
    gains_w: building.internalGains_w,
    rhythm_w: [],
  };
}

/** The step of a house; its internal gains are `gainsAt_w`, its sun is that of the windows times `aperture`. */
export function modelOf({ physics }: House, dtSeconds: number, output?: HouseOutput): StateSpace {
  return discretise(physics, dtSeconds, output);
}

/**
 * Internal gains to step a house with, W: people and things by the hour of the day, and what the ground gives.
 *
 * @param hour of the day, home time, 0 to 24
 */
export function gainsAt_w({ physics, gains_w, rhythm_w }: House, hour: number): number {
  return gains_w + groundGains_w(physics) + rhythmAt_w(rhythm_w, hour);
}

/** The rhythm of gains at an hour of the day, W, mean zero. */
export function rhythmAt_w(rhythm_w: ArrayLike<number>, hour: number): number {
  let sum = 0;
  for (let i = 0; i < rhythm_w.length; i++) sum += rhythm_w[i] * rhythmWave(i, hour);
  return sum;
}

/** The i-th wave of a rhythm. */
export function rhythmWave(i: number, hour: number): number {
  const phase = (2 * Math.PI * (1 + (i >> 1)) * hour) / 24;
  return i % 2 === 0 ? Math.cos(phase) : Math.sin(phase);
}
