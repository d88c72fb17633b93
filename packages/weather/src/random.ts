/**
 * Random numbers that can be looked up: the value of (seed, stream, index) is always the same, whatever was
 * asked before, so that a generated year does not depend on where a request begins.
 */

/**
 * MurmurHash3_x86_32 of a block of 32-bit words; a good mixer used as a counter-based generator.
 *
 * @see Appleby, A. (2011), SMHasher, MurmurHash3.cpp
 */
export function murmur3(words: readonly number[], seed: number): number {
  let h = seed | 0;
  for (const word of words) {
    let k = Math.imul(word, 0xcc9e2d51);
    k = (k << 15) | (k >>> 17);
    h ^= Math.imul(k, 0x1b873593);
    h = (h << 13) | (h >>> 19);
    h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  }
  h ^= words.length * 4;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Uniform on (0, 1). */
function uniform(seed: number, stream: number, index: number, draw: number): number {
  return (murmur3([stream, index, draw], seed) + 0.5) / 2 ** 32;
}

/** Standard normal. @see Box, G. E. P. and Muller, M. E. (1958), Ann. Math. Statist. 29 */
function normal(seed: number, stream: number, index: number): number {
  const radius = Math.sqrt(-2 * Math.log(uniform(seed, stream, index, 0)));
  return radius * Math.cos(2 * Math.PI * uniform(seed, stream, index, 1));
}

/**
 * A stationary first-order autoregression of unit variance, from `first` on: x[i] = phi x[i-1] + noise[i],
 * as a moving average over the noise of the last indices (to 1e-3 of the weight), so that x[i] does not
 * depend on `first`.
 *
 * @param phi correlation of neighbours, 0 to below 1
 */
export function autoregression(
  seed: number,
  stream: number,
  phi: number,
  first: number,
  count: number,
): Float64Array {
  const memory = phi > 0 ? Math.ceil(Math.log(1e-3) / Math.log(phi)) : 1;
  const noise = new Float64Array(count + memory - 1);
  for (let i = 0; i < noise.length; i++) noise[i] = normal(seed, stream, first - memory + 1 + i);
  const weights = Float64Array.from({ length: memory }, (_, lag) => phi ** lag);
  const norm = Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let lag = 0; lag < memory; lag++) sum += weights[lag] * noise[i + memory - 1 - lag];
    values[i] = sum / norm;
  }
  return values;
}

/**
 * The process between its values, at a fractional index: a straight line, scaled so that the variance stays
 * 1 (halfway between two correlated values a line varies less than they do).
 *
 * @param phi the correlation of neighbours that `values` were made with
 */
export function blended(values: Float64Array, index: number, phi: number): number {
  const before = Math.floor(index);
  const f = index - before;
  if (f === 0) return values[before];
  const variance = (1 - f) ** 2 + f ** 2 + 2 * f * (1 - f) * phi;
  return ((1 - f) * values[before] + f * values[before + 1]) / Math.sqrt(variance);
}
