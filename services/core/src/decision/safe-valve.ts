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

/** A limit that was crossed holds until the air is so far within it: a sensor's noise would switch the heating on and off. */
const release_k = 0.5;

/** The same, of a home that was held to `held` before. */
export function heldLimitAt(theta_air_c: number | undefined, held: Limit | undefined): Limit | undefined {
  if (theta_air_c === undefined) return undefined;
  if (held === "frost" && theta_air_c < frostLimit_c + release_k) return "frost";
  if (held === "upper" && theta_air_c > upperLimit_c - release_k) return "upper";
  return limitAt(theta_air_c);
}

/**
 * The valve position to send, 0 to 1: what was decided, unless a limit says otherwise.
 *
 * @param theta_air_c undefined where nobody knows it
 * @param held the limit that the home was held to before
 * @throws RangeError when `valve` is not within 0..1
 */
export function safeValve(valve: number, theta_air_c: number | undefined, held?: Limit): number {
  if (!(valve >= 0 && valve <= 1)) throw new RangeError(`valve must be within 0..1, got ${valve}`);
  switch (heldLimitAt(theta_air_c, held)) {
    case "frost":
      return 1;
    case "upper":
      return 0;
    default:
      return valve;
  }
}
