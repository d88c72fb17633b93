/** Gains that people and appliances bring at the same hours every day. */

/** Coefficients of cosine and sine of 24, 12 and 8 h, W: what is known of them before. */
export const rhythmPrior = { count: 6, mean: 0, sd: 100 };

/**
 * A day's gains from their coefficients. Without them, a stove that burns every evening looks like a wall that
 * leaks every morning.
 *
 * @param steps of a day
 * @returns a function to one value a step, W, mean zero; it hands out the same array again and again
 */
export function dailyRhythm(steps: number): (coefficients: Float64Array) => Float64Array {
  const waves = Array.from({ length: rhythmPrior.count }, (_, i) => {
    const wave = i % 2 === 0 ? Math.cos : Math.sin;
    const harmonic = 1 + (i >> 1);
    return Float64Array.from({ length: steps }, (_, k) => wave((2 * Math.PI * harmonic * k) / steps));
  });
  const gains_w = new Float64Array(steps);
  return (coefficients) => {
    gains_w.fill(0);
    for (const [i, wave] of waves.entries()) {
      for (let k = 0; k < steps; k++) gains_w[k] += coefficients[i] * wave[k];
    }
    return gains_w;
  };
}
