import type { History } from "./history.ts";
import type { CalibratableBuilding } from "./house.ts";
import { type Estimate, interval } from "./identification.ts";

/**
 * The heater's power over the file's as meter and valve say of each other: least squares through the origin.
 *
 * @returns undefined without a meter, or where the valve was not open for two known steps
 */
export function meteredPower(
  { heating }: CalibratableBuilding,
  { phi_HC_w, valve }: History,
): Estimate | undefined {
  if (!phi_HC_w) return undefined;
  let uu = 0;
  let uq = 0;
  let qq = 0;
  let count = 0;
  for (let k = 0; k < valve.length; k++) {
    const u = valve[k];
    const q = phi_HC_w[k] / heating.maxPower_w;
    if (!(u * q > 0)) continue; // off, or unknown
    uu += u * u;
    uq += u * q;
    qq += q * q;
    count++;
  }
  if (count < 2) return undefined;
  const value = uq / uu;
  const variance = Math.max(0, qq - value * uq) / (count - 1) / uu;
  return { name: "heaterPower", ...interval(value, variance), shrinkage: 1 };
}
