/** A valve position for a device that takes a setpoint alone. */

export interface SetpointRange {
  /** At 0 %, degrees C. */
  readonly low_c: number;
  /** At 100 %, degrees C. */
  readonly high_c: number;
  /** Proportional band of the device's own thermostat, K. */
  readonly span_k: number;
}

/**
 * The setpoint at which a thermostat opens about as far: above half it asks for more than the device measures, below
 * half for less, measured + span (opening - 50) / 50. Without a measurement only more or less than half counts.
 *
 * @param local_c what the device itself measures, degrees C
 */
export function setpointOf(
  opening_percent: number,
  local_c: number | undefined,
  { low_c, high_c, span_k }: SetpointRange,
): number {
  if (opening_percent <= 0) return low_c;
  if (opening_percent >= 100) return high_c;
  if (local_c === undefined) return opening_percent < 50 ? low_c : high_c;
  return Math.min(high_c, Math.max(low_c, local_c + (span_k * (opening_percent - 50)) / 50));
}
