/** What goes wrong, and when: drawn from a seed. */

/** What may befall a home. */
export const faultKinds = [
  "optimiser killed",
  "optimiser hangs",
  "broker restarted",
  "core killed",
  "core restarted",
  "store refuses",
  "store hangs",
  "store cuts connections",
  "sensor wild",
  "sensor silent",
  "sensor frozen",
  "garbage on every topic",
  "flood of measurements",
  "clock jumps ahead",
  "valve by hand",
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** First step that it befalls, and how many. */
  readonly atStep: number;
  readonly steps: number;
}

/** A generator of numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const quiet_steps = 8; // at both ends, so that beginning and end can be compared
const longest_steps = 4;

/**
 * Faults one after the other, every kind equally often, in an order and at times drawn from the seed.
 *
 * @param count of faults; as many as there is room for are dealt out
 */
export function dealFaults(seed: number, steps: number, count: number): Fault[] {
  const random = randomFrom(seed);
  const room = Math.floor((steps - 2 * quiet_steps) / count);
  if (room <= longest_steps + 1) throw new RangeError(`no room for ${count} faults in ${steps} steps`);
  const kinds = Array.from({ length: count }, (_, i) => faultKinds[i % faultKinds.length]);
  for (let i = kinds.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [kinds[i], kinds[j]] = [kinds[j], kinds[i]];
  }
  return kinds.map((kind, i) => {
    const length = 1 + Math.floor(random() * longest_steps);
    const atStep = quiet_steps + i * room + Math.floor(random() * (room - length - 1));
    return { kind, atStep, steps: length };
  });
}
