/** How much heat holds a temperature when nobody can measure it. */
import type { AffineStep } from "@azru/physics";

/**
 * Heat that keeps the air at a temperature for good, W: the steady state of the model, solved for the heat.
 * Never below 0.
 */
export function holdingPower_w(
  { a, bq, bo, bi, c, dq, do: d_o, di }: AffineStep,
  theta_air_c: number,
  theta_e_c: number,
  phi_int_w: number,
): number {
  const mass_c = (bo * theta_e_c + bi * phi_int_w) / (1 - a);
  const air_c = c * mass_c + d_o * theta_e_c + di * phi_int_w;
  return Math.max(0, (theta_air_c - air_c) / (dq + (c * bq) / (1 - a)));
}
