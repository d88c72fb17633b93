import { randomLcg, randomNormal } from "d3-random";

const goldenRatio = (1 + Math.sqrt(5)) / 2; // spreads neighbouring seeds over 0..1

/**
 * Errors of thermometers, K: normal, one a call.
 *
 * @param noise_k their standard deviation
 * @param seed whole number that they follow from
 */
export function sensorError_k({ noise_k, seed }: { noise_k: number; seed: number }): () => number {
  return randomNormal.source(randomLcg((seed * goldenRatio) % 1))(0, noise_k);
}
