const lasts_h = 12; // correlation time of a forecast's temperature error

/**
 * The forecast of the outdoor temperature, moved by the error that it was measured to have in the step just past;
 * the error is foreseen to fade.
 *
 * @param theta_e_c one value a step from now on, degrees C
 * @param error_k measured less foreseen
 */
export function nowcast_c(theta_e_c: Float64Array, error_k: number, dtSeconds: number): Float64Array {
  const fading = Math.exp(-dtSeconds / 3600 / lasts_h);
  return theta_e_c.map((foreseen_c, k) => foreseen_c + error_k * fading ** (k + 1));
}
