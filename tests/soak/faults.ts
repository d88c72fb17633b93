/** What goes wrong, and when: drawn from a seed. */
import { uniform } from "@azru/control/testing";

/** What is alive and wrong. */
const wrongKinds = [
  "sensor says 5",
  "sensor says 30",
  "heater does not heat",
  "heater does not stop",
  "plans never heat",
  "plans always heat",
] as const;

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
  "bad fields",
  "invented rooms",
  "second core",
  "clock a year ahead and back",
  ...wrongKinds,
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** First step that it befalls, and how many. */
  readonly atStep: number;
  readonly steps: number;
}

const quiet_steps = 8; // at both ends, so that beginning and end can be compared
const longest_steps = 4;
/** What is alive and wrong does harm over hours. */
const longestWrong_steps = 16;
const wrong: ReadonlySet<FaultKind> = new Set(wrongKinds);

/**
 * Faults one after the other, every kind equally often, in an order and at times drawn from the seed.
 *
 * @param count of faults; as many as there is room for are dealt out
 */
export function dealFaults(seed: number, steps: number, count: number): Fault[] {
  const random = uniform(seed);
  const room = Math.floor((steps - 2 * quiet_steps) / count);
  if (room <= longest_steps + 1) throw new RangeError(`no room for ${count} faults in ${steps} steps`);
  const kinds = Array.from({ length: count }, (_, i) => faultKinds[i % faultKinds.length]);
  for (let i = kinds.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [kinds[i], kinds[j]] = [kinds[j], kinds[i]];
  }
  return kinds.map((kind, i) => {
    const longest = wrong.has(kind) ? Math.min(longestWrong_steps, room - 3) : longest_steps;
    const length = 1 + Math.floor(random() * longest);
    const atStep = quiet_steps + i * room + Math.floor(random() * (room - length - 1));
    return { kind, atStep, steps: length };
  });
}
