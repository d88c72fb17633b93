import type { ZoneEstimate } from "@azru/contracts";
import type { MassEstimate } from "@azru/identification";

/** An estimate as it is told and stored. */
export function zoneEstimate({ theta_m_c, theta_m_sd_k, phi_u_w, phi_u_sd_w }: MassEstimate): ZoneEstimate {
  return {
    mass_temperature: theta_m_c,
    mass_temperature_sd: theta_m_sd_k,
    unknown_gains: phi_u_w,
    unknown_gains_sd: phi_u_sd_w,
  };
}
