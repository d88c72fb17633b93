import type { Disturbances } from "@azru/simulation";

/** The same disturbances, acting by so much later. */
export function shifted(disturbances: Disturbances, shift_ms: number): Disturbances {
  return { ...disturbances, startMs: disturbances.startMs + shift_ms };
}
