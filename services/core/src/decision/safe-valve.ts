/** The limits that hold in every mode, enforced last and only here. */

/** Below this air temperature the valve opens, whatever anybody says: pipes must not freeze. */
export const frostLimit_c = 8;
/** Above this air temperature the valve closes, whatever anybody says. */
export const upperLimit_c = 30;

export type Limit = "frost" | "upper";

/** The limit that a home at this air temperature is held to; none where the temperature is not known. */
export function limitAt(theta_air_c: number | undefined): Limit | undefined {
  if (theta_air_c === undefined) return undefined;
  if (theta_air_c < frostLimit_c) return "frost";
  return theta_air_c > upperLimit_c ? "upper" : undefined;
}

/**
 * The valve position to send, 0 to 1: what was decided, unless a limit says otherwise.
 *
 * @param theta_air_c undefined where nobody knows it
 * @throws RangeError when `valve` is not within 0..1
 */
export function safeValve(valve: number, theta_air_c: number | undefined): number {
  if (!(valve >= 0 && valve <= 1)) throw new RangeError(`valve must be within 0..1, got ${valve}`);
  switch (limitAt(theta_air_c)) {
    case "frost":
      return 1;
    case "upper":
      return 0;
    default:
      return valve;
  }
}
